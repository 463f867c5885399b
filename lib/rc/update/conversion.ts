// The conversion file of an update: what becomes of old services that cannot be told by their names. Follows s6-rc-update.

import type { ByteString } from "../../bytes.ts";
import { lex, ScriptFailure } from "../../execline/lexer.ts";
import { EXIT, Failure } from "../../report.ts";

/** A line of it: an old name, the new one if there is one, and what else is said. */
export interface Conversion {
  readonly from: ByteString;
  readonly to: ByteString | undefined;
  readonly keywords: readonly ByteString[];
}

const ARROW = "->";
const RESTART = "restart";

/**
 * The lines with words, one after the other: what is wrong with a line is said when all before it have been understood.
 * @throws Failure 100 for a line that cannot be split into words
 */
export function* conversionsIn(text: ByteString): Generator<Conversion> {
  for (const line of text.split("\n")) {
    const [from, ...rest] = wordsOf(line);
    if (from === undefined) continue;
    const isRenamed = rest.length >= 2 && rest[0] === ARROW;
    yield { from, to: isRenamed ? rest[1] : undefined, keywords: isRenamed ? rest.slice(2) : rest };
  }
}

/** Whether the service is to be restarted. @throws Failure 100 for a word that means nothing */
export function restarts({ keywords }: Conversion): boolean {
  const unknown = keywords.find((word) => word !== RESTART);
  if (unknown !== undefined) throw new Failure(EXIT.usage, `unknown keyword in conversion file: ${unknown}`);
  return keywords.length > 0;
}

function wordsOf(line: ByteString): readonly ByteString[] {
  try {
    return lex(line);
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    const isBrace = error.fault === "unterminated block" || error.fault === "unmatched }";
    throw new Failure(EXIT.usage, `${isBrace ? "mismatched braces" : "syntax error"} in conversion file: ${line}`);
  }
}
