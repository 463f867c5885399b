// Lines with the name of their service: from bytes that were read to bytes that are to be written. Nothing is made for a
// single line, unless it has bytes that an object cannot have as they are.

import { type ByteString, rawBytes } from "../../bytes.ts";
import type { Instant } from "../../os/os.ts";
import type { LineBatch } from "./line_batch.ts";
import { lineHead, type NamedOutput, type OutputStream } from "./output_mode.ts";

const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
/** The longest line, in bytes: a longer one comes in several. */
const LONGEST_LINE = 65536;
/** What a byte of the input takes at most: in an object it may be \u0000. */
const LONGEST_BYTE: Readonly<Record<NamedOutput, number>> = { prefix: 1, json: 6 };
/** What stands around the text of a line at most: a name of 251 bytes, each of which may be \x00, and some more. */
const AROUND = 1500;
const LINE_ENDS = { whole: rawBytes("}\n"), cut: rawBytes(',"partial":true}\n') } as const;

type Bytes = Uint8Array<ArrayBuffer>;

/** Whose lines they are. */
export interface LineSource {
  /** Undefined: the overlay itself. */
  readonly service: ByteString | undefined;
  readonly stream: OutputStream;
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
  fill(batch: LineBatch, { service, stream }: LineSource, input: Bytes): number {
    batch.clear();
    const head = rawBytes(lineHead(this.mode, service, stream, this.now()));
    const taken = this.mode === "prefix" ? fillPrefixed(batch, head, input) : fillObjects(batch, head, input);
    batch.finish();
    return taken;
  }
}

function fillPrefixed(batch: LineBatch, head: Bytes, input: Bytes): number {
  const { bytes } = batch;
  const [size, length] = [head.length, input.length];
  let out = 0;
  let taken = 0;
  while (taken < length) {
    for (let index = 0; index < size; index++) bytes[out++] = head[index]!;
    let at = taken;
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
  const length = input.length;
  let out = 0;
  let taken = 0;
  while (taken < length) {
    bytes.set(head, out);
    out += head.length;
    let at = taken;
    let to = out;
    bytes[to++] = QUOTE;
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

function endOfLine(input: Bytes, from: number): number {
  const newline = input.indexOf(NEWLINE, from);
  return newline < 0 ? input.length : newline;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** A JSON string, in UTF-8. What is no UTF-8 becomes U+FFFD. */
function jsonText(bytes: Bytes): Bytes {
  return encoder.encode(JSON.stringify(decoder.decode(bytes)));
}
