// Input cut into pieces, as forstdin and forbacktickx iterate over it: at delimiters, or netstrings. Pieces come as soon
// as they are complete.

import type { ByteString } from "../bytes.ts";
import { EXIT, invalid } from "../report.ts";

export interface Cutting {
  /** The characters that end a piece; empty for netstrings. */
  readonly delimiters: ByteString;
  /** Leave out pieces that are only a delimiter. */
  readonly crunch: boolean;
  /** Without the delimiter; an unterminated last piece is dropped. */
  readonly chomp: boolean;
}

/** The pieces of an input that comes in chunks. */
export function pieces(chunks: Iterable<ByteString>, cutting: Cutting): Generator<ByteString> {
  return cutting.delimiters === "" ? netstringPieces(chunks) : delimitedPieces(chunks, cutting);
}

function* delimitedPieces(
  chunks: Iterable<ByteString>,
  { delimiters, crunch, chomp }: Cutting,
): Generator<ByteString> {
  let pending = "";
  for (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (!delimiters.includes(chunk[at]!)) continue;
      const text = pending + chunk.slice(start, at);
      if (text !== "" || !crunch) yield chomp ? text : text + chunk[at];
      pending = "";
      start = at + 1;
    }
    pending += chunk.slice(start);
  }
  // The original takes any single character for a lone delimiter here.
  if (pending.length > (crunch ? 1 : 0) && !chomp) yield pending;
}

function* netstringPieces(chunks: Iterable<ByteString>): Generator<ByteString> {
  let pending = "";
  for (const chunk of chunks) {
    pending += chunk;
    for (;;) {
      const found = /^([0-9]+):/.exec(pending);
      if (found === null && /^[0-9]*$/.test(pending)) break;
      if (found === null) throw broken();
      const start = found[0].length;
      const end = start + Number(found[1]);
      if (pending.length <= end) break;
      if (pending[end] !== ",") throw broken();
      yield pending.slice(start, end);
      pending = pending.slice(end + 1);
    }
  }
  if (pending !== "") throw broken();
}

function broken(): Error {
  return invalid("unable to read a netstring: Protocol error", EXIT.system);
}
