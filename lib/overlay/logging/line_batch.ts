// Lines that are ready to be written, in pieces of whole lines that a pipe takes at once, so that no other writer comes
// between them, and that fit into a pipe of a known size all together.

/** What a pipe takes in one piece (PIPE_BUF), and what one of its buffers holds. */
const PIECE = 4096;
/** Of a pipe: where the system has larger pages, pieces leave something of each. */
const PART = 7 / 8;

export class LineBatch {
  /** Where each piece ends. */
  readonly ends: number[] = [];
  /** Room for the lines, and for one more that will not fit. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many buffers of the pipe there are, and how many are used up to the current piece. */
  private readonly buffers: number;
  private used = 0;
  /** Where the current piece begins, and where its last line ends. */
  private piece = 0;
  private end = 0;

  /** @param size that of the pipe */
  constructor(size: number) {
    this.buffers = Math.max(1, Math.floor(size * PART / PIECE));
    this.bytes = new Uint8Array(2 * this.room);
  }

  /** How long a line may be that fits in by itself. */
  get room(): number {
    return this.buffers * PIECE;
  }

  clear(): void {
    this.ends.length =
      this.used =
      this.piece =
      this.end =
        0;
  }

  /** The line that was put behind the last one ends at this place. False if it does not fit: then it is none. */
  endLine(end: number): boolean {
    if (end - this.piece > PIECE) this.finish();
    if (this.used + Math.ceil((end - this.piece) / PIECE) > this.buffers) return false;
    this.end = end;
    return true;
  }

  /** Ends the last piece. */
  finish(): void {
    if (this.end === this.piece) return;
    this.used += Math.ceil((this.end - this.piece) / PIECE);
    this.ends.push(this.end);
    this.piece = this.end;
  }
}
