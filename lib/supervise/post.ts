// A post of the scan directory: a service or a logger, and the supervisor that works there, when one does.

import type { ByteString } from "../bytes.ts";
import type { Environment } from "../environment.ts";
import type { Cancel } from "../os/os.ts";
import { textOf } from "../report.ts";
import type { Streams } from "./child.ts";
import type { End, LogPipe } from "./log_pipe.ts";
import type { ServiceView, SupervisePorts } from "./ports.ts";
import type { Locks } from "./state_dir.ts";
import { isUp } from "./status.ts";
import { Supervisor } from "./supervisor.ts";
import { Troubles } from "./troubles.ts";

/** What a post needs of its scanner. */
export interface Garrison {
  readonly ports: SupervisePorts;
  readonly environment: Environment;
  readonly locks: Locks;
  /** A descriptor of /dev/null. */
  readonly devNull: () => number;
  readonly onChange: () => void;
  readonly onEnd: (post: Post) => void;
}

export interface PostOptions {
  readonly name: ByteString;
  readonly isLogger: boolean;
  /** The pipe it shares with its partner, and the end that is its own. */
  readonly pipe?: { readonly pipe: LogPipe; readonly end: End } | undefined;
  /** Its standard error, if it is not ours. */
  readonly error?: number | undefined;
}

/** Milliseconds until a supervisor that ended, or could not be opened, is replaced. */
const REPLACE_AFTER = 1000;

export class Post {
  readonly name: ByteString;
  readonly isLogger: boolean;
  #supervisor: Supervisor | undefined;
  #replacement: Cancel | undefined;
  #holdsPipe = false;
  #detached = false;
  readonly #troubles: Troubles;

  constructor(
    private readonly scanner: Garrison,
    private directory: ByteString,
    private readonly options: PostOptions,
  ) {
    this.name = options.name;
    this.isLogger = options.isLogger;
    this.#troubles = new Troubles(`s6-supervise ${options.name}`, scanner.ports.report);
  }

  get isManned(): boolean {
    return this.#supervisor !== undefined;
  }

  /** Opens a supervisor; begin() lets it work. Reports why it cannot be opened. */
  open(): void {
    this.cancelReplacement();
    const { ports, environment, locks, onChange } = this.scanner;
    this.#detached = false;
    try {
      this.#supervisor = Supervisor.open(ports, {
        name: this.name,
        directory: this.directory,
        environment,
        locks,
        streams: () => this.#streams(),
        detach: () => this.#detach(),
        onChange,
        onEnd: () => this.#ended(),
      });
      this.#troubles.over("open");
      this.#holdsPipe = this.options.pipe?.pipe.hold(this.options.pipe.end) ?? false;
    } catch (error) {
      this.#troubles.again("open", textOf(error), "fatal");
    }
  }

  begin(): void {
    if (this.#supervisor === undefined) this.scanner.onEnd(this);
    else this.#supervisor.begin();
  }

  /** What a signal sent to the supervisor would do. */
  signal(event: "term" | "hup"): void {
    this.#supervisor?.handle({ on: event });
  }

  /** Opens a new supervisor in a second. */
  replaceLater(): void {
    this.#replacement ??= this.scanner.ports.reactor.after(REPLACE_AFTER, () => {
      this.#replacement = undefined;
      this.open();
      this.begin();
    });
  }

  cancelReplacement(): void {
    this.#replacement?.();
    this.#replacement = undefined;
  }

  /** The directory has been found under this path. */
  moveTo(directory: ByteString): void {
    this.directory = directory;
    this.#supervisor?.moveTo(directory);
  }

  /** The directory is no longer in the scan directory: what lives there is not replaced when it ends. */
  vanished(): void {
    this.cancelReplacement();
    this.#supervisor?.follow();
  }

  abandon(): void {
    this.cancelReplacement();
    this.#supervisor?.abandon();
    this.#supervisor = undefined;
    this.#releasePipe();
  }

  view(): ServiceView {
    const service = this.#supervisor?.service;
    return {
      name: this.name,
      directory: this.directory,
      isLogger: this.isLogger,
      supervised: service !== undefined,
      up: service !== undefined && isUp(service),
      ready: service?.ready ?? true,
      wantedUp: service?.wantedUp ?? false,
      pid: service?.pid ?? 0,
      lastStatus: service?.lastStatus ?? 0,
      failed: service?.failed ?? false,
    };
  }

  #streams(): Streams {
    const { pipe, error } = this.options;
    if (this.#detached) return { input: this.scanner.devNull(), output: this.scanner.devNull(), error };
    if (pipe === undefined) return { error };
    return pipe.end === "read" ? { input: pipe.pipe.read, error } : { output: pipe.pipe.write, error };
  }

  #detach(): void {
    this.#detached = true;
    this.#releasePipe();
  }

  #releasePipe(): void {
    if (this.#holdsPipe) this.options.pipe?.pipe.release(this.options.pipe.end);
    this.#holdsPipe = false;
  }

  #ended(): void {
    this.#supervisor = undefined;
    this.#releasePipe();
    this.scanner.onEnd(this);
  }
}
