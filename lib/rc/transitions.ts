// Transitions of services that others run: a longrun by its supervisor, a oneshot by the oneshot runner. Many go on at once;
// each reports its end.

import type { ByteString } from "../bytes.ts";
import type { Cancel, Reactor } from "../os/os.ts";
import { OsError } from "../report.ts";
import type { Move } from "./change.ts";
import { type Ending, failing } from "./ending.ts";
import type { AtomicService, Graph } from "./graph.ts";
import type { LiveDirectory } from "./live.ts";
import { type LongrunOs, moveLongrun } from "./longrun_move.ts";
import { callSudod, CONNECTING_PROGRAM, type SudoOs } from "./sudo_client.ts";
import { sendCommands } from "../supervise/client.ts";

/** How long a oneshot waits for the runner to take it while the runner takes none. */
const RUNNER_PATIENCE = 30_000;

type TransitionOs = LongrunOs & SudoOs;

interface TransitionPorts {
  readonly os: TransitionOs;
  readonly reactor: Pick<Reactor, "watch" | "at" | "after">;
  /** The oneshot runner has been connected to. */
  readonly connected: () => void;
}

/** What carries transitions out. */
export interface Mover {
  /** @param limit milliseconds, 0 for none @param ended called once, now or later */
  start(service: number, move: Move, limit: number, ended: (ending: Ending) => void): void;
  /** Gives a transition up that has not ended. */
  abort(service: number): void;
}

interface Moving {
  readonly cancel: Cancel;
  readonly ended: (ending: Ending) => void;
}

const BY_TERM: Ending = { how: "crashed", signal: 15 };

export class Transitions implements Mover {
  private readonly moving = new Map<number, Moving>();
  /** Those for which there were no descriptors. */
  private postponed: (() => void)[] = [];
  /** Scripts that the runner runs for us, and when it last began or ended one. */
  private scripts = 0;
  private lastServed = 0;

  constructor(
    private readonly ports: TransitionPorts,
    private readonly live: LiveDirectory,
    private readonly graph: Graph,
  ) {}

  start(number: number, move: Move, limit: number, ended: (ending: Ending) => void): void {
    const service = this.graph.services[number]!;
    let isOver = false;
    const end = (ending: Ending): void => {
      isOver = true;
      this.moving.delete(number);
      ended(ending);
      for (const again of this.postponed.splice(0)) again();
    };
    try {
      const cancel = this.begin(service, number, move, limit, end);
      if (!isOver) this.moving.set(number, { cancel, ended });
    } catch (error) {
      // What its end has led to is not its own failure.
      if (isOver || !(error instanceof OsError)) throw error;
      const isScarce = error.errno === "EMFILE" && this.moving.size > 0;
      if (!isScarce) return end(failing(service.kind === "longrun" ? "s6-svc" : CONNECTING_PROGRAM, error));
      this.postpone(number, ended, () => {
        this.moving.delete(number);
        this.start(number, move, limit, ended);
      });
    }
  }

  abort(number: number): void {
    const moving = this.moving.get(number);
    if (moving === undefined) return;
    this.moving.delete(number);
    moving.cancel();
    moving.ended(BY_TERM);
  }

  private postpone(number: number, ended: (ending: Ending) => void, start: () => void): void {
    this.postponed.push(start);
    const cancel = (): void => {
      this.postponed = this.postponed.filter((one) => one !== start);
    };
    this.moving.set(number, { cancel, ended });
  }

  private begin(
    service: AtomicService,
    number: number,
    move: Move,
    limit: number,
    ended: (ending: Ending) => void,
  ): Cancel {
    if (service.kind === "oneshot") return this.script(number, move, limit, ended);
    const directory = this.live.serviceDirectory(service.name);
    if (move === "reload") {
      ended(this.reloaded(directory));
      return () => {};
    }
    const goal = move === "down" ? "finished" : this.live.notifies(service.name) ? "ready" : "up";
    return moveLongrun(this.ports, { directory, letter: move === "up" ? "u" : "d", goal, limit, ended });
  }

  private reloaded(directory: ByteString): Ending {
    try {
      sendCommands(this.ports.os, directory, "supervise", "l");
      return { how: "succeeded" };
    } catch (error) {
      return failing("s6-svc", error as Error);
    }
  }

  private script(number: number, move: Move, limit: number, ended: (ending: Ending) => void): Cancel {
    const { os } = this.ports;
    const begun = os.monotonic();
    let runs = false;
    const over = (): void => {
      if (!runs) return;
      runs = false;
      this.scripts--;
      this.lastServed = os.monotonic();
    };
    const cancel = callSudod(this.ports, {
      socket: this.live.runnerSocket,
      words: [move, `${number}`],
      limit,
      patience: () => RUNNER_PATIENCE + (this.scripts > 0 ? os.monotonic() : Math.max(begun, this.lastServed)),
      connected: this.ports.connected,
      confirmed: () => {
        runs = true;
        this.scripts++;
        this.lastServed = os.monotonic();
      },
      ended: (ending) => {
        over();
        ended(ending);
      },
    });
    return () => {
      over();
      cancel();
    };
  }
}
