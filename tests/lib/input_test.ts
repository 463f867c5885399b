import { deepEqual, equal, throws } from "node:assert/strict";
import { endOf } from "../../cli/portable/head.ts";
import { linesIn, STDIN, wholeLines } from "../../lib/input.ts";
import { byteString, rawBytes } from "../../lib/bytes.ts";
import { Random } from "../random/random.ts";

/** A descriptor that gives a text in pieces of these sizes, over and over. */
function inPieces(text: string, sizes: readonly number[]): { read(fd: number, into: Uint8Array): number } {
  let at = 0;
  let turn = 0;
  return {
    read: (_fd, into) => {
      const piece = text.slice(at, at + Math.min(into.length, sizes[turn++ % sizes.length]!));
      into.set(rawBytes(piece));
      at += piece.length;
      return piece.length;
    },
  };
}

function randomText(random: Random): string {
  return Array.from({ length: random.below(60) }, () => random.pick(["\n", "a", "\xff", "bc"])).join("");
}

Deno.test("lines are whole, however the input is cut", () => {
  const random = new Random(3);
  for (let round = 0; round < 1000; round++) {
    const text = randomText(random);
    const os = inPieces(text, [1 + random.below(4), 1 + random.below(20)]);
    const found = [...linesIn(os)];
    equal(found.flatMap(({ lines, end }) => lines.map((line) => line + end)).join(""), text);
    equal(found.slice(0, -1).every(({ end }) => end === "\n"), true);
    equal(found.flatMap(({ lines }) => lines).some((line) => line.includes("\n")), false);
  }
});

Deno.test("a line may be longer than what is read at once, but not without bound", () => {
  const long = "x".repeat(1_000_000);
  const blocks = [...wholeLines(inPieces(`${long}\ny\n${long}`, [65536]), STDIN)].map((block) => block.length);
  deepEqual(blocks, [1_000_003, 1_000_000]);
  throws(() => {
    for (const _ of wholeLines({ read: (_fd, into) => into.length }, STDIN)) { /* no line ends */ }
  }, { message: "unable to read from stdin: a line is too long" });
});

Deno.test("the end is that of the whole, however it comes in", () => {
  const random = new Random(4);
  for (let round = 0; round < 2000; round++) {
    const blocks = Array.from({ length: random.below(8) }, () => randomText(random)).filter((text) => text !== "");
    const all = blocks.join("");
    const count = random.below(12);
    const end = (unit: "lines" | "bytes"): string =>
      byteString(endOf(blocks.map((text) => rawBytes(text)), { unit, count, fromStart: false }));
    equal(end("bytes"), count === 0 ? "" : all.slice(-count));
    const lines = all.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    equal(end("lines"), count === 0 ? "" : lines.slice(-count).join(""));
  }
});
