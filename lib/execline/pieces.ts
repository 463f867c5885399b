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

/** Yields each piece, and undefined where it is to be resumed with the next chunk of the input, at its end with none. */
type Pieces = Generator<ByteString | undefined, void, ByteString>;

/** The pieces of an input that comes in chunks. */
export function pieces(cutting: Cutting): Pieces {
  return cutting.delimiters === "" ? netstringPieces() : delimitedPieces(cutting);
}

function* delimitedPieces({ delimiters, crunch, chomp }: Cutting): Pieces {
  const delimiter = anyOf(delimiters);
  let pending = "";
  for (let chunk = yield; chunk !== ""; chunk = yield) {
    let start = 0;
    for (const { index: at } of chunk.matchAll(delimiter)) {
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

/** The engine finds them faster than our code would, which process 1 runs without compiling it. */
function anyOf(characters: ByteString): RegExp {
  const escaped = Array.from(characters, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return new RegExp(`[${escaped.join("")}]`, "g");
}

function* netstringPieces(): Pieces {
  let pending = "";
  // How long what is pending has to be for an attempt to be worth while: it is put together anew each time.
  let wanted = 0;
  for (let chunk = yield; chunk !== ""; chunk = yield) {
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
