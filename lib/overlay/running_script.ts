// The programs that a stage waits for at the moment: a script of cont-init.d, or those of oneshots that run at the same time,
// or the container's command.

import type { Cancel, Os } from "../os/os.ts";
import type { ChildNews } from "../supervise/start.ts";
import type { ScriptPorts } from "./scripts.ts";

type Start = ScriptPorts["start"];

export class RunningScript {
  private readonly pids = new Set<number>();
  private onOver: (() => void) | undefined;

  constructor(private readonly os: Pick<Os, "kill">) {}

  get isRunning(): boolean {
    return this.pids.size > 0;
  }

  /** The same way to run something, under our eyes. */
  watching(start: Start): Start {
    return (image, name, news) => {
      let pid: number | undefined;
      const ended: ChildNews["ended"] = (status, failure) => {
        if (pid !== undefined) this.pids.delete(pid);
        news.ended(status, failure);
        if (!this.isRunning) this.onOver?.();
      };
      const child = start(image, name, { ...news, ended });
      this.pids.add(pid = child.pid);
      return child;
    };
  }

  /** False if nothing runs. */
  signal(...signals: readonly number[]): boolean {
    for (const pid of this.pids) for (const signal of signals) this.os.kill(pid, signal);
    return this.isRunning;
  }

  /** Calls back when nothing runs: now, or as soon as it has ended. */
  whenOver(callback: () => void): Cancel {
    if (!this.isRunning) callback();
    else this.onOver = callback;
    return () => this.onOver = undefined;
  }
}
