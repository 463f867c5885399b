// Blocks as they travel in an argument vector: each word of a block has a leading blank, an empty word ends it. Words
// without the blank are accepted, warned of or refused, as EXECLINE_STRICT has it.

import type { ByteString } from "../bytes.ts";
import type { Environment } from "../environment.ts";
import { invalid } from "../report.ts";

/** EXECLINE_STRICT: faults that can be lived with are 0 passed over, 1 warned of, 2 or more fatal; undefined if not set. */
export function strictness(environment: Environment): number | undefined {
  const digits = /^[0-9]+/.exec(environment.get("EXECLINE_STRICT") ?? "");
  return digits === null ? undefined : Number(digits[0]);
}

/** A fault that can be lived with is passed over, warned of or refused. */
export function tolerate(text: string, environment: Environment, warn: (text: string) => void): void {
  const strict = strictness(environment) ?? 0;
  if (strict > 1) throw invalid(text);
  if (strict > 0) warn(text);
}

/** Takes block after block off an argument list. */
export class Blocks {
  private at = 0;

  constructor(
    private readonly words: readonly ByteString[],
    private readonly environment: Environment,
    private readonly warn: (text: string) => void,
    /** How many blocks were begun, those inside others included. */
    private readonly count: { begun: number } = { begun: 0 },
  ) {}

  /** The blocks among words that were in a block themselves, from a place on. */
  within(words: readonly ByteString[], from = 0): Blocks {
    const blocks = new Blocks(words, this.environment, this.warn, this.count);
    blocks.at = from;
    return blocks;
  }

  /** The place of the first word behind the blocks taken so far. */
  get place(): number {
    return this.at;
  }

  /** The words behind the blocks taken so far. */
  get rest(): readonly ByteString[] {
    return this.words.slice(this.at);
  }

  /** The next word, which is in no block; undefined behind the last one. */
  takeWord(): ByteString | undefined {
    return this.at < this.words.length ? this.words[this.at++] : undefined;
  }

  /** The next block, one blank taken off each word; undefined if no empty word ends it. */
  tryTake(): ByteString[] | undefined {
    const end = this.words.indexOf("", this.at);
    this.count.begun++;
    const words = this.words.slice(this.at, end < 0 ? this.words.length : end);
    const block = words.map((word, position) => this.unquote(word, position));
    if (end < 0) return undefined;
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
    tolerate(
      `unquoted argument ${word} at block ${this.count.begun} position ${position}`,
      this.environment,
      this.warn,
    );
    return word;
  }
}
