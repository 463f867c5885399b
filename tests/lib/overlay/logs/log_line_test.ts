import { deepEqual, equal } from "node:assert/strict";
import { findZone, utc } from "../../../../lib/log/timezone.ts";
import {
  bareLine,
  type LinePiece,
  LineSplitter,
  LONGEST_PIECE,
  shownLine,
} from "../../../../lib/overlay/logs/log_line.ts";
import { nearestZone } from "../../../../lib/overlay/logs/written_zone.ts";
import { stampText } from "../../../../lib/tai.ts";

function split(...blocks: readonly string[]): LinePiece[] {
  const splitter = new LineSplitter();
  return blocks.flatMap((block) => splitter.take(block)).concat(splitter.finish());
}

const whole = (text: string): LinePiece => ({ text, begins: true, ends: true });

Deno.test("lines are the same however they come in blocks", () => {
  const text = "one\n\ntwo\nthree";
  const lines = ["one", "", "two", "three"].map(whole);
  for (let at = 0; at <= text.length; at++) deepEqual(split(text.slice(0, at), text.slice(at)), lines);
  deepEqual(split(...text), lines);
  deepEqual(split("one\n"), [whole("one")]);
  deepEqual(split(""), []);
});

Deno.test("a line of any length comes in pieces, and the next one begins anew", () => {
  const long = "x".repeat(LONGEST_PIECE);
  const pieces = split(long, long, "y\nnext\n");
  deepEqual(pieces.map(({ text, begins, ends }) => [text.length, begins, ends]), [
    [LONGEST_PIECE, true, false],
    [LONGEST_PIECE, false, false],
    [1, false, true],
    [4, true, true],
  ]);
  deepEqual(split(long).map(({ text, ends }) => [text.length, ends]), [[LONGEST_PIECE, false], [0, true]]);
});

const east = findZone("XXX-2", () => undefined);
const AT = { seconds: 1_785_000_000, nanoseconds: 5 };
const DATE = "2026-07-25 17:20:00.000000005";
const LOCAL = "2026-07-25 19:20:00.000000005";

Deno.test("stamps and dates are shown as local time", () => {
  const rows: Readonly<Record<string, string>> = {
    [`${stampText(AT)} text`]: `${LOCAL} text`,
    [stampText(AT)]: LOCAL,
    [`${DATE}  text`]: `${LOCAL}  text`,
    [`${stampText(AT)} ${DATE}  text`]: `${LOCAL} ${LOCAL}  text`,
  };
  for (const [line, text] of Object.entries(rows)) {
    deepEqual(shownLine(line, { written: utc, shown: east }), { at: AT, text });
  }
});

Deno.test("what is behind stamps and dates is the text, whatever blanks that begins with", () => {
  for (const text of ["text", "", "  two blanks", " one"]) {
    deepEqual(bareLine(`${stampText(AT)} ${text}`, utc), { at: AT, text });
    deepEqual(bareLine(`${LOCAL}  ${text}`, east), { at: AT, text });
    deepEqual(bareLine(`${stampText(AT)} ${LOCAL}  ${text}`, utc), { at: AT, text });
  }
  for (const text of ["", "text", "@4000", "2026 text", `${DATE} text`]) {
    deepEqual(bareLine(text, utc), { at: undefined, text });
  }
});

Deno.test("a line without a stamp stays as it is, and so does a date in the zone that is shown", () => {
  for (const text of ["", "text", "@4000", `${DATE} text`, "\xff\x1b[31m"]) {
    deepEqual(shownLine(text, { written: utc, shown: east }), { at: undefined, text });
  }
  // The hour that comes twice.
  const berlin = findZone("CET-1CEST,M3.5.0,M10.5.0/3", () => undefined);
  const twice = "2026-10-25 02:30:00.000000000  text";
  equal(shownLine(twice, { written: berlin, shown: berlin }).text, twice);
});

Deno.test("the zone of dates is the one in which the last of them is when the file was changed", () => {
  const zones = [utc, east] as const;
  equal(nearestZone(`${DATE}  text`, AT.seconds + 1, zones), utc);
  equal(nearestZone(`${LOCAL}  text`, AT.seconds + 1, zones), east);
  equal(nearestZone(`${stampText(AT)} ${LOCAL}  text`, AT.seconds, zones), east);
  equal(nearestZone("text", AT.seconds, zones), utc);
});
