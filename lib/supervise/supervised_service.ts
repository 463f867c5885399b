// A service or a logger of the scan directory, and its supervisor, when it has one.

import type { ByteString } from "../bytes.ts";
import type { Environment } from "../environment.ts";
import type { Cancel } from "../os/os.ts";
import { textOf } from "../report.ts";
import type { Streams } from "./child.ts";
import type { ServiceCommand } from "./control.ts";
import type { LogPipe, PipeEnd } from "./log_pipe.ts";
import type { ServiceView, SupervisePorts } from "./ports.ts";
import type { Service } from "./service.ts";
import type { ScannerOptions } from "./scanner_port.ts";
import type { Locks } from "./state_dir.ts";
import { isUp } from "./status.ts";
import { Supervisor } from "./supervisor.ts";
import { Troubles } from "./troubles.ts";

/** What a supervised service needs of its scanner. */
export interface ScannerPorts {
  readonly ports: SupervisePorts;
  readonly environment: Environment;
  readonly locks: Locks;
  /** A descriptor of /dev/null. */
  readonly devNull: () => number;
  /** Of the service of that name. */
  readonly onChange: (service: ByteString) => void;
  readonly onStep: ScannerOptions["onStep"];
  readonly printing: ScannerOptions["printing"];
  readonly onEnd: (member: SupervisedService) => void;
  readonly onOwnEnd: (member: SupervisedService, held: number) => void;
  /** Called when a supervisor that ended is to be replaced by openAgain(). */
  readonly onReplace: (member: SupervisedService) => void;
}

interface ServiceOptions {
  readonly name: ByteString;
  readonly isLogger: boolean;
  /** The pipe it shares with its partner, and the end that is its own. */
  readonly pipe?: { readonly pipe: LogPipe; readonly end: PipeEnd } | undefined;
  /** Its standard descriptors, where they are not ours. */
  readonly streams?: Streams | undefined;
}

/** Milliseconds until a supervisor that ended, or could not be opened, is replaced. */
const REPLACE_AFTER = 1000;
/** The longest pause, in milliseconds, between the death of a service and its next start. */
const PAUSE = 1000;

export class SupervisedService {
  readonly name: ByteString;
  readonly isLogger: boolean;
  private supervisor: Supervisor | undefined;
  private replacement: Cancel | undefined;
  private holdsPipe = false;
  private detached = false;
  /** It is to end, but to come up before. */
  private isEnding = false;
  private readonly troubles: Troubles;
  /** Made for the first one: most services have none at any time. */
  private listeners: Set<(letters: string) => void> | undefined;
  private readonly listen: ServiceView["listen"] = (heard) => {
    const listeners = this.listeners ??= new Set();
    listeners.add(heard);
    return () => void listeners.delete(heard);
  };

  constructor(
    private readonly scanner: ScannerPorts,
    private directory: ByteString,
    private readonly options: ServiceOptions,
  ) {
    this.name = options.name;
    this.isLogger = options.isLogger;
    this.troubles = new Troubles(`s6-supervise ${options.name}`, scanner.ports.report);
  }

  get isSupervised(): boolean {
    return this.supervisor !== undefined;
  }

  /** The path under which its directory was last found. */
  get place(): ByteString {
    return this.directory;
  }

  /** Opens a supervisor; begin() lets it work. Reports why it cannot be opened. */
  open(): void {
    this.cancelReplacement();
    const { ports, environment, locks, onStep } = this.scanner;
    this.detached = false;
    try {
      this.supervisor = Supervisor.open(ports, {
        name: this.name,
        directory: this.directory,
        environment,
        locks,
        streams: () => this.streams(),
        detach: () => this.detach(),
        onStep: onStep && ((event, before, after) => onStep(this.name, event, before, after)),
        onChange: () => this.changed(),
        onPublished: (letters) => this.listeners?.forEach((heard) => heard(letters)),
        onEnd: () => this.ended(),
        onOwnEnd: (held) => this.scanner.onOwnEnd(this, held),
      });
      this.troubles.over("open");
      this.holdsPipe = this.options.pipe?.pipe.hold(this.options.pipe.end) ?? false;
    } catch (error) {
      this.troubles.again("open", textOf(error), "fatal");
    }
  }

  begin(): void {
    if (this.supervisor === undefined) this.scanner.onEnd(this);
    else this.supervisor.begin();
  }

  /** What a signal sent to the supervisor would do. */
  signal(event: "term" | "hup"): void {
    this.supervisor?.handle({ on: event });
  }

  obey(command: ServiceCommand): void {
    this.supervisor?.handle(command);
  }

  /**
   * For a logger that no process writes to any more: its supervisor ends with it, at the end of its input. One that has
   * died and is to be started again comes up once more, for what is left in the pipe.
   */
  endWithInput(): void {
    this.isEnding = this.isComing;
    if (!this.isEnding) this.signal("hup");
  }

  private get isComing(): boolean {
    const service = this.supervisor?.service;
    if (service === undefined || !service.wantedUp) return false;
    return service.state === "finish" || isDue(service, this.scanner.ports.os.monotonic());
  }

  private changed(): void {
    if (this.isEnding) this.endWithInput();
    this.scanner.onChange(this.name);
  }

  /** A new supervisor is due in a second. */
  replaceLater(): void {
    this.replacement ??= this.scanner.ports.reactor.after(REPLACE_AFTER, () => {
      this.replacement = undefined;
      this.scanner.onReplace(this);
    });
  }

  openAgain(): void {
    this.open();
    this.begin();
  }

  cancelReplacement(): void {
    this.replacement?.();
    this.replacement = undefined;
  }

  /** The directory has been found under this path. */
  moveTo(directory: ByteString): void {
    this.directory = directory;
    this.supervisor?.moveTo(directory);
  }

  /** The directory is no longer in the scan directory: what lives there is not replaced when it ends. */
  vanished(): void {
    this.cancelReplacement();
    this.supervisor?.follow();
  }

  abandon(): void {
    this.cancelReplacement();
    this.supervisor?.abandon();
    this.supervisor = undefined;
    this.releasePipe();
  }

  view(): ServiceView {
    const service = this.supervisor?.service;
    return {
      name: this.name,
      directory: this.directory,
      isLogger: this.isLogger,
      supervised: service !== undefined,
      up: service !== undefined && isUp(service),
      ready: service?.ready ?? true,
      wantedUp: service?.wantedUp ?? false,
      pid: service?.player || service?.pid || 0,
      lastStatus: service?.lastStatus ?? 0,
      failed: service?.failed ?? false,
      service,
      told: this.supervisor?.told,
      listen: this.listen,
    };
  }

  private streams(): Streams {
    const { pipe } = this.options;
    const streams = this.options.streams ?? this.printing();
    if (this.detached) return { ...streams, input: this.scanner.devNull(), output: this.scanner.devNull() };
    if (pipe === undefined) return streams;
    return pipe.end === "read" ? { ...streams, input: pipe.pipe.read } : { ...streams, output: pipe.pipe.write };
  }

  private printing(): Streams {
    const isLogged = this.options.pipe?.end === "write";
    return this.scanner.printing?.(this.name, isLogged ? ["stderr"] : ["stdout", "stderr"]) ?? {};
  }

  private detach(): void {
    this.detached = true;
    this.releasePipe();
  }

  private releasePipe(): void {
    if (this.holdsPipe) this.options.pipe?.pipe.release(this.options.pipe.end);
    this.holdsPipe = false;
  }

  private ended(): void {
    this.supervisor = undefined;
    this.releasePipe();
    this.scanner.onEnd(this);
  }
}

/** It is down for the usual pause between two starts, not because the last one has failed. */
function isDue({ state, deadline }: Service, now: number): boolean {
  return state === "down" && deadline <= now + PAUSE;
}
