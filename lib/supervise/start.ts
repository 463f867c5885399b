// Starting children without waiting for them: what each tells of its start, and how it ends, comes as news, in that order.

import type { ProcessImage } from "../image/image.ts";
import type { SpawnedChild } from "../image/start.ts";
import type { Cancel, Os, Reactor } from "../os/os.ts";
import type { WaitStatus } from "../wait_status.ts";
import type { Reaper } from "./reaper.ts";

/** What becomes of a child. */
export interface ChildNews {
  /** Its program runs, or would run now. Once, and before it has ended, unless its program cannot run at all. */
  readonly running?: () => void;
  /** It has ended. `failure` tells why its program has never run. */
  readonly ended: (status: WaitStatus, failure: Error | undefined) => void;
  /** One that had no process of its own has been given this one, which is to be kept in its place. */
  readonly activated?: (child: StartedChild) => void;
}

export interface StartedChild {
  /** Of the process that stands in for it, where it has none of its own. */
  readonly pid: number;
  /** Does what the signal would do to it, where it has no process of its own: nothing may be sent to its pid then. */
  readonly signal?: (signal: number) => void;
  /** From now on nothing is reported of it any more. */
  readonly forget: Cancel;
}

/** Starts the command of the image as a child. Throws Failure or OsError if it cannot. */
export type Start = (image: ProcessImage, news: ChildNews) => StartedChild;

interface StarterPorts {
  readonly os: Pick<Os, "close">;
  readonly reactor: Pick<Reactor, "watch">;
  readonly reaper: Pick<Reaper, "expect">;
}

/** @param spawn starts a child and leaves it to us to listen to it */
export function serviceStarter(ports: StarterPorts, spawn: (image: ProcessImage) => SpawnedChild): Start {
  return (image, news) => {
    const start = new Starting(ports, spawn(image), news);
    return { pid: start.pid, forget: () => start.forget() };
  };
}

class Starting {
  private failure: Error | undefined;
  private isRunning = false;
  private unwatch: Cancel | undefined;
  private readonly unexpect: Cancel;

  constructor(
    private readonly ports: StarterPorts,
    private readonly child: SpawnedChild,
    private readonly news: ChildNews,
  ) {
    this.unwatch = ports.reactor.watch(child.report, "read", () => this.listen());
    this.unexpect = ports.reaper.expect(child.pid, (status) => this.died(status));
  }

  get pid(): number {
    return this.child.pid;
  }

  forget(): void {
    this.unexpect();
    this.close();
  }

  /** A failure is reported when the child has ended, which it is about to do. */
  private listen(): void {
    const told = this.child.told();
    if (told === undefined) return;
    this.close();
    if (told.kind === "failed") this.failure = told.error;
    else this.runs();
  }

  private listenOnceMore(): void {
    try {
      this.listen();
    } catch (error) {
      this.failure = error as Error;
    }
  }

  private runs(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.news.running?.();
  }

  private died(status: WaitStatus): void {
    // Its last report comes before its death, in whatever order the system delivers them.
    if (this.unwatch !== undefined) this.listenOnceMore();
    this.close();
    if (this.failure === undefined) this.runs();
    this.news.ended(status, this.failure);
  }

  private close(): void {
    if (this.unwatch === undefined) return;
    this.unwatch();
    this.unwatch = undefined;
    this.ports.os.close(this.child.report);
  }
}
