// s6-tai64ndiff: how long after the line before it each line was stamped. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { printChanged } from "./line_filter.ts";

const STAMP_LENGTH = 25;
const BILLION = 1_000_000_000n;
const [SECONDS_WIDTH, FRACTION_WIDTH] = [10, 9];

export const tai64ndiff: Applet = utility({
  name: "s6-tai64ndiff",
  usage: "",
  summary: "turn time stamps at the beginning of lines into the time since the line before",
  options: NO_OPTIONS,
  least: 0,
  computes: true,
  run: (context) => {
    let before: bigint | undefined;
    printChanged(context, (line) => {
      const now = nanosecondsOf(line);
      const since = before;
      before = now;
      return now === undefined ? line : differenceText(since, now) + line.slice(STAMP_LENGTH);
    });
    return 0;
  },
});

/** The nanoseconds of the stamp that a line begins with. They stay TAI: between two of them leap seconds do count. */
function nanosecondsOf(line: ByteString): bigint | undefined {
  const [, seconds, nanoseconds] = /^@([0-9a-f]{16})([0-9a-f]{8})/i.exec(line) ?? [];
  return seconds === undefined ? undefined : BigInt(`0x${seconds}`) * BILLION + BigInt(`0x${nanoseconds}`);
}

/** The time between two stamps; blank if the first is not known. */
function differenceText(from: bigint | undefined, to: bigint): ByteString {
  if (from === undefined) return `[${" ".repeat(SECONDS_WIDTH)}.${" ".repeat(FRACTION_WIDTH)} ]`;
  const difference = to - from;
  const [sign, size] = difference < 0n ? ["-", -difference] : ["", difference];
  const seconds = `${sign}${size / BILLION}`.padStart(SECONDS_WIDTH);
  return `[${seconds}.${String(size % BILLION).padStart(FRACTION_WIDTH, "0")} ]`;
}
