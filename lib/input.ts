// Reading inputs, in blocks as large as they come: what has been dealt with is never held. Files are named by operands, in
// which "-" stands for standard input.

import { type ByteString, byteString } from "./bytes.ts";
import type { Os } from "./os/os.ts";
import { about, EXIT, Failure } from "./report.ts";

const SIZE = 131072;
/** Most bytes of a line; what a program makes of it still has to fit into a string. */
const LONGEST = 1 << 26;

type Block = Uint8Array<ArrayBuffer>;

/** Where to read from, and what a failure to do so is called. */
export interface Input {
  readonly fd: number;
  readonly action: string;
  readonly name: ByteString;
}

export const STDIN: Input = { fd: 0, action: "read from", name: "stdin" };

/** Does something with an input; the action is what the program does, for messages. */
export function withInput(
  os: Pick<Os, "open" | "close">,
  action: string,
  path: ByteString,
  work: (input: Input) => void,
): void {
  if (path === "-") return work({ fd: 0, action, name: "stdin" });
  const fd = about("open", `${path} for reading`, () => os.open(path, ["read"]));
  try {
    work({ fd, action, name: path });
  } finally {
    os.close(fd);
  }
}

/** Reads what there is, up to the size of the buffer; empty at the end. */
export function readSome(os: Pick<Os, "read">, { fd, action, name }: Input, buffer: Block): Block {
  return buffer.subarray(0, about(action, name, () => os.read(fd, buffer)));
}

export function newBuffer(size = SIZE): Block {
  return new Uint8Array(new ArrayBuffer(size));
}

/** An input as it arrives. Each block is valid until the next one is asked for. */
export function* blocks(os: Pick<Os, "read">, input: Input): Generator<Block> {
  const buffer = newBuffer();
  for (let block = readSome(os, input, buffer); block.length > 0; block = readSome(os, input, buffer)) yield block;
}

/** The parts of an input as they arrive. */
export function* parts(os: Pick<Os, "read">, input: Input = STDIN): Generator<ByteString> {
  for (const block of blocks(os, input)) yield byteString(block);
}

/**
 * Whole lines as they arrive, many to a block. Only the last line of all may have no end, and then is a block of its own.
 * Each block is valid until the next one is asked for.
 */
export function* wholeLines(os: Pick<Os, "read">, input: Input, end = "\n"): Generator<Block> {
  const mark = end.charCodeAt(0);
  let buffer = newBuffer();
  let held = 0;
  for (;;) {
    if (held === buffer.length) buffer = larger(buffer, input);
    const block = readSome(os, input, buffer.subarray(held));
    if (block.length === 0) break;
    const filled = held + block.length;
    const whole = held + block.lastIndexOf(mark) + 1;
    if (whole === held) held = filled;
    else {
      yield buffer.subarray(0, whole);
      buffer.copyWithin(0, whole, filled);
      held = filled - whole;
    }
  }
  if (held > 0) yield buffer.subarray(0, held);
}

function larger(buffer: Block, { action, name }: Input): Block {
  if (buffer.length >= LONGEST) throw new Failure(EXIT.system, `unable to ${action} ${name}: a line is too long`);
  const copy = newBuffer(2 * buffer.length);
  copy.set(buffer);
  return copy;
}

/** Some lines, without their ends. */
interface Lines {
  readonly lines: readonly ByteString[];
  /** What each of them ended with: empty where the input ended in the middle of a line. */
  readonly end: ByteString;
}

/** The lines of an input as they arrive, many at a time. */
export function* linesIn(os: Pick<Os, "read">, input: Input = STDIN, end = "\n"): Generator<Lines> {
  for (const block of wholeLines(os, input, end)) {
    const text = byteString(block);
    yield { lines: linesOf(text, end), end: text.endsWith(end) ? end : "" };
  }
}

/** The lines of a text without their ends; what follows the last end is a line if it is not empty. */
export function linesOf(text: ByteString, end = "\n"): ByteString[] {
  const lines = text.split(end);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
