// Bytes that wait to be written, in order, in one growing block.

import type { Bytes } from "./lines.ts";

export class ByteQueue {
  private block: Bytes = new Uint8Array(0);
  private begin = 0;
  private end = 0;

  get empty(): boolean {
    return this.begin === this.end;
  }

  /** Adds a copy of the bytes. */
  push(bytes: Bytes): void {
    if (this.end + bytes.length > this.block.length) {
      const waiting = this.block.subarray(this.begin, this.end);
      const room = waiting.length + bytes.length;
      const target = room <= this.block.length / 2 ? this.block : new Uint8Array(2 * room);
      target.set(waiting);
      this.block = target;
      this.begin = 0;
      this.end = waiting.length;
    }
    this.block.set(bytes, this.end);
    this.end += bytes.length;
  }

  /** All that waits; valid until the next push. */
  all(): Bytes {
    return this.block.subarray(this.begin, this.end);
  }

  /** Forgets the first bytes: they were written. */
  drop(count: number): void {
    this.begin += count;
    // A burst is over: its memory goes back.
    if (this.begin === this.end) {
      this.begin = this.end = 0;
      this.block = new Uint8Array(0);
    }
  }
}
