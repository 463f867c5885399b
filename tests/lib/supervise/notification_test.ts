import { deepEqual, equal } from "node:assert/strict";
import { Notification, readAvailable } from "../../../lib/supervise/notification.ts";
import { OsError } from "../../../lib/report.ts";

/** A pipe with what is written to it, and a reactor in which time passes by `turn` and `rested`. */
class Pipe {
  content = "";
  isClosed = false;
  readonly told: string[] = [];
  readonly buffers = new Set<ArrayBuffer>();
  readonly rests: number[] = [];
  private watching: (() => void) | undefined;
  private timer: (() => void) | undefined;
  readonly os = {
    read: (_fd: number, into: Uint8Array<ArrayBuffer>): number => {
      this.buffers.add(into.buffer);
      if (this.content === "" && !this.isClosed) throw new OsError("read", "", "EAGAIN", "again");
      const piece = this.content.slice(0, into.length);
      this.content = this.content.slice(piece.length);
      into.set(new TextEncoder().encode(piece));
      return piece.length;
    },
    close: (): void => {},
  };
  readonly notification = new Notification(
    this.os,
    {
      watch: (_fd, _direction, callback) => {
        this.watching = callback;
        return () => this.watching = undefined;
      },
      after: (milliseconds, callback) => {
        this.rests.push(milliseconds);
        this.timer = callback;
        return () => this.timer = undefined;
      },
    },
    7,
    (event) => this.told.push(event),
  );

  /** False if no reader waits for it. */
  turn(): boolean {
    this.watching?.();
    return this.watching !== undefined;
  }

  rested(): void {
    const { timer } = this;
    this.timer = undefined;
    timer?.();
  }

  get isIdle(): boolean {
    return this.watching === undefined && this.timer === undefined;
  }
}

Deno.test("the first newline counts, whatever stands before it", () => {
  const pipe = new Pipe();
  for (const text of ["a", "bc", "d\n"]) {
    pipe.content = text;
    pipe.turn();
  }
  deepEqual(pipe.told, ["notified"]);
  pipe.isClosed = true;
  pipe.turn();
  deepEqual(pipe.told, ["notified", "endOfNotification"]);
});

Deno.test("a service that writes without an end is read in portions, into one buffer, with rests in between", () => {
  const pipe = new Pipe();
  let portions = 0;
  for (; portions < 100; portions++) {
    pipe.content = "-".repeat(1_000_000);
    equal(pipe.turn(), false, "others have their turn");
    equal(1_000_000 - pipe.content.length, 4096);
    pipe.rested();
  }
  pipe.content = "\n";
  equal(pipe.turn(), true);
  deepEqual([pipe.told, pipe.buffers.size], [["notified"], 1]);
  deepEqual([...pipe.rests.slice(0, 3), pipe.rests.at(-1)], [10, 20, 40, 1000]);
});

Deno.test("one that is closed while it rests does not go on", () => {
  const pipe = new Pipe();
  pipe.content = "-".repeat(4096);
  pipe.turn();
  pipe.notification.close();
  equal(pipe.isIdle, true);
});

Deno.test("control letters are taken 64 at a time", () => {
  const pipe = new Pipe();
  pipe.content = "d".repeat(100);
  deepEqual([readAvailable(pipe.os, 3)?.length, readAvailable(pipe.os, 3)?.length], [64, 36]);
  equal(readAvailable(pipe.os, 3), undefined);
});
