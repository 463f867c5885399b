import { deepEqual } from "node:assert/strict";
import { LinesUntil, mergedByTime, type Timed } from "../../../../lib/overlay/logs/merged_lines.ts";

interface Line extends Timed {
  readonly text: string;
}

/** "3.5 text": a line of that time, in seconds and nanoseconds; "- text" has none; "+" at its end: it goes on. */
function line(written: string): Line {
  const [time, text = ""] = written.split(" ");
  const [seconds, nanoseconds = 0] = time!.split(".").map(Number);
  const at = time === "-" ? undefined : { seconds: seconds!, nanoseconds };
  return { at, text, ends: !written.endsWith("+") };
}

function merged(...sources: readonly (readonly string[])[]): string {
  const readers = sources.map((lines) => {
    const left = lines.map(line);
    return { next: () => left.shift() };
  });
  return [...mergedByTime(readers)].map(({ line }) => line.text).join(" ");
}

const ROWS: readonly (readonly [sources: readonly (readonly string[])[], merged: string])[] = [
  [[], ""],
  [[[], ["1 a"]], "a"],
  [[["1 a", "3 c"], ["2 b", "4 d"]], "a b c d"],
  [[["1.2 a", "1.9 c"], ["1.10 d"]], "a c d"],
  [[["5 a"], ["5 b"], ["5 c"]], "a b c"],
  [[["3 b", "1 c"], ["2 a"]], "a b c"],
  [[["- a", "2 c"], ["1 b", "2 d"]], "a b c d"],
  [[["1 a+", "1 b+", "1 c", "9 e"], ["0 x", "1 y"]], "x a+ b+ c y e"],
  [[["1 a+"], ["1 b"]], "a+ b"],
];

Deno.test("lines are in order of time, and those of one log in its own order", () => {
  for (const [sources, expected] of ROWS) deepEqual(merged(...sources), expected);
});

Deno.test("lines up to a moment have an end there, once, and none is lost", () => {
  const left = ["1 a", "2.5 b", "- c", "2.6 d", "- e", "1 f"].map(line);
  const lines = new LinesUntil({ next: () => left.shift() }, { seconds: 2, nanoseconds: 5 });
  const texts = Array.from({ length: 8 }, () => lines.next()?.text ?? ".");
  deepEqual(texts.join(" "), "a b c . d e f .");
});

Deno.test("after an end that comes before the moment all lines follow, at once", () => {
  const left: (Line | undefined)[] = [line("1 a"), undefined, line("3 b"), line("4 c")];
  const lines = new LinesUntil({ next: () => left.shift() }, { seconds: 2, nanoseconds: 0 });
  deepEqual(Array.from({ length: 5 }, () => lines.next()?.text ?? ".").join(" "), "a . b c .");
});
