// s6-tai64ndiff: how long after the line before it each line was stamped. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import type { Instant } from "../../lib/os/os.ts";
import { parseStamp } from "../../lib/tai.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { printChanged } from "./line_filter.ts";

const STAMP_LENGTH = 25;
const BILLION = 1_000_000_000;
const [SECONDS_WIDTH, FRACTION_WIDTH] = [10, 9];

export const tai64ndiff: Applet = utility({
  name: "s6-tai64ndiff",
  usage: "",
  summary: "turn time stamps at the beginning of lines into the time since the line before",
  options: NO_OPTIONS,
  least: 0,
  run: (context) => {
    let before: Instant | undefined;
    printChanged(context, (line) => {
      const now = parseStamp(line);
      const since = before;
      before = now;
      return now === undefined ? line : differenceText(since, now) + line.slice(STAMP_LENGTH);
    });
    return 0;
  },
});

/** The time between two instants; blank if the first is not known. */
export function differenceText(from: Instant | undefined, to: Instant): ByteString {
  if (from === undefined) return `[${".".padStart(SECONDS_WIDTH + 1).padEnd(SECONDS_WIDTH + FRACTION_WIDTH + 1)} ]`;
  const difference = (BigInt(to.seconds) - BigInt(from.seconds)) * BigInt(BILLION) +
    BigInt(to.nanoseconds - from.nanoseconds);
  const [sign, size] = difference < 0n ? ["-", -difference] : ["", difference];
  const seconds = `${sign}${size / BigInt(BILLION)}`.padStart(SECONDS_WIDTH);
  return `[${seconds}.${String(size % BigInt(BILLION)).padStart(FRACTION_WIDTH, "0")} ]`;
}
