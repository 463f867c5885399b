import { deepEqual, equal } from "node:assert/strict";
import { byteString } from "../../../../lib/bytes.ts";
import { Console } from "../../../../lib/overlay/logging/console.ts";
import { OsError } from "../../../../lib/report.ts";

/** A descriptor that takes this many bytes. */
class Output {
  readonly writes: string[] = [];
  room = Infinity;
  error: string | undefined;
  private watching: (() => void) | undefined;
  private timer: (() => void) | undefined;
  readonly lost: string[] = [];
  readonly console = new Console(
    {
      fd: 1,
      write: (from) => {
        if (this.error !== undefined) throw new OsError("write", "", this.error, "");
        if (this.room < from.length) return 0;
        this.room -= from.length;
        return this.writes.push(byteString(from)), from.length;
      },
    },
    {
      watch: (_fd, _direction, callback) => {
        this.watching = callback;
        return () => this.watching = undefined;
      },
      after: (_, callback) => {
        this.timer = callback;
        return () => this.timer = undefined;
      },
    },
    ({ errno }) => this.lost.push(errno),
  );

  get waitsFor(): "room" | "time" | undefined {
    return this.watching !== undefined ? "room" : this.timer !== undefined ? "time" : undefined;
  }

  ready(): void {
    this.watching?.();
  }

  later(): void {
    const { timer } = this;
    this.timer = undefined;
    timer?.();
  }
}

Deno.test("what is written at once waits for nothing", () => {
  const output = new Output();
  output.console.line("a");
  let written = 0;
  output.console.whenWritten(() => written++);
  deepEqual([output.writes, output.waitsFor, written], [["a\n"], undefined, 1]);
});

Deno.test("what is not taken waits for its turn", () => {
  for (const trouble of ["no room", "EAGAIN", "EINTR"]) {
    const output = new Output();
    if (trouble === "no room") output.room = 0;
    else output.error = trouble;
    output.console.line("a");
    output.console.line("b");
    let written = 0;
    output.console.whenWritten(() => written++);
    deepEqual([output.writes, output.waitsFor, written], [[], "room", 0]);
    output.room = Infinity;
    output.error = undefined;
    output.ready();
    deepEqual([output.writes, output.waitsFor, written], [["a\nb\n"], undefined, 1]);
  }
});

Deno.test("what is lost is told once, until something is written again; not of a reader that has gone", () => {
  const output = new Output();
  for (const error of ["EPIPE", "ENOSPC", "ENOSPC", undefined, "EIO"]) {
    output.error = error;
    output.console.line("a");
  }
  deepEqual([output.lost, output.writes, output.waitsFor], [["ENOSPC", "EIO"], ["a\n"], undefined]);
});

Deno.test("where the system says that there is room and takes nothing, time passes between two tries", () => {
  const output = new Output();
  output.room = 0;
  output.console.line("a");
  output.ready();
  equal(output.waitsFor, "time");
  output.later();
  equal(output.waitsFor, "room");
  output.room = 2;
  output.console.line("b");
  output.ready();
  deepEqual([output.writes, output.waitsFor], [[], "time"], "both lines go together");
  output.room = Infinity;
  output.later();
  deepEqual([output.writes, output.waitsFor], [["a\nb\n"], undefined]);
});

Deno.test("what nobody will ever read is dropped", () => {
  const output = new Output();
  output.error = "EPIPE";
  output.console.line("a");
  output.error = undefined;
  output.console.line("b");
  deepEqual([output.writes, output.waitsFor], [["b\n"], undefined]);
});

Deno.test("long texts are written in pieces that end with a line", () => {
  const output = new Output();
  output.room = 0;
  const lines = Array.from({ length: 100 }, (_, line) => `${line} ${"-".repeat(100)}\n`);
  for (const line of lines) output.console.write(line);
  output.room = Infinity;
  output.ready();
  equal(output.writes.join(""), lines.join(""));
  equal(output.writes.every((text) => text.endsWith("\n") && text.length <= 4096), true);
  output.console.write("-".repeat(5000));
  deepEqual(output.writes.slice(-2).map((text) => text.length), [4096, 904]);
});

Deno.test("what is kept for a reader that has stopped is bounded, and begins with a whole line", () => {
  const output = new Output();
  output.room = 0;
  for (let line = 0; line < 10_000; line++) output.console.line(`${line} ${"-".repeat(95)}`);
  output.room = Infinity;
  output.ready();
  const text = output.writes.join("");
  equal(text.length <= 256 * 1024 && text.length > 191 * 1024, true);
  equal(/^[0-9]{4} -{95}\n/.test(text) && text.endsWith(`9999 ${"-".repeat(95)}\n`), true);
});

Deno.test("a line stays one line, and does nothing to a terminal", () => {
  const output = new Output();
  output.console.line("a\nb\x1b[2J");
  output.console.write("as it is\x1b[0m\n");
  deepEqual(output.writes, ["a\\x0ab\\x1b[2J\n", "as it is\x1b[0m\n"]);
});

Deno.test("a closed console drops what is left and waits for nothing", () => {
  const output = new Output();
  output.room = 0;
  output.console.line("a");
  output.console.close();
  equal(output.waitsFor, undefined);
});
