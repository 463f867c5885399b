// An environment as a value: changes give a new one. Names and values are byte strings; the order of first appearance
// is kept, and words without "=" are carried along untouched, as execve does.

import type { ByteString } from "./bytes.ts";

/** What became of a name since the words were gathered. */
interface Change {
  /** Undefined if the variable was removed. */
  readonly value: ByteString | undefined;
  /** It stands behind all the words, as it was not among them, or was removed in between. */
  readonly behind: boolean;
}

const NOTHING: ReadonlyMap<ByteString, Change> = new Map();
const REMOVED: Change = { value: undefined, behind: false };
/** So few words are copied as fast as changes are kept apart. */
const FEW = 256;

export class Environment {
  /**
   * @param words as they were gathered; a word without "=" has no value
   * @param changes since then: a chain makes one after the other, and an environment may have tens of thousands of words
   */
  private constructor(
    private readonly words: ReadonlyMap<ByteString, ByteString | undefined>,
    private readonly changes: ReadonlyMap<ByteString, Change> = NOTHING,
  ) {}

  static readonly empty: Environment = new Environment(new Map());

  /** From NAME=value words. The first of several words for one name counts, as getenv has it. */
  static of(words: Iterable<ByteString>): Environment {
    const map = new Map<ByteString, ByteString | undefined>();
    for (const word of words) {
      const equals = word.indexOf("=");
      const name = equals < 0 ? word : word.slice(0, equals);
      if (!map.has(name)) map.set(name, equals < 0 ? undefined : word.slice(equals + 1));
    }
    return new Environment(map);
  }

  /** How many words there are at most. */
  get size(): number {
    return this.words.size + this.changes.size;
  }

  get(name: ByteString): ByteString | undefined {
    const change = this.changes.get(name);
    return change === undefined ? this.words.get(name) : change.value;
  }

  has(name: ByteString): boolean {
    return this.get(name) !== undefined;
  }

  /** This environment with the variables set; undefined removes one. */
  with(changes: Iterable<readonly [ByteString, ByteString | undefined]>): Environment {
    return this.size < FEW ? this.copiedWith(changes) : this.layeredWith(changes);
  }

  private copiedWith(changes: Iterable<readonly [ByteString, ByteString | undefined]>): Environment {
    const map = new Map(this.changes === NOTHING ? this.words : this.entries());
    for (const [name, value] of changes) {
      if (value === undefined) map.delete(name);
      else map.set(name, value);
    }
    return new Environment(map);
  }

  private layeredWith(changes: Iterable<readonly [ByteString, ByteString | undefined]>): Environment {
    const all = new Map(this.changes);
    for (const [name, value] of changes) {
      const known = all.get(name);
      if (value === undefined) {
        if (this.words.has(name)) all.set(name, REMOVED);
        else all.delete(name);
      } else if (known?.value === undefined) {
        // Set again behind its removal it stands at the end, and so does its change.
        all.delete(name);
        all.set(name, { value, behind: known !== undefined || !this.words.has(name) });
      } else all.set(name, { value, behind: known.behind });
    }
    const next = new Environment(this.words, all);
    // Few enough changes for the next copy of them, many enough for the one of the words to be rare.
    return all.size * all.size > 16 * this.words.size ? new Environment(new Map(next.entries())) : next;
  }

  /** Names and values of those whose name will do, in order; faster than going through all. */
  matching(wanted: (name: ByteString) => boolean): [ByteString, ByteString][] {
    const found: [ByteString, ByteString][] = [];
    for (const name of this.words.keys()) {
      const change = wanted(name) ? this.changes.get(name) : REMOVED;
      const value = change === undefined ? this.words.get(name) : change.value;
      if (value !== undefined && !change?.behind) found.push([name, value]);
    }
    for (const [name, { value, behind }] of this.changes) {
      if (behind && value !== undefined && wanted(name)) found.push([name, value]);
    }
    return found;
  }

  /** Names and values, in order. */
  *[Symbol.iterator](): Generator<[ByteString, ByteString]> {
    for (const [name, value] of this.entries()) if (value !== undefined) yield [name, value];
  }

  /** NAME=value words for execve. */
  toWords(): ByteString[] {
    const words: ByteString[] = [];
    for (const [name, value] of this.entries()) words.push(value === undefined ? name : `${name}=${value}`);
    return words;
  }

  private *entries(): Generator<[ByteString, ByteString | undefined]> {
    for (const [name, value] of this.words) {
      const change = this.changes.get(name);
      if (change === undefined) yield [name, value];
      else if (change.value !== undefined && !change.behind) yield [name, change.value];
    }
    for (const [name, { value, behind }] of this.changes) if (behind && value !== undefined) yield [name, value];
  }
}
