// What tests of lines with names have in common: lines that show whether one is lost, doubled or mixed with another.

import { equal, ok } from "node:assert/strict";
import type { Quick } from "../surroundings/quick.ts";

export const QUIET = { S6_VERBOSITY: "1" };
export const WITH_NAMES = { ...QUIET, S6_OUTPUT: "prefix" };
export const STAY = "exec sleep 1000";

/** Says `count` lines of 100 bytes with their number, and what they are. */
export const say = (what: string, count: number): string =>
  `seq -w 1 ${count} | sed "s/$/ ${what} ${"x".repeat(97 - what.length - String(count).length)}/"`;
export const RELAY = "relay() { grep -l ^/command/s6-overlay-relay /proc/[1-9]*/cmdline 2>/dev/null | cut -d/ -f3; }";

/** The lines that begin so, without that. */
export function linesBehind(text: string, begin: string): string[] {
  return text.split("\n").filter((line) => line.startsWith(begin)).map((line) => line.slice(begin.length));
}

/** Each of the numbered lines is there once, in order. */
export function complete(lines: readonly string[], what: string, count: number): void {
  const numbers = lines.filter((line) => line.includes(` ${what} x`)).map((line) => {
    equal(line.length, 99, line);
    return Number(line.slice(0, String(count).length));
  });
  equal(numbers.length, count, `${what}: ${numbers.length} of ${count} lines`);
  ok(numbers.every((number, at) => number === at + 1), `${what}: not in order`);
}

export const command = (...lines: string[]): Pick<Quick, "argv"> => ({
  argv: ["/init", "/bin/sh", "-c", lines.join("\n")],
});
export const untilThere = (path: string): string => `until [ -e ${path} ]; do usleep 10000; done`;
