// What a call of one of our programs asks process 1 (cli/launcher/ask.c), as bytes: a header, how the children that an
// answer has made the caller start have ended (ended.ts), then the file that was executed, the arguments and the
// environment, each ended by a NUL. The answer is a plan, behind which another one may come later.

import { type ByteString, byteString } from "../bytes.ts";
import { decodeEnded, type Ended } from "./ended.ts";

/** The version of this layout. */
export const QUESTION_VERSION = 3;
/** What opens a question, 8 bytes each. The last six say where the caller is, and what it may. */
export const QUESTION_HEADER = [
  "version",
  "arguments",
  "variables",
  "results",
  "root_device",
  "root",
  "mounts",
  "pids",
  "users",
  "capabilities",
] as const;

/** The most bytes of a question, and of an answer. */
export const QUESTION_SIZE = 64 * 1024;
export const ANSWER_SIZE = 128 * 1024;
/** How many children of one program are reported; for more the caller goes on by itself. */
export const MOST_RESULTS = 64;
/** How long a caller waits for its answer, in nanoseconds: then it goes on by itself. */
export const PATIENCE = 5_000_000;

/** The root directory, as its inode alone says little (that of a file system is 2), and the namespaces of mounts, pids and users. */
export type CallerPlace = readonly [rootDevice: number, root: number, mounts: number, pids: number, users: number];

export interface Question {
  readonly place: CallerPlace;
  /** Its effective capabilities, a bit for each. */
  readonly capabilities: bigint;
  /** The file that was executed. */
  readonly executed: ByteString;
  readonly argv: readonly ByteString[];
  /** NAME=value words. */
  readonly env: readonly ByteString[];
  /** How the children that it has started so far have ended, in order. */
  readonly results: readonly Ended[];
}

/** Undefined for what is not a question. */
export function decodeQuestion(bytes: Uint8Array<ArrayBuffer>): Question | undefined {
  const header = 8 * QUESTION_HEADER.length;
  if (bytes.length < header || bytes.at(-1) !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields = QUESTION_HEADER.map((_, index) => Number(view.getBigUint64(8 * index, true)));
  const [version, argc, envc, count] = fields;
  if (version !== QUESTION_VERSION || count! > MOST_RESULTS) return undefined;
  const results = decodeEnded(bytes.subarray(header), count!);
  if (results === undefined || bytes.length <= header + results.end) return undefined;
  const words = byteString(bytes.subarray(header + results.end, -1)).split("\0");
  if (words.length !== 1 + argc! + envc!) return undefined;
  return {
    place: fields.slice(4, 9) as unknown as CallerPlace,
    capabilities: view.getBigUint64(header - 8, true),
    results: results.ended,
    executed: words[0]!,
    argv: words.slice(1, 1 + argc!),
    env: words.slice(1 + argc!),
  };
}
