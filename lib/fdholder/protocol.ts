// What a client asks of a descriptor holder, and what it is answered: the bodies of the messages. Spoken by the programs
// of s6, so that ours and theirs understand each other. A name is its length in one byte, its bytes, and a NUL.

import { type ByteString, byteString, rawBytes } from "../bytes.ts";
import { STAMP_SIZE } from "../tai.ts";
import type { Limit } from "./limit.ts";
import { type Message, MOST_AT_ONCE, MOST_DESCRIPTORS, ProtocolError } from "./message.ts";

export const LONGEST_NAME = 255;

/** What is held under a name. */
export interface HeldDescriptor {
  readonly name: ByteString;
  readonly fd: number;
  readonly limit: Limit;
}

export type Request =
  | { readonly do: "store"; readonly held: HeldDescriptor }
  | { readonly do: "delete"; readonly name: ByteString }
  | { readonly do: "retrieve"; readonly name: ByteString; readonly remove: boolean }
  | { readonly do: "list" }
  | { readonly do: "getdump" }
  /** Says how many are going to come, in messages of their own. */
  | { readonly do: "setdump"; readonly count: number }
  | { readonly do: "dumped"; readonly dump: readonly HeldDescriptor[] };

/** The longest body of a request: that of a whole message of a dump. */
export const LONGEST_REQUEST: number = 1 + MOST_DESCRIPTORS * (STAMP_SIZE + LONGEST_NAME + 2);
/** The longest body of an answer that a client takes. */
export const LONGEST_ANSWER: number = 2 ** 28;

/** The one byte of an answer: 0, or the number that the system has for such an error. */
export const ANSWER = { done: 0, denied: 1, unknown: 2, more: 11, taken: 16, full: 23 } as const;

/** How many messages a dump of that number of descriptors takes. */
export function messagesFor(count: number): number {
  return Math.ceil(count / MOST_DESCRIPTORS);
}

function packNumber(number: number): ByteString {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return byteString(bytes);
}

/** The unsigned number in four bytes of a body. */
export function unpackNumber(body: ByteString, at: number): number {
  return new DataView(rawBytes(body.slice(at, at + 4)).buffer).getUint32(0);
}

function packName(name: ByteString): ByteString {
  return `${String.fromCharCode(name.length)}${name}\0`;
}

const byte = (value: number): ByteString => String.fromCharCode(value);

/** The messages of a request. */
export function formatRequest(request: Request): Message {
  switch (request.do) {
    case "store": {
      const { name, fd, limit } = request.held;
      return { body: `S${limit}${packName(name)}`, descriptors: [fd] };
    }
    case "delete":
      return { body: `D${packName(request.name)}`, descriptors: [] };
    case "retrieve":
      return { body: `R${byte(request.remove ? 1 : 0)}${packName(request.name)}`, descriptors: [] };
    case "list":
      return { body: "L", descriptors: [] };
    case "getdump":
      return { body: "?", descriptors: [] };
    case "setdump":
      return { body: `!${packNumber(request.count)}`, descriptors: [] };
    case "dumped":
      return formatDump(".", request.dump);
  }
}

function formatDump(before: ByteString, dump: readonly HeldDescriptor[]): Message {
  const body = dump.map(({ limit, name }) => `${limit}${packName(name)}`).join("");
  return { body: before + body, descriptors: dump.map(({ fd }) => fd) };
}

/**
 * The request of a message.
 * @throws ProtocolError
 */
export function parseRequest({ body, descriptors }: Message): Request {
  const reader = new BodyReader(body);
  const request = parseBody(reader, descriptors);
  reader.end();
  if (descriptors.length > 0 && request.do !== "store" && request.do !== "dumped") throw new ProtocolError();
  return request;
}

function parseBody(reader: BodyReader, descriptors: readonly number[]): Request {
  switch (reader.take(1)) {
    case "S":
      if (descriptors.length !== 1) throw new ProtocolError();
      return { do: "store", held: reader.held(descriptors[0]!) };
    case "D":
      return { do: "delete", name: reader.name() };
    case "R":
      return { do: "retrieve", remove: reader.take(1) !== "\0", name: reader.name() };
    case "L":
      return { do: "list" };
    case "?":
      return { do: "getdump" };
    case "!":
      return { do: "setdump", count: unpackNumber(reader.take(4), 0) };
    case ".":
      if (descriptors.length === 0) throw new ProtocolError();
      return { do: "dumped", dump: descriptors.map((fd) => reader.held(fd)) };
    default:
      throw new ProtocolError();
  }
}

class BodyReader {
  private at = 0;

  constructor(private readonly body: ByteString) {}

  take(length: number): ByteString {
    const taken = this.body.slice(this.at, this.at + length);
    if (taken.length < length) throw new ProtocolError();
    this.at += length;
    return taken;
  }

  name(): ByteString {
    const length = this.take(1).charCodeAt(0);
    const name = this.take(length);
    if (length === 0 || name.includes("\0") || this.take(1) !== "\0") throw new ProtocolError();
    return name;
  }

  held(fd: number): HeldDescriptor {
    return { limit: this.take(STAMP_SIZE), name: this.name(), fd };
  }

  end(): void {
    if (this.at < this.body.length) throw new ProtocolError();
  }
}

/** The answer to a list. */
export function formatList(names: readonly ByteString[]): Message {
  const body = `${byte(ANSWER.done)}${packNumber(names.length)}${names.map((name) => `${name}\0`).join("")}`;
  return { body, descriptors: [] };
}

/**
 * The names of such an answer, which begins with the byte for done.
 * @throws ProtocolError
 */
export function parseList({ body, descriptors }: Message): ByteString[] {
  const names = body.slice(5).split("\0");
  if (descriptors.length > 0 || body.length < 5 || names.pop() !== "") throw new ProtocolError();
  if (names.length !== unpackNumber(body, 1)) throw new ProtocolError();
  return names;
}

/** The answer to the wish for a dump: how many messages and descriptors are to come, and these messages. */
export function formatWholeDump(dump: readonly HeldDescriptor[]): Message[] {
  const count = messagesFor(dump.length);
  const first = `${byte(ANSWER.done)}${packNumber(count)}${packNumber(dump.length)}`;
  return [
    { body: first, descriptors: [] },
    ...Array.from({ length: count }, (_, at) => formatDump("", partOf(dump, at, MOST_DESCRIPTORS))),
  ];
}

function partOf(dump: readonly HeldDescriptor[], index: number, size: number): readonly HeldDescriptor[] {
  return dump.slice(index * size, (index + 1) * size);
}

/** A dump in messages as a client sends them. Each fits into one call, as the original's holder wants it whole. */
export function uploadParts(dump: readonly HeldDescriptor[]): (readonly HeldDescriptor[])[] {
  const count = Math.ceil(dump.length / MOST_AT_ONCE);
  return Array.from({ length: count }, (_, at) => partOf(dump, at, MOST_AT_ONCE));
}

/**
 * What came in one message of a dump.
 * @throws ProtocolError
 */
export function parseDumpPart({ body, descriptors }: Message): HeldDescriptor[] {
  const reader = new BodyReader(body);
  const dump = descriptors.map((fd) => reader.held(fd));
  reader.end();
  return dump;
}

/** The answer to the announcement of a dump: go on, with the given number of messages. */
export function formatGoOn(count: number): Message {
  return { body: `${byte(ANSWER.done)}${packNumber(messagesFor(count))}`, descriptors: [] };
}

/** An answer of one byte. */
export function formatAnswer(answer: number, descriptors: readonly number[] = []): Message {
  return { body: byte(answer), descriptors };
}
