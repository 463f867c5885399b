// Input cut into pieces, as forstdin and forbacktickx iterate over it: at delimiters, or netstrings. Pieces come as soon
// as they are complete.

import type { ByteString } from "../bytes.ts";
import { EXIT, invalid } from "../report.ts";
import { flagsOf } from "./transform.ts";

export interface Cutting {
  /** The characters that end a piece; empty for netstrings. */
  readonly delimiters: ByteString;
  /** Leave out pieces that are only a delimiter. */
  readonly crunch: boolean;
  /** Without the delimiter; an unterminated last piece is dropped. */
  readonly chomp: boolean;
}

// A string can have no more than twice as many.
const LONGEST = 2 ** 28;

/**
 * Refuses to hold more of an input than a string can be sure to take.
 * @throws Failure 111
 */
export function checkLength(text: ByteString): ByteString {
  if (text.length > LONGEST) {
    throw invalid(`unable to read more than ${LONGEST} bytes into memory: Cannot allocate memory`, EXIT.system);
  }
  return text;
}

/** The pieces of an input that comes in chunks. */
export function pieces(chunks: Iterable<ByteString>, cutting: Cutting): Generator<ByteString> {
  return cutting.delimiters === "" ? netstringPieces(chunks) : delimitedPieces(chunks, cutting);
}

function* delimitedPieces(
  chunks: Iterable<ByteString>,
  { delimiters, crunch, chomp }: Cutting,
): Generator<ByteString> {
  const isDelimiter = flagsOf(delimiters);
  let pending = "";
  for (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (isDelimiter[chunk.charCodeAt(at)] === 0) continue;
      const text = pending + chunk.slice(start, at);
      if (text !== "" || !crunch) yield chomp ? text : text + chunk[at];
      pending = "";
      start = at + 1;
    }
    pending = checkLength(pending + chunk.slice(start));
  }
  // The original takes any single character for a lone delimiter here.
  if (pending.length > (crunch ? 1 : 0) && !chomp) yield pending;
}

function* netstringPieces(chunks: Iterable<ByteString>): Generator<ByteString> {
  let pending = "";
  // How long what is pending has to be for an attempt to be worth while: it is put together anew each time.
  let wanted = 0;
  for (const chunk of chunks) {
    pending = checkLength(pending + chunk);
    while (pending.length > wanted) {
      const found = /^([0-9]+):/.exec(pending);
      if (found === null && /^[0-9]*$/.test(pending)) break;
      if (found === null) throw broken();
      const start = found[0].length;
      const end = start + Number(found[1]);
      wanted = end;
      if (pending.length <= end) break;
      if (pending[end] !== ",") throw broken();
      yield pending.slice(start, end);
      pending = pending.slice(end + 1);
      wanted = 0;
    }
  }
  if (pending !== "") throw broken();
}

function broken(): Error {
  return invalid("unable to read a netstring: Protocol error", EXIT.system);
}
