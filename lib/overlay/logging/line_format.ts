// Lines with the name of their service: from bytes that were read to bytes that are to be written. Nothing is made for a
// single line, unless it has bytes that an object cannot have as they are.

import { type ByteString, rawBytes } from "../../bytes.ts";
import { withoutControls } from "../../json.ts";
import type { Instant } from "../../os/os.ts";
import type { LineBatch } from "./line_batch.ts";
import { lineHead, type NamedOutput, type OutputStream } from "./output_mode.ts";

const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
/** The longest line, in bytes: a longer one comes in several. */
const LONGEST_LINE = 1 << 17;
/** What a byte of the input takes at most: in an object it may be \u0000. */
const LONGEST_BYTE: Readonly<Record<NamedOutput, number>> = { prefix: 1, json: 6 };
/** What stands around the text of a line at most: a name of some 270 bytes, each of which may be \u0000, and some more. */
const AROUND = 2000;
const LINE_ENDS = { whole: rawBytes("}\n"), cut: rawBytes(',"partial":true}\n') } as const;

type Bytes = Uint8Array<ArrayBuffer>;

/** Whose lines they are. */
export interface StreamSource {
  /** Undefined: the overlay itself. */
  readonly service: ByteString | undefined;
  readonly stream: OutputStream;
  /** The lines have their form already, as process 1's own. */
  readonly isFormed?: boolean;
}

export class LineFormat {
  constructor(private readonly mode: NamedOutput, private readonly now: () => Instant) {}

  /** How long the input may be, so that any line in it fits into the batch. */
  mostInput(batch: LineBatch): number {
    return Math.max(1, Math.min(LONGEST_LINE, Math.floor((batch.room - AROUND) / LONGEST_BYTE[this.mode])));
  }

  /**
   * Fills the batch with lines of the source, as many as it takes; what stands behind the last newline is a line that is cut.
   * Returns how many bytes of the input that were.
   */
  fill(batch: LineBatch, { service, stream, isFormed = false }: StreamSource, input: Bytes): number {
    batch.clear();
    const head = rawBytes(isFormed ? "" : lineHead(this.mode, service, stream, this.now()));
    const taken = isFormed || this.mode === "prefix"
      ? fillPrefixed(batch, head, input)
      : fillObjects(batch, head, input);
    batch.finish();
    return taken;
  }
}

function fillPrefixed(batch: LineBatch, head: Bytes, input: Bytes): number {
  const { bytes } = batch;
  const copy = new WordCopy(input, bytes, hasNewline);
  const [size, length] = [head.length, input.length];
  let out = 0;
  let taken = 0;
  while (taken < length) {
    for (let index = 0; index < size; index++) bytes[out++] = head[index]!;
    const same = copy.from(taken, out);
    let at = taken + same;
    out += same;
    let byte = 0;
    while (byte !== NEWLINE && at < length) {
      byte = input[at++]!;
      bytes[out++] = byte;
    }
    if (byte !== NEWLINE) bytes[out++] = NEWLINE;
    if (!batch.endLine(out)) break;
    taken = at;
  }
  return taken;
}

function fillObjects(batch: LineBatch, head: Bytes, input: Bytes): number {
  const { bytes } = batch;
  const copy = new WordCopy(input, bytes, hasSpecial);
  const length = input.length;
  let out = 0;
  let taken = 0;
  while (taken < length) {
    bytes.set(head, out);
    out += head.length;
    const same = copy.from(taken, out + 1);
    let at = taken + same;
    let to = out + 1 + same;
    bytes[out] = QUOTE;
    while (at < length && isPlain(input[at]!)) bytes[to++] = input[at++]!;
    bytes[to++] = QUOTE;
    if (at < length && input[at] !== NEWLINE) {
      at = endOfLine(input, at);
      const text = jsonText(input.subarray(taken, at));
      bytes.set(text, out);
      to = out + text.length;
    }
    const end = at < length ? LINE_ENDS.whole : LINE_ENDS.cut;
    bytes.set(end, to);
    out = to + end.length;
    if (!batch.endLine(out)) break;
    taken = Math.min(at + 1, length);
  }
  return taken;
}

/** It is in an object what it is here. */
function isPlain(byte: number): boolean {
  return byte >= 32 && byte < 127 && byte !== QUOTE && byte !== BACKSLASH;
}

/** Copies four bytes at a time, which is several times as fast as one by one. */
class WordCopy {
  private readonly source: DataView;
  private readonly target: DataView;

  /** @param stops tells of four bytes if they may have one among them that is not just copied */
  constructor(input: Bytes, bytes: Bytes, private readonly stops: (word: number) => boolean) {
    this.source = new DataView(input.buffer, input.byteOffset, input.length);
    this.target = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Copies up to where it stops, and returns how many bytes that are. */
  from(start: number, to: number): number {
    const { source, target, stops } = this;
    const last = source.byteLength - 4;
    let at = start;
    for (let out = to; at <= last; at += 4, out += 4) {
      const word = source.getInt32(at, true);
      if (stops(word)) break;
      target.setInt32(out, word, true);
    }
    return at - start;
  }
}

// Four bytes at a time, after "Bit Twiddling Hacks": a byte of the word is zero, is less than 32, or is more than 126.
const ONES = 0x01010101;
const HIGH = 0x80808080 | 0;

function hasZero(word: number): boolean {
  return ((word - ONES) & ~word & HIGH) !== 0;
}

function hasNewline(word: number): boolean {
  return hasZero(word ^ NEWLINE * ONES);
}

function hasSpecial(word: number): boolean {
  return ((word - 32 * ONES) & ~word & HIGH) !== 0 || ((word | word + ONES) & HIGH) !== 0 ||
    hasZero(word ^ QUOTE * ONES) || hasZero(word ^ BACKSLASH * ONES);
}

function endOfLine(input: Bytes, from: number): number {
  const newline = input.indexOf(NEWLINE, from);
  return newline < 0 ? input.length : newline;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** A JSON string, in UTF-8. What is no UTF-8 becomes U+FFFD. */
function jsonText(bytes: Bytes): Bytes {
  return encoder.encode(withoutControls(JSON.stringify(decoder.decode(bytes))));
}
