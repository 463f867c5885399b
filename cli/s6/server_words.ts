// Words of the chains that s6-fdholder-daemon and s6-ipcserver become: options passed on, and the change of user between
// making the socket and serving it.

import { parseGroupIds } from "../../lib/accounts.ts";
import type { ByteString } from "../../lib/bytes.ts";
import { UsageError } from "../../lib/report.ts";
import type { Options } from "../getopt.ts";
import { numericId } from "../numeric_id.ts";

/** An option to pass on: not where it says what is so anyway, and no less than `least`. */
export function numberWord<L extends string>(
  options: Pick<Options, "number">,
  letter: L,
  usual?: number,
  least = 0,
): ByteString[] {
  const number = options.number(letter);
  return number === undefined || number === usual ? [] : [`-${letter}`, `${Math.max(least, number)}`];
}

/** The words that make another user of the process; none where nothing of the kind is asked for. */
export function userWords(options: Pick<Options<"u:g:G:U">, "list">): ByteString[] {
  let ids: Partial<Record<"u" | "g" | "G", ByteString>> = {};
  let fromEnvironment = false;
  for (const { letter, value } of options.list) {
    if (letter === "U") {
      fromEnvironment = true;
      ids = {};
    } else if (letter === "u" || letter === "g") ids[letter] = `${numericId(value)}`;
    else if (letter === "G") ids.G = groupList(value);
  }
  const { u = "0", g = "0", G } = ids;
  // 0 is "as it is".
  const words = [
    ...(fromEnvironment ? ["-Uz"] : []),
    ...(u === "0" ? [] : ["-u", u]),
    ...(g === "0" ? [] : ["-g", g]),
    ...(G === undefined ? [] : ["-G", G]),
  ];
  return words.length === 0 ? [] : ["s6-applyuidgid", ...words, "--"];
}

function groupList(text: ByteString): ByteString {
  const ids = parseGroupIds(text);
  if (ids === undefined) throw new UsageError();
  return ids.join(",");
}
