// What s6-sudoc and s6-sudod say to each other: the server its banner, the client its banner with words, environment and
// three descriptors in one message (lib/fdholder/message.ts), the server one byte when the program runs, 0 or an error
// number, and in the end the program's wait status. Spoken by the programs of s6, so that ours and theirs understand
// each other. Numbers have 4 bytes, big endian.

import { type ByteString, byteString, rawBytes } from "../bytes.ts";
import type { Message } from "../fdholder/message.ts";
import type { WaitStatus } from "../wait_status.ts";

export const SERVER_BANNER = "s6-sudo b v1.0\n";
const CLIENT_BANNER = "s6-sudo a v1.0\n";
const HEADER = CLIENT_BANNER.length + 16;
export const END_SIZE = 4;
/** The longest body of a call: more than a system takes as arguments and environment. */
export const LONGEST_CALL: number = 4 << 20;

/** What a client wants to be run: words behind the server's, and variables, as NAME=VALUE, that the server may take. */
export interface SudoCall {
  readonly words: readonly ByteString[];
  readonly environment: readonly ByteString[];
}

/** The message of a call, with the descriptors of the client's standard input, output and error. */
export function formatCall({ words, environment }: SudoCall, descriptors: readonly number[]): Message {
  const [all, variables] = [words, environment].map((each) => each.map((word) => `${word}\0`).join(""));
  const sizes = [words.length, environment.length, all!.length, variables!.length].map(packNumber).join("");
  return { body: CLIENT_BANNER + sizes + all + variables, descriptors };
}

/** @returns undefined for what is no call */
export function parseCall({ body, descriptors }: Message): SudoCall | undefined {
  if (!body.startsWith(CLIENT_BANNER) || body.length < HEADER || descriptors.length !== 3) return undefined;
  const [wordCount, variableCount, wordBytes, variableBytes] = [0, 4, 8, 12].map((at) =>
    unpackNumber(body.slice(CLIENT_BANNER.length + at))
  );
  if (body.length !== HEADER + wordBytes! + variableBytes!) return undefined;
  const words = split(body.slice(HEADER, HEADER + wordBytes!), wordCount!);
  const environment = split(body.slice(HEADER + wordBytes!), variableCount!);
  return words === undefined || environment === undefined ? undefined : { words, environment };
}

/** Words that each end with a NUL; undefined if there are not as many. */
function split(block: ByteString, count: number): ByteString[] | undefined {
  const words = block.split("\0");
  return words.length === count + 1 && words.at(-1) === "" ? words.slice(0, -1) : undefined;
}

export function formatStatus(status: WaitStatus): ByteString {
  return packNumber(status);
}

export function parseStatus(bytes: ByteString): WaitStatus {
  return unpackNumber(bytes) & 0xffff;
}

/** The environment of the program: variables that are empty in the server's own take the value that the client sends. */
export function acceptedVariables(
  own: Iterable<readonly [ByteString, ByteString]>,
  sent: readonly ByteString[],
): (readonly [ByteString, ByteString])[] {
  const offered = new Map(sent.map((word): [ByteString, ByteString] => {
    const equals = word.indexOf("=");
    return equals < 0 ? [word, ""] : [word.slice(0, equals), word.slice(equals + 1)];
  }));
  return [...own].flatMap(([name, value]) => {
    const wanted = value === "" ? offered.get(name) : undefined;
    return wanted === undefined ? [] : [[name, wanted] as const];
  });
}

function packNumber(number: number): ByteString {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return byteString(bytes);
}

function unpackNumber(bytes: ByteString): number {
  return new DataView(rawBytes(bytes.slice(0, 4)).buffer).getUint32(0);
}
