// The program that a stage waits for at the moment: a script of cont-init.d, or the container's command.

import type { Cancel, Os } from "../os/os.ts";
import type { ChildNews } from "../supervise/start.ts";
import type { ScriptPorts } from "./scripts.ts";

type Start = ScriptPorts["start"];

export class RunningScript {
  private pid: number | undefined;
  private onOver: (() => void) | undefined;

  constructor(private readonly os: Pick<Os, "kill">) {}

  get isRunning(): boolean {
    return this.pid !== undefined;
  }

  /** The same way to run something, under our eyes. */
  watching(start: Start): Start {
    return (image, name, news) => {
      const ended: ChildNews["ended"] = (status, failure) => {
        this.pid = undefined;
        news.ended(status, failure);
        this.onOver?.();
      };
      const child = start(image, name, { ...news, ended });
      this.pid = child.pid;
      return child;
    };
  }

  /** False if nothing runs. */
  signal(...signals: readonly number[]): boolean {
    if (this.pid === undefined) return false;
    for (const signal of signals) this.os.kill(this.pid, signal);
    return true;
  }

  /** Calls back when nothing runs: now, or as soon as it has ended. */
  whenOver(callback: () => void): Cancel {
    if (this.pid === undefined) callback();
    else this.onOver = callback;
    return () => this.onOver = undefined;
  }
}
