// The pairs of a scanner, and who belongs to which.

import type { ByteString } from "../bytes.ts";
import type { Pair } from "./pair.ts";
import type { Post } from "./post.ts";

export class Roster {
  readonly #pairs = new Map<string, Pair>();
  readonly #pairOf = new Map<Post, Pair>();
  readonly #byName = new Map<ByteString, Post>();

  add(pair: Pair): void {
    this.#pairs.set(pair.key, pair);
    for (const post of pair.posts) {
      this.#pairOf.set(post, pair);
      this.#byName.set(post.name, post);
    }
  }

  remove(pair: Pair): void {
    this.#pairs.delete(pair.key);
    for (const post of pair.posts) {
      this.#pairOf.delete(post);
      if (this.#byName.get(post.name) === post) this.#byName.delete(post.name);
    }
  }

  get size(): number {
    return this.#pairs.size;
  }

  /** By device and inode. */
  get(key: string): Pair | undefined {
    return this.#pairs.get(key);
  }

  pairOf(post: Post): Pair | undefined {
    return this.#pairOf.get(post);
  }

  named(name: ByteString): Post | undefined {
    return this.#byName.get(name);
  }

  /** As they are now: what happens to the roster meanwhile does not change the list. */
  pairs(): Pair[] {
    return [...this.#pairs.values()];
  }

  posts(): Iterable<Post> {
    return this.#pairOf.keys();
  }
}
