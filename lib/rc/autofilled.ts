// The list of consumers that the keeper of pipes reads when it starts.

import type { ByteString } from "../bytes.ts";

/** Names, one a line; blanks before them are skipped, and lines that are empty or begin with # do not count. */
export function autofilledNames(text: ByteString): readonly ByteString[] {
  const end = text.indexOf("\0");
  const lines = (end < 0 ? text : text.slice(0, end)).split("\n");
  return lines.map((line) => line.replace(/^[ \t\r]+/, "")).filter((name) => name !== "" && !name.startsWith("#"));
}
