// The journal of a container: the last entries, of bounded number and size. Process 1 writes one for what it does and for
// what it says; an entry is an object in memory, and nothing is printed or written to a disk for it.

import type { ByteString } from "../../bytes.ts";
import type { JournalEntry, Moment } from "./snapshot.ts";

/** The most bytes of one entry's text: a hostile service may have a say in it. */
const LONGEST = 500;
/** The most entries, whatever is asked for: the memory of process 1 has a bound. */
const MOST_ENTRIES = 100_000;

export class Journal {
  private readonly ring: JournalEntry[] = [];
  private count = 0;
  private readonly size: number;

  /**
   * @param wanted how many entries are to be kept, 100,000 at most
   * @param onEntry sees each
   */
  constructor(
    wanted: number,
    private readonly onEntry: (entry: Omit<JournalEntry, "number" | "at">) => void,
  ) {
    this.size = Math.min(wanted, MOST_ENTRIES);
  }

  add(at: Moment, subject: ByteString, event: JournalEntry["event"], text: ByteString): void {
    this.onEntry({ subject, event, text });
    if (this.size === 0) return;
    const entry: JournalEntry = {
      number: this.count + 1,
      at,
      subject: keptOf(subject),
      event,
      text: keptOf(text),
    };
    this.ring[this.count % this.size] = entry;
    this.count++;
  }

  /** The entries that are kept, the oldest first. */
  entries(): readonly JournalEntry[] {
    const oldest = this.count % this.size;
    return this.count <= this.size ? [...this.ring] : [...this.ring.slice(oldest), ...this.ring.slice(0, oldest)];
  }
}

/** The text, or as much of it as is kept. */
export function keptOf(text: ByteString): ByteString {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}
