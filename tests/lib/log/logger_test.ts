import { deepEqual, equal } from "node:assert/strict";
import { byteString, rawBytes } from "../../../lib/bytes.ts";
import { parseScript } from "../../../lib/log/directive.ts";
import { Logger, type Sink } from "../../../lib/log/logger.ts";
import { utc } from "../../../lib/log/timezone.ts";
import { stampText } from "../../../lib/tai.ts";

const NOW = { seconds: 1_700_000_000, nanoseconds: 0 };

/** What a script makes of the lines: destination to text. */
function log(words: readonly string[], lines: string): Record<string, string> {
  const out: Record<string, string> = {};
  const sink = (name: string): Sink => ({
    write: (bytes) => {
      out[name] = (out[name] ?? "") + byteString(bytes);
    },
  });
  const sinks = {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    directory: sink,
    status: (file: string, content: Uint8Array): void => {
      out[file] = byteString(content);
    },
  };
  new Logger(parseScript(words), sinks, () => utc).write(rawBytes(lines), NOW);
  return out;
}

const stamp = (line: number): string => stampText({ ...NOW, nanoseconds: line });

Deno.test("actions on one destination alternate line by line", () => {
  deepEqual(log(["1", "t", "1", "px", "1"], "a\nb\n"), { stdout: `a\n${stamp(0)} a\nx a\nb\n${stamp(1)} b\nx b\n` });
});

Deno.test("all actions of a line carry the same stamp", () => {
  deepEqual(log(["t", "./a", "-b", "t", "./b", "t", "=s"], "a\nb\nc\n"), {
    "./a": `${stamp(0)} a\n${stamp(1)} b\n${stamp(2)} c\n`,
    "./b": `${stamp(0)} a\n${stamp(2)} c\n`,
    s: `${stamp(2)} c\n`.padEnd(1001, "\n"),
  });
});

Deno.test("an alert is cut when it is more than three bytes too long, counted without its header", () => {
  const alerts = log(["E4", "p+++", "2"], "abcdefg\nabcdefgh\n").stderr;
  equal(alerts, "s6-log: alert: +++ abcdefg\ns6-log: alert: +++ abcd...\n");
  equal(log(["E0", "2"], `${"x".repeat(500)}\n`).stderr, `s6-log: alert: ${"x".repeat(500)}\n`);
});

Deno.test("a status file holds the last selected line, padded or cut to its size", () => {
  deepEqual(log(["^3", "=a", "^0", "=b", "^8", "=c", "-", "=d"], "one\nabcd\n"), {
    a: "abc",
    b: "abcd\n",
    c: "abcd\n\n\n\n",
  });
});

Deno.test("a status file that is named twice holds the last line of either, and of one line what is written last", () => {
  deepEqual(log(["^0", "=a", "-b", "px", "=a"], "a\nb\n"), { a: "b\n" });
  deepEqual(log(["^0", "=a", "-a", "px", "=a"], "a\nb\n"), { a: "x b\n" });
  deepEqual(log(["^0", "-a", "px", "=a", "+", "p", "=a"], "b\na\n"), { a: "a\n" });
});

Deno.test("lines between deselected ones keep their order", () => {
  const lines = Array.from({ length: 1000 }, (_, number) => `${number}\n`);
  equal(log(["-3", "1"], lines.join("")).stdout, lines.filter((line) => !line.includes("3")).join(""));
});

Deno.test("output larger than the room for it comes out whole", () => {
  const lines = "\n".repeat(20_000) + "x".repeat(200_000) + "\n";
  const { stdout } = log(["t", "1"], lines);
  equal(stdout!.length, 26 * 20_001 + lines.length);
  equal(stdout!.replace(/@[0-9a-f]{24} /g, ""), lines);
});

Deno.test("a status file is written once for the lines of one read", () => {
  const written: string[] = [];
  const nowhere: Sink = { write: () => {} };
  const sinks = {
    stdout: nowhere,
    stderr: nowhere,
    directory: () => nowhere,
    status: (file: string, content: Uint8Array): void => void written.push(`${file} ${byteString(content)}`),
  };
  const logger = new Logger(parseScript(["^0", "=s"]), sinks, () => utc);
  logger.write(rawBytes("a\nb\nc\n"), NOW);
  deepEqual(written, ["s c\n"]);
});
