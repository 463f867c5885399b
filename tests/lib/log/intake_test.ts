import { deepEqual, equal } from "node:assert/strict";
import { byteString, rawBytes } from "../../../lib/bytes.ts";
import { Intake } from "../../../lib/log/intake.ts";
import { LineReader } from "../../../lib/log/lines.ts";
import { OsError } from "../../../lib/report.ts";

/** A logger's standard input, read as far as the intake wants. */
class Input {
  readonly told: string[] = [];
  pipe = "";
  failing = false;
  timer: (() => void) | undefined;
  private callback: (() => void) | undefined;
  readonly intake: Intake;

  constructor(lineLimit = 10, lastLineTimeout = 2000) {
    const tell = (text: string): void => void this.told.push(text);
    this.intake = new Intake({
      os: { close: () => tell("close"), read: (_fd, into) => this.read(into) },
      reactor: {
        watch: (_fd, _direction, callback) => {
          this.callback = callback;
          return () => this.callback = undefined;
        },
        after: (_milliseconds, callback) => {
          this.timer = callback;
          return () => this.timer = undefined;
        },
      },
      lastLineTimeout,
      warn: tell,
      deliver: (lines) => tell(byteString(lines)),
      ended: () => tell("ended"),
    }, new LineReader(lineLimit));
    this.intake.resume();
  }

  private read(into: Uint8Array): number {
    if (this.failing) throw new OsError("read", "", "EIO", "Input/output error");
    const piece = rawBytes(this.pipe.slice(0, into.length));
    into.set(piece);
    this.pipe = this.pipe.slice(piece.length);
    return piece.length;
  }

  get watching(): boolean {
    return this.callback !== undefined;
  }

  /** Bytes arrive; with none, the end does. */
  arrive(text: string): void {
    this.pipe += text;
    do this.callback?.(); while (this.pipe !== "" && this.watching);
  }
}

Deno.test("at the end of the input an unfinished line is a line", () => {
  const input = new Input();
  input.arrive("a\nb");
  input.arrive("");
  deepEqual(input.told, ["a\n", "close", "b\n", "ended"]);
});

Deno.test("a stop between lines leaves everything else in the pipe", () => {
  const input = new Input();
  input.arrive("a\n");
  input.intake.stop();
  deepEqual(input.told, ["a\n", "close", "ended"]);
  input.arrive("b\n");
  equal(input.pipe, "b\n");
});

Deno.test("a stop within a line reads to its end and not a byte further", () => {
  const input = new Input();
  input.arrive("a\nb");
  input.intake.stop();
  input.intake.stop();
  input.arrive("c\nd\n");
  deepEqual(input.told, ["a\n", "bc\n", "close", "ended"]);
  equal(input.pipe, "d\n");
});

Deno.test("a line that does not end in time, or is too long, is ended", () => {
  const late = new Input();
  late.arrive("ab");
  late.intake.stop();
  late.timer!();
  deepEqual(late.told, ["close", "ab\n", "ended"]);
  const long = new Input(4, 0);
  long.arrive("ab");
  long.intake.stop();
  equal(long.timer, undefined);
  long.arrive("cdef");
  deepEqual(long.told, ["input line too long, stopping before the end", "close", "abcd\n", "ended"]);
});

Deno.test("a paused input is not read", () => {
  const input = new Input();
  input.intake.pause();
  input.arrive("a\n");
  deepEqual(input.told, []);
  input.intake.resume();
  input.arrive("b\n");
  deepEqual(input.told, ["a\nb\n"]);
});

Deno.test("an error of the input ends it with a warning", () => {
  const input = new Input();
  input.failing = true;
  input.arrive("");
  deepEqual(input.told, ["unable to read from stdin: Input/output error", "close", "ended"]);
});
