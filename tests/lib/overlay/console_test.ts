import { deepEqual, equal } from "node:assert/strict";
import { byteString } from "../../../lib/bytes.ts";
import { Console } from "../../../lib/overlay/console.ts";
import { OsError } from "../../../lib/report.ts";

/** A descriptor that takes so much, and one page at a time. */
class Output {
  readonly writes: string[] = [];
  takes = true;
  /** Somebody else is faster. */
  isTaken = false;
  private callback: (() => void) | undefined;
  readonly console = new Console(
    {
      isWritable: () => this.takes,
      write: (_fd, from) => {
        if (this.isTaken) throw new OsError("write", "", "EAGAIN", "Resource temporarily unavailable");
        return this.writes.push(byteString(from)), from.length;
      },
    },
    {
      watch: (_fd, _direction, callback) => {
        this.callback = callback;
        return () => this.callback = undefined;
      },
    },
    1,
  );

  get isWatched(): boolean {
    return this.callback !== undefined;
  }

  ready(): void {
    this.callback?.();
  }
}

Deno.test("what is written at once waits for nothing", () => {
  const output = new Output();
  output.console.line("a");
  let written = 0;
  output.console.whenWritten(() => written++);
  deepEqual([output.writes, output.isWatched, written], [["a\n"], false, 1]);
});

Deno.test("what is not taken waits for its turn, though the look before the write was in its favour", () => {
  for (const trouble of ["takes", "isTaken"] as const) {
    const output = new Output();
    output[trouble] = trouble === "isTaken";
    output.console.line("a");
    output.console.line("b");
    let written = 0;
    output.console.whenWritten(() => written++);
    deepEqual([output.writes, output.isWatched, written], [[], true, 0]);
    output[trouble] = trouble !== "isTaken";
    output.ready();
    deepEqual([output.writes, output.isWatched, written], [["a\nb\n"], false, 1]);
  }
});

Deno.test("long texts are written in pieces that end with a line", () => {
  const output = new Output();
  output.takes = false;
  const lines = Array.from({ length: 100 }, (_, line) => `${line} ${"-".repeat(100)}\n`);
  for (const line of lines) output.console.write(line);
  output.takes = true;
  output.ready();
  equal(output.writes.join(""), lines.join(""));
  equal(output.writes.every((text) => text.endsWith("\n") && text.length <= 4096), true);
  output.console.write("-".repeat(5000));
  deepEqual(output.writes.slice(-2).map((text) => text.length), [4096, 904]);
});

Deno.test("a closed console drops what is left and watches nothing", () => {
  const output = new Output();
  output.takes = false;
  output.console.line("a");
  output.console.close();
  equal(output.isWatched, false);
});
