// A generated text as a tree, so that a failing one can be made smaller: words as they are written, and blocks of them.

import type { ByteString } from "../../lib/bytes.ts";

interface Word {
  /** The blank space, and comments, ahead of it. */
  readonly before: ByteString;
  readonly text: ByteString;
}

export interface Block {
  readonly before: ByteString;
  readonly parts: readonly Part[];
}

export type Part = Word | Block;

/** The text of the parts. */
export function write(parts: readonly Part[]): ByteString {
  return parts.map((part) => part.before + ("text" in part ? part.text : `{${write(part.parts)} }`)).join("");
}

/** What is left of the parts without some of them: the largest cuts first, then what is left of each block. */
export function* smaller(parts: readonly Part[]): Generator<readonly Part[]> {
  for (let length = parts.length; length > 0; length = length >> 1) {
    for (let at = 0; at < parts.length; at += length) {
      yield [...parts.slice(0, at), ...parts.slice(at + length)];
    }
  }
  for (const [at, part] of parts.entries()) {
    if ("text" in part) continue;
    for (const less of smaller(part.parts)) {
      yield parts.with(at, { ...part, parts: less });
    }
  }
}
