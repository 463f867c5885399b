// What stands before the text of a line: stamps and prefix, as bytes that change little from one line to the next.
// The clock is read once for a batch of lines; each further line of it is a nanosecond later, so that stamps rise and
// sorting by them keeps the order. Follows s6-log(8): TAI64N and a blank, local time and two blanks, prefix and a blank.

import { type ByteString, rawBytes } from "../bytes.ts";
import type { Instant } from "../os/os.ts";
import { stampText } from "../tai.ts";
import type { Label } from "./directive.ts";
import { isoText, type Zone } from "./timezone.ts";

const BILLION = 1_000_000_000;
const DIGITS = rawBytes("0123456789abcdef");

/** A number in the bytes of a header, right-aligned, behind its last digit. */
interface Counter {
  readonly end: number;
  readonly base: 10 | 16;
}

export class Header {
  private bytes = new Uint8Array(0);
  private readonly counters: readonly Counter[];
  private seconds = NaN;
  private nanoseconds = 0;
  private start: Instant = { seconds: 0, nanoseconds: 0 };

  /** @param lead stands before everything else */
  constructor(
    private readonly label: Label,
    private readonly zone: () => Zone,
    private readonly lead: ByteString = "",
  ) {
    const tai = lead.length + 25;
    const local = lead.length + (label.tai ? 26 : 0) + 29;
    this.counters = [
      ...(label.tai ? [{ end: tai, base: 16 } as const] : []),
      ...(label.local ? [{ end: local, base: 10 } as const] : []),
    ];
    this.write({ seconds: 0, nanoseconds: 0 });
  }

  /** True if nothing stands before a line. */
  get empty(): boolean {
    return this.bytes.length === 0;
  }

  get length(): number {
    return this.bytes.length;
  }

  /** A batch begins: its lines are of this moment. */
  begin(now: Instant): void {
    if (this.counters.length > 0) this.start = now;
  }

  /** The header of a line of the batch, counted from 0. It changes with the next call. */
  of(line: number): Uint8Array<ArrayBuffer> {
    if (this.counters.length === 0) return this.bytes;
    const sum = this.start.nanoseconds + line;
    const nanoseconds = sum % BILLION;
    const seconds = this.start.seconds + (sum - nanoseconds) / BILLION;
    if (seconds !== this.seconds) this.write({ seconds, nanoseconds });
    else for (const counter of this.counters) this.count(counter, this.nanoseconds, nanoseconds);
    this.nanoseconds = nanoseconds;
    return this.bytes;
  }

  private write(instant: Instant): void {
    const { tai, local, prefix } = this.label;
    const text = (tai ? `${stampText(instant)} ` : "") + (local ? `${isoText(instant, this.zone())}  ` : "");
    this.bytes = rawBytes(this.lead + text + (prefix === "" ? "" : `${prefix} `));
    this.seconds = instant.seconds;
  }

  /** Rewrites the last digits, as far as they differ. */
  private count({ end, base }: Counter, before: number, after: number): void {
    for (let at = end - 1; before !== after; at--) {
      const rest = after % base;
      this.bytes[at] = DIGITS[rest]!;
      after = (after - rest) / base;
      before = Math.floor(before / base);
    }
  }
}
