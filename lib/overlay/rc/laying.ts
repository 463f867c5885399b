// Service directories that a child lays while process 1 starts those that are there: a longrun whose turn has come before
// its directory waits for it.

import type { ByteString } from "../../bytes.ts";
import type { Environment } from "../../environment.ts";
import type { Cancel, Os, Reactor } from "../../os/os.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import { codeOfTask, taskImage } from "../boot/elsewhere.ts";
import type { ScriptPorts } from "../scripts.ts";
import { drive, type Steps, until } from "../steps.ts";

export interface LayingPorts extends ScriptPorts {
  readonly os: ScriptPorts["os"] & Pick<Os, "pipe" | "read" | "close">;
  readonly reactor: ScriptPorts["reactor"] & Pick<Reactor, "watch">;
  readonly scanner: Pick<Scanner, "rescan">;
}

/** The descriptor on which the child tells that there are more. */
export const LAID = 3;
const SUBJECT = "s6-rc-compile";

export class Laying {
  private readonly waiting = new Set<() => void>();
  private isUnderWay = true;

  constructor(private readonly ports: LayingPorts) {}

  /** No more directories will come. */
  get isOver(): boolean {
    return !this.isUnderWay;
  }

  /** Calls back once, when there may be more, or no more will come. */
  next(callback: () => void): Cancel {
    this.waiting.add(callback);
    return () => void this.waiting.delete(callback);
  }

  /** Calls back once, now or later, when no more will come. */
  whenOver(callback: () => void): Cancel {
    let cancel: Cancel = () => {};
    const look = (): void => {
      if (this.isOver) callback();
      else cancel = this.next(look);
    };
    look();
    return () => cancel();
  }

  /**
   * Has the child begin. Goes on as soon as the graph can be read and the first directories are there.
   * @returns 0, or the exit code of one that has failed before; undefined if it has not ended by itself. It has been told.
   */
  *begin(words: readonly ByteString[], environment: Environment): Steps<number | undefined> {
    const { os, reactor } = this.ports;
    const { read, write } = os.pipe();
    return yield* until<number | undefined>((resume) => {
      const unwatch = reactor.watch(read, "read", () => {
        if (os.read(read, new Uint8Array(16)) === 0) return unwatch();
        this.more();
        resume(0);
      });
      const end = (code: number | undefined): void => {
        unwatch();
        os.close(read);
        this.isUnderWay = false;
        try {
          this.more();
        } finally {
          resume(code);
        }
      };
      const image = taskImage("compile", words, environment).step({ by: SUBJECT, do: "copy", from: write, to: LAID });
      drive(codeOfTask(this.ports, SUBJECT, image), end, () => end(undefined));
      os.close(write);
    });
  }

  /** Each longrun has a link in the scan directory. One that no supervisor can be had for fails when its turn comes. */
  private more(): void {
    this.ports.scanner.rescan();
    for (const callback of [...this.waiting]) {
      this.waiting.delete(callback);
      callback();
    }
  }
}
