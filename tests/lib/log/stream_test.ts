import { deepEqual, equal } from "node:assert/strict";
import { byteString, rawBytes } from "../../../lib/bytes.ts";
import { Stream } from "../../../lib/log/stream.ts";
import type { FileStatus } from "../../../lib/os/os.ts";
import { OsError } from "../../../lib/report.ts";

/** A pipe with some room. */
class Pipe {
  content = "";
  room = 0;
  broken = false;
  readonly told: string[] = [];
  private callback: (() => void) | undefined;
  readonly stream: Stream;

  constructor() {
    this.stream = new Stream({
      os: {
        fstat: () => ({ kind: "fifo" }) as FileStatus,
        isWritable: () => this.room > 0 || this.broken,
        write: (_fd, from) => this.write(from),
      },
      reactor: {
        watch: (_fd, _direction, callback) => {
          this.callback = callback;
          return () => this.callback = undefined;
        },
        after: () => () => {},
      },
      broke: ({ reason }) => void this.told.push(reason),
      idle: () => void this.told.push("idle"),
    }, 1);
  }

  private write(from: Uint8Array): number {
    if (this.broken) throw new OsError("write", "", "EPIPE", "Broken pipe");
    const taken = from.subarray(0, this.room);
    this.content += byteString(taken);
    this.room -= taken.length;
    return taken.length;
  }

  drain(room: number): void {
    this.room = room;
    this.callback?.();
  }
}

Deno.test("what a pipe does not take waits, and comes out in order", () => {
  const pipe = new Pipe();
  let all = "";
  for (let number = 0; number < 3000; number++) {
    const line = `line ${number}\n`;
    all += line;
    pipe.stream.write(rawBytes(line));
    if (number % 5 === 0) pipe.drain(30);
  }
  equal(pipe.stream.busy, true);
  for (let round = 0; round < 100 && pipe.stream.busy; round++) pipe.drain(5000);
  equal(pipe.content, all);
  equal(pipe.told.at(-1), "idle");
});

Deno.test("a broken pipe is reported once, and then everything for it is dropped", () => {
  const pipe = new Pipe();
  pipe.stream.write(rawBytes("a\n"));
  pipe.broken = true;
  pipe.drain(0);
  pipe.stream.write(rawBytes("b\n"));
  equal(pipe.stream.busy, false);
  deepEqual(pipe.told, ["Broken pipe", "idle"]);
});
