// An environment as a value: changes give a new one. Names and values are byte strings; the order of first appearance
// is kept, and words without "=" are carried along untouched, as execve does.

import type { ByteString } from "./bytes.ts";

export class Environment {
  private constructor(private readonly words: ReadonlyMap<ByteString, ByteString | undefined>) {}

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

  get(name: ByteString): ByteString | undefined {
    return this.words.get(name);
  }

  has(name: ByteString): boolean {
    return this.words.get(name) !== undefined;
  }

  /** This environment with the variables set; undefined removes one. */
  with(changes: Iterable<readonly [ByteString, ByteString | undefined]>): Environment {
    const map = new Map(this.words);
    for (const [name, value] of changes) {
      if (value === undefined) map.delete(name);
      else map.set(name, value);
    }
    return new Environment(map);
  }

  /** Names and values, in order. */
  *[Symbol.iterator](): Generator<[ByteString, ByteString]> {
    for (const [name, value] of this.words) if (value !== undefined) yield [name, value];
  }

  /** NAME=value words for execve. */
  toWords(): ByteString[] {
    const words: ByteString[] = [];
    for (const [name, value] of this.words) words.push(value === undefined ? name : `${name}=${value}`);
    return words;
  }
}
