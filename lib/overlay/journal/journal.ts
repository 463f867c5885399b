// The journal of a container: the last entries, of bounded number and size. Process 1 writes one for what it does and for
// what it says; an entry is an object in memory, and nothing is printed or written to a disk for it. When it is full the
// subject that has the most entries loses its oldest: a service that ends again and again leaves the others theirs.

import type { ByteString } from "../../bytes.ts";
import type { JournalEntry, Moment } from "./snapshot.ts";

/** The most bytes of one entry's text: a hostile service may have a say in it. */
const LONGEST = 500;
/** The most entries, whatever is asked for: the memory of process 1 has a bound. */
const MOST_ENTRIES = 100_000;
/** No place. */
const NONE = -1;

/** The entries of one subject, by their places. */
interface Share {
  readonly subject: ByteString;
  count: number;
  oldest: number;
  newest: number;
}

export class Journal {
  private readonly size: number;
  private count = 0;
  /** Each entry has a place; one that is free is taken again at once. */
  private readonly kept: JournalEntry[] = [];
  /** By place: the entries before and after it in time, and the next one of its subject. */
  private readonly before: Int32Array;
  private readonly after: Int32Array;
  private readonly next: Int32Array;
  private oldest = NONE;
  private newest = NONE;
  private readonly shares = new Map<ByteString, Share>();
  /** No share has more entries than this. */
  private most = 0;
  /** One that had as many when it was looked for. */
  private largest: Share | undefined;

  /**
   * @param wanted how many entries are to be kept, 100,000 at most
   * @param onEntry sees each
   */
  constructor(
    wanted: number,
    private readonly onEntry: (entry: Omit<JournalEntry, "number" | "at">) => void,
  ) {
    this.size = Math.min(wanted, MOST_ENTRIES);
    const places = (): Int32Array => new Int32Array(this.size);
    [this.before, this.after, this.next] = [places(), places(), places()];
  }

  add(at: Moment, subject: ByteString, event: JournalEntry["event"], text: ByteString): void {
    this.onEntry({ subject, event, text });
    if (this.size === 0) return;
    const number = ++this.count;
    const entry: JournalEntry = { number, at, subject: keptOf(subject), event, text: keptOf(text) };
    const place = this.kept.length < this.size ? this.kept.length : this.forgetOne();
    this.kept[place] = entry;
    this.append(place);
    this.share(place, entry.subject);
  }

  /** The entries that are kept, the oldest first. */
  entries(): readonly JournalEntry[] {
    const entries: JournalEntry[] = [];
    for (let place = this.oldest; place !== NONE; place = this.after[place]!) entries.push(this.kept[place]!);
    return entries;
  }

  /** @returns the place that is free now: that of the oldest entry of the largest share */
  private forgetOne(): number {
    const share = this.largestShare();
    const place = share.oldest;
    share.oldest = this.next[place]!;
    if (--share.count === 0) this.shares.delete(share.subject);
    const [before, after] = [this.before[place]!, this.after[place]!];
    if (before === NONE) this.oldest = after;
    else this.after[before] = after;
    if (after === NONE) this.newest = before;
    else this.before[after] = before;
    return place;
  }

  private append(place: number): void {
    this.before[place] = this.newest;
    this.after[place] = NONE;
    if (this.newest === NONE) this.oldest = place;
    else this.after[this.newest] = place;
    this.newest = place;
  }

  private share(place: number, subject: ByteString): void {
    this.next[place] = NONE;
    let share = this.shares.get(subject);
    if (share === undefined) {
      this.shares.set(subject, share = { subject, count: 0, oldest: place, newest: place });
    } else this.next[share.newest] = place;
    share.newest = place;
    if (++share.count <= this.most) return;
    this.most = share.count;
    this.largest = share;
  }

  /** Of several such the one whose subject came first: it is found at once as long as nothing overtakes it. */
  private largestShare(): Share {
    while (this.largest?.count !== this.most) {
      this.largest = undefined;
      for (const share of this.shares.values()) {
        if (share.count !== this.most) continue;
        this.largest = share;
        break;
      }
      if (this.largest === undefined) this.most--;
    }
    return this.largest;
  }
}

/** The text, or as much of it as is kept. */
export function keptOf(text: ByteString): ByteString {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}
