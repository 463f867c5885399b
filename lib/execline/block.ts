// Blocks as they travel in an argument vector: each word of a block has a leading blank, an empty word ends it. Words
// without the blank are accepted, warned of or refused, as EXECLINE_STRICT has it.

import type { ByteString } from "../bytes.ts";
import type { Environment } from "../environment.ts";
import { invalid } from "../report.ts";

/** How to take what is wrong but can be lived with: 0 in silence, 1 with a warning, 2 or more not at all. */
export function strictness(environment: Environment): number {
  const value = /^[0-9]+/.exec(environment.get("EXECLINE_STRICT") ?? "");
  return value === null ? 0 : Number(value[0]);
}

/** Takes block after block off an argument list. */
export class Blocks {
  private at = 0;
  private taken = 0;

  constructor(
    private readonly words: readonly ByteString[],
    private readonly strict: number,
    private readonly warn: (text: string) => void,
  ) {}

  /** The words behind the blocks taken so far. */
  get rest(): readonly ByteString[] {
    return this.words.slice(this.at);
  }

  /** The next block, one blank taken off each word; undefined if no empty word ends it. */
  tryTake(): ByteString[] | undefined {
    const end = this.words.indexOf("", this.at);
    if (end < 0) return undefined;
    this.taken++;
    const block = this.words.slice(this.at, end).map((word, position) => this.unquote(word, position));
    this.at = end + 1;
    return block;
  }

  /** The next block. `name` says which one it is where a command has several. */
  take(name = ""): ByteString[] {
    const block = this.tryTake();
    if (block === undefined) throw invalid(`unterminated ${name === "" ? "" : name + " "}block`);
    return block;
  }

  private unquote(word: ByteString, position: number): ByteString {
    if (word[0] === " ") return word.slice(1);
    if (this.strict > 0) {
      const text = `unquoted argument ${word} at block ${this.taken} position ${position}`;
      if (this.strict > 1) throw invalid(text);
      this.warn(text);
    }
    return word;
  }
}
