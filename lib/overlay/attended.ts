// The program that a stage waits for at the moment: a script of cont-init.d, or the container's command.

import type { Cancel, Os } from "../os/os.ts";
import type { ProcessImage } from "../image/image.ts";
import type { WaitStatus } from "../wait_status.ts";

interface Runner {
  readonly launch: (image: ProcessImage) => number;
  readonly expect: (pid: number, callback: (status: WaitStatus) => void) => void;
}

export class Attended {
  private pid: number | undefined;
  private onOver: (() => void) | undefined;

  constructor(private readonly os: Pick<Os, "kill">) {}

  get isRunning(): boolean {
    return this.pid !== undefined;
  }

  /** The same ways to run something, under our eyes. */
  attending(runner: Runner): Runner {
    return {
      launch: (image) => this.pid = runner.launch(image),
      expect: (pid, callback) =>
        runner.expect(pid, (status) => {
          this.pid = undefined;
          callback(status);
          this.onOver?.();
        }),
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
