// Lines with names: what goes in comes out, in both forms, in pieces that fit.

import { deepEqual, equal, ok } from "node:assert/strict";
import { byteString, rawBytes } from "../../../../lib/bytes.ts";
import { LineBatch } from "../../../../lib/overlay/logging/line_batch.ts";
import { LineFormat, type StreamSource } from "../../../../lib/overlay/logging/line_format.ts";
import { type NamedOutput, ownForm, timeStamp } from "../../../../lib/overlay/logging/output_mode.ts";
import { Random } from "../../../random/random.ts";

const NOW = { seconds: 1_795_946_400, nanoseconds: 123_456_789 };
const TIME = "2026-11-29T10:00:00.123456Z";
const WEB: StreamSource = { service: "web", stream: "stdout" };
const HEAD = `{"time":"${TIME}","service":"web","stream":"stdout","text":`;

function pieces(batch: LineBatch): string[] {
  return batch.ends.map((end, at) => byteString(batch.bytes.subarray(at === 0 ? 0 : batch.ends[at - 1]!, end)));
}

/** All that comes of the text, and how many bytes of it were taken. */
function formed(mode: NamedOutput, text: string, source = WEB, size = 65536): [string, number] {
  const batch = new LineBatch(size);
  const taken = new LineFormat(mode, () => NOW).fill(batch, source, rawBytes(text));
  return [pieces(batch).join(""), taken];
}

const PREFIXED: readonly (readonly [string, string, string])[] = [
  ["lines have the name in front", "a\nb\n", "web: a\nweb: b\n"],
  ["an empty line is a line", "\n\n", "web: \nweb: \n"],
  ["a line without an end gets one", "a\nb", "web: a\nweb: b\n"],
  ["bytes pass as they are", "\0\x1b[1m\r\xff\n", "web: \0\x1b[1m\r\xff\n"],
  ["nothing comes of nothing", "", ""],
];

for (const [name, text, wanted] of PREFIXED) {
  Deno.test(`prefix: ${name}`, () => deepEqual(formed("prefix", text), [wanted, text.length]));
}

const OBJECTS: readonly (readonly [string, string, string])[] = [
  ["lines are objects", "a\nb c\n", `${HEAD}"a"}\n${HEAD}"b c"}\n`],
  ["an empty line is one too", "\n", `${HEAD}""}\n`],
  ["a line without an end says so", "a\nb", `${HEAD}"a"}\n${HEAD}"b","partial":true}\n`],
  ["and so where it has other bytes", "\x01", `${HEAD}"\\u0001","partial":true}\n`],
  ["quotes and backslashes are escaped", '"\\\n', `${HEAD}"\\"\\\\"}\n`],
  ["control characters are escaped", "a\0\t\x1b\r\x7f\n", `${HEAD}"a\\u0000\\t\\u001b\\r\\u007f"}\n`],
  ["control characters above ASCII are escaped", "\xc2\x9b2J\n", `${HEAD}"\\u009b2J"}\n`],
  ["UTF-8 passes", "\xc3\xa4\n", `${HEAD}"\xc3\xa4"}\n`],
  ["what is no UTF-8 becomes U+FFFD", "a\xffb\xc3\n", `${HEAD}"a\xef\xbf\xbdb\xef\xbf\xbd"}\n`],
  ["a byte order mark stays", "\xef\xbb\xbfa\n", `${HEAD}"\xef\xbb\xbfa"}\n`],
];

for (const [name, text, wanted] of OBJECTS) {
  Deno.test(`json: ${name}`, () => deepEqual(formed("json", text), [wanted, text.length]));
}

Deno.test("a name is fit to stand in front of a line, whatever bytes it has", () => {
  equal(formed("prefix", "a\n", { service: "x\ny: ", stream: "stdout" })[0], "x\\x0ay: : a\n");
  const [object] = formed("json", "a\n", { service: 'x"\n\xff', stream: "stderr" });
  deepEqual(JSON.parse(new TextDecoder().decode(rawBytes(object))), {
    time: TIME,
    service: 'x"\n\uefff',
    stream: "stderr",
    text: "a",
  });
});

Deno.test("the longest name with the worst bytes leaves room for a line in the smallest pipe", () => {
  const service = `cont-init.d/${"\x01".repeat(255)}`;
  for (const mode of ["prefix", "json"] as const) {
    const format = new LineFormat(mode, () => NOW);
    const input = rawBytes("\x01".repeat(format.mostInput(new LineBatch(4096))));
    equal(format.fill(new LineBatch(4096), { service, stream: "stderr" }, input), input.length);
  }
});

Deno.test("lines of the overlay itself have no name in front, and are its own as objects", () => {
  const own: StreamSource = { service: undefined, stream: "stderr" };
  equal(formed("prefix", "a\n", own)[0], "a\n");
  equal(formed("json", "a\n", own)[0], `${HEAD.replace("web", "s6-overlay").replace("stdout", "stderr")}"a"}\n`);
});

Deno.test("what process 1 prints becomes objects line by line, however it comes", () => {
  const form = ownForm("json", "stdout", () => NOW);
  const head = HEAD.replace("web", "s6-overlay");
  deepEqual(["a", "b\nc", "\n", "\n"].map(form), ["", `${head}"ab"}\n`, `${head}"c"}\n`, `${head}""}\n`]);
  for (const mode of ["plain", "prefix"] as const) equal(ownForm(mode, "stdout", () => NOW)("a"), "a");
});

Deno.test("a time has six digits behind the second", () => {
  equal(timeStamp(NOW), TIME);
  equal(timeStamp({ seconds: 0, nanoseconds: 999 }), "1970-01-01T00:00:00.000000Z");
});

/** Lines of random bytes below `end`, some of them long, the last one maybe without an end. */
function randomText(random: Random, end: number): string {
  let text = "";
  while (text.length < 60_000) {
    const length = random.below(random.pick([1, 2, 20, 100, 4097, 5000, 20_000]));
    for (let at = 0; at < length; at++) text += String.fromCharCode(random.below(end));
    text += "\n";
  }
  return random.chance(0.5) ? text : text.slice(0, -1);
}

/** What batches for a pipe of this size make of the text, piece by piece, as the relay fills them. */
function allPieces(mode: NamedOutput, text: string, size: number): string[] {
  const batch = new LineBatch(size);
  const format = new LineFormat(mode, () => NOW);
  const most = format.mostInput(batch);
  const all: string[] = [];
  for (let at = 0; at < text.length;) {
    const input = rawBytes(text.slice(at, at + most));
    const whole = input.lastIndexOf(10) + 1;
    const taken = format.fill(batch, WEB, input.subarray(0, whole === 0 ? input.length : whole));
    ok(taken > 0, "something is taken each time");
    at += taken;
    const filled = pieces(batch);
    const buffers = filled.reduce((sum, piece) => sum + Math.ceil(piece.length / 4096), 0);
    ok(buffers <= size / 4096, `${buffers} buffers in a pipe of ${size} bytes`);
    for (const piece of filled) {
      ok(piece.endsWith("\n"), "a piece ends with a line");
      ok(piece.length <= 4096 || piece.indexOf("\n") === piece.length - 1, "a longer piece is one line");
    }
    all.push(filled.join(""));
  }
  return all;
}

const SIZES = [4096, 8192, 65536, 1 << 20];

Deno.test("prefix: random bytes come out as they went in, in pieces that fit, only cut where they are too long", () => {
  const random = new Random(7);
  for (const size of SIZES) {
    const text = randomText(random, 256);
    const printed = allPieces("prefix", text, size).join("");
    const lines = printed.split("\n");
    equal(lines.pop(), "");
    ok(lines.every((line) => line.startsWith("web: ")));
    const bare = lines.map((line) => line.slice("web: ".length));
    if (size < 65536) equal(bare.join(""), text.replaceAll("\n", ""));
    else deepEqual(bare, text.replace(/\n$/, "").split("\n"));
  }
});

Deno.test("json: random text comes out as it went in, whatever is cut", () => {
  const random = new Random(8);
  for (const size of SIZES) {
    const text = randomText(random, 128);
    const lines = allPieces("json", text, size).join("").trimEnd().split("\n").map((line) => JSON.parse(line));
    equal(lines.map(({ text, partial }) => partial ? text : `${text}\n`).join(""), text);
  }
});

Deno.test("json: whatever the bytes, each line is an object", () => {
  const random = new Random(9);
  const text = randomText(random, 256);
  const printed = new TextDecoder("utf-8", { fatal: true }).decode(rawBytes(allPieces("json", text, 1 << 20).join("")));
  const decode = (line: string): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(rawBytes(line));
  deepEqual(
    printed.trimEnd().split("\n").map((line) => JSON.parse(line).text),
    text.replace(/\n$/, "").split("\n").map(decode),
  );
});
