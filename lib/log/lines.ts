// Input cut into lines. Bytes are read straight into one buffer, and what is handed on are all its whole lines as one
// piece, each ended by a newline: nothing is made for a single line. A NUL ends a line as a newline does, and a line
// longer than the limit is cut. Follows s6-log(8), reading.

const NEWLINE = 10;

/** How much is read at once at most: what a pipe holds. */
const READ_SIZE = 65536;
/** And at first: most loggers rest most of the time, and what they never read into they do not weigh. */
const FIRST_SIZE = 4096;

export type Bytes = Uint8Array<ArrayBuffer>;

export class LineReader {
  private buffer: Bytes = new Uint8Array(0);
  /** As much as comes is asked for: twice as much behind each read that was filled. */
  private size: number;
  /** Where lines longer than the limit are put together from their pieces. */
  private cut: Bytes = new Uint8Array(0);
  /** Bytes not handed out yet, between these places: the beginning of a line. */
  private begin = 0;
  private end = 0;

  /** @param limit the longest line in bytes; 0 is without limit */
  constructor(private readonly limit: number, private readonly readSize: number = READ_SIZE) {
    this.size = Math.min(FIRST_SIZE, readSize);
  }

  /** True between the first byte of a line and its end. */
  get insideLine(): boolean {
    return this.end > this.begin;
  }

  /** True if the line begun is as long as a line may be. */
  get full(): boolean {
    return this.limit > 0 && this.end - this.begin >= this.limit;
  }

  /** Where the next read is to put its bytes. Lines handed out before are no longer valid. */
  room(size: number = this.size): Bytes {
    const kept = this.buffer.subarray(this.begin, this.end);
    if (kept.length + size >= this.buffer.length) {
      this.buffer = new Uint8Array(Math.max(2 * this.buffer.length, kept.length + size + 1));
    }
    this.buffer.set(kept);
    this.begin = 0;
    this.end = kept.length;
    return this.buffer.subarray(this.end, this.end + size);
  }

  /** The whole lines there are, maybe none, now that a read has put bytes into room(). */
  take(count: number): Bytes {
    const fresh = this.buffer.subarray(this.end, this.end + count);
    for (let at = fresh.indexOf(0); at >= 0; at = fresh.indexOf(0, at + 1)) fresh[at] = NEWLINE;
    if (count === this.size) this.size = Math.min(2 * this.size, this.readSize);
    const start = this.end;
    this.end += count;
    const long = this.longLine();
    if (long >= 0) return this.cutFrom(long);
    const newline = fresh.lastIndexOf(NEWLINE);
    if (newline >= 0) this.begin = start + newline + 1;
    return this.buffer.subarray(0, this.begin);
  }

  /** What is left when no more input comes: the line without an end, ended, or nothing. */
  rest(): Bytes {
    if (!this.insideLine) return new Uint8Array(0);
    this.buffer[this.end] = NEWLINE;
    const line = this.buffer.subarray(this.begin, this.end + 1);
    this.begin = this.end = 0;
    return line;
  }

  /** Where the first line longer than the limit begins, or -1. */
  private longLine(): number {
    if (this.limit === 0) return -1;
    let at = 0;
    while (this.end - at > this.limit) {
      // The last newline within reach: all lines up to it are short enough.
      const newline = this.buffer.lastIndexOf(NEWLINE, at + this.limit);
      if (newline < at) return at;
      at = newline + 1;
    }
    return -1;
  }

  /** The whole lines, those from `start` on in pieces of at most the limit. */
  private cutFrom(start: number): Bytes {
    const { buffer, limit, end } = this;
    const most = end + Math.ceil((end - start) / limit) + 1;
    if (this.cut.length < most) this.cut = new Uint8Array(2 * most);
    const lines = this.cut;
    lines.set(buffer.subarray(0, start));
    let length = start;
    let at = start;
    const put = (to: number): void => {
      lines.set(buffer.subarray(at, to), length);
      length += to - at + 1;
      lines[length - 1] = NEWLINE;
      at = to;
    };
    for (;;) {
      const newline = buffer.indexOf(NEWLINE, at);
      const whole = newline >= 0 && newline < end;
      const stop = whole ? newline : end;
      while (stop - at > limit) put(at + limit);
      if (!whole) break;
      put(stop);
      at++;
    }
    this.begin = at;
    return lines.subarray(0, length);
  }
}

/** The lines of a piece of whole lines: where each ends, and what was decided on it. */
export class LineEnds {
  private places = new Int32Array(1024);
  private verdicts = new Int32Array(1024);
  count = 0;

  /** Finds the lines of another piece. */
  read(lines: Bytes): void {
    this.clear();
    for (let at = lines.indexOf(NEWLINE); at >= 0; at = lines.indexOf(NEWLINE, at + 1)) this.add(at + 1, 0);
  }

  clear(): void {
    this.count = 0;
  }

  /** Another line: the place behind its newline, and the verdict on it. */
  add(end: number, verdict: number): void {
    if (this.count === this.places.length) this.grow();
    this.places[this.count] = end;
    this.verdicts[this.count++] = verdict;
  }

  private grow(): void {
    const larger = (list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(2 * list.length);
      copy.set(list);
      return copy;
    };
    this.places = larger(this.places);
    this.verdicts = larger(this.verdicts);
  }

  /** The place behind the newline of a line; 0 for line -1. */
  after(line: number): number {
    return line < 0 ? 0 : this.places[line]!;
  }

  verdict(line: number): number {
    return this.verdicts[line]!;
  }

  setVerdict(line: number, verdict: number): void {
    this.verdicts[line] = verdict;
  }
}
