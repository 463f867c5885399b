import { deepEqual, equal } from "node:assert/strict";
import { byteString, rawBytes } from "../../../lib/bytes.ts";
import { LineEnds, LineReader } from "../../../lib/log/lines.ts";

/** Feeds the text in pieces and returns what comes out, the rest included. */
function read(text: string, limit: number, pieces: () => number): string {
  const reader = new LineReader(limit, 64);
  let out = "";
  for (let at = 0; at < text.length;) {
    const room = reader.room();
    const piece = rawBytes(text.slice(at, at + Math.min(room.length, pieces())));
    room.set(piece);
    at += piece.length;
    out += byteString(reader.take(piece.length));
  }
  return out + byteString(reader.rest());
}

/** What the lines are, said simply. */
function expected(text: string, limit: number): string {
  const lines = text.split(/[\n\0]/);
  if (lines.at(-1) === "") lines.pop();
  const cut = lines.flatMap((line) => {
    if (limit === 0 || line.length <= limit) return [line];
    const parts = Math.ceil(line.length / limit);
    return Array.from({ length: parts }, (_, part) => line.slice(part * limit, (part + 1) * limit));
  });
  return cut.map((line) => `${line}\n`).join("");
}

Deno.test("lines come out whole and in order, however the bytes come in", () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return Math.floor(seed / 2 ** 31 * below);
  };
  for (let round = 0; round < 3000; round++) {
    const limit = [0, 3, 10, 48][random(4)]!;
    const often = 2 + random(60);
    const text = Array.from({ length: random(400) }, () => {
      const kind = random(often);
      return kind === 0 ? "\n" : kind === 1 && random(4) === 0 ? "\0" : String.fromCharCode(97 + random(26));
    }).join("");
    equal(read(text, limit, () => 1 + random(80)), expected(text, limit), JSON.stringify({ text, limit }));
  }
});

Deno.test("a line exactly as long as the limit is not cut, one byte more is", () => {
  equal(read("abc\nabcd\n", 3, () => 1), "abc\nabc\nd\n");
  equal(read("abcabc\n", 3, () => 100), "abc\nabc\n");
});

Deno.test("a line of many reads is kept whole where there is no limit", () => {
  const line = "x".repeat(10_000);
  equal(read(`${line}\n`, 0, () => 64), `${line}\n`);
});

Deno.test("a reader knows if it is inside a line, and if that is as long as may be", () => {
  const reader = new LineReader(3);
  const after = (text: string): boolean[] => {
    reader.room().set(rawBytes(text));
    reader.take(text.length);
    return [reader.insideLine, reader.full];
  };
  equal(reader.insideLine, false);
  deepEqual(after("a\nbc"), [true, false]);
  deepEqual(after("d"), [true, true]);
  deepEqual(after("\n"), [false, false]);
});

Deno.test("line ends are found in any number of lines", () => {
  const ends = new LineEnds();
  ends.read(rawBytes("ab\n\nc\n"));
  deepEqual([-1, 0, 1, 2].map((line) => ends.after(line)), [0, 3, 4, 6]);
  ends.read(rawBytes("\n".repeat(5000)));
  equal(ends.count, 5000);
  equal(ends.after(4999), 5000);
});
