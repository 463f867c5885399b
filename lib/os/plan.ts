// Plans as bytes: a header, then one record for each operation, laid out as operation.ts says. The launcher's player
// (cli/launcher/player.c) reads them, and so does the program that tells what has failed.

import { type ByteString, byteString, putBytes } from "../bytes.ts";
import { actualPath } from "./moved.ts";
import { OPEN_FLAGS } from "./open_flags.ts";
import { attemptOf, LAYOUT, type Operation, WAYS } from "./operation.ts";
import { RESOURCES } from "./resource.ts";

/** The version of this layout; launcher and program come in one tarball, and a player refuses any other. */
export const PLAN_VERSION = 3;
/** What opens a plan, 8 bytes each. */
export const PLAN_HEADER = "version size quiet count pointers private_first private_count more".split(" ");
/** What opens a record, 8 bytes each; texts are given by their place in the record, 0 for none. */
export const RECORD_HEADER = ["code", "size", "by", "action", "object", "denied"] as const;

const NAMES = Object.keys(LAYOUT) as Operation["do"][];

type HeaderName = (typeof RECORD_HEADER)[number];
/** Where these are in a record. */
const PLACES = Object.fromEntries(RECORD_HEADER.map((name, index) => [name, 8 * index])) as Record<HeaderName, number>;

/** What all records of a kind have in common. */
interface RecordForm {
  readonly code: number;
  readonly fields: readonly string[];
  /** Bytes of header and fields, without what the fields lead to. */
  readonly size: number;
}

const FORMS = new Map(NAMES.map((name, index): [Operation["do"], RecordForm] => {
  const fields: string[] = Object.values(LAYOUT[name]);
  const words = fields.reduce((sum, field) => sum + (field === "words" || field === "numbers" ? 2 : 1), 0);
  return [name, { code: index + 1, fields, size: 8 * (RECORD_HEADER.length + words) }];
}));
const WHICH = { soft: 1, hard: 2, both: 3 } as const;
const MOST = 2n ** 64n - 1n;
const UNCHANGED = 2;

type Value = number | bigint | ByteString | readonly ByteString[] | readonly number[];

function openValues({ fd, path, flags, mode, blocking }: Operation & { do: "open" }): readonly Value[] {
  const bits = flags.reduce((sum, flag) => sum | OPEN_FLAGS[flag], 0);
  return [fd, actualPath(path), bits, mode, blocking === undefined ? UNCHANGED : Number(blocking)];
}

function limitValues({ resource, which, value }: Operation & { do: "limit" }): readonly Value[] {
  return [RESOURCES[resource], WHICH[which], value === "most" ? MOST : value];
}

function commandValues(operation: Operation & { do: "child" | "read" | "supply" | "wait" | "ask" }): readonly Value[] {
  switch (operation.do) {
    case "child":
      return [operation.operations, operation.keep, WAYS.indexOf(operation.way), Number(operation.apart)];
    case "read":
      return [operation.fd, operation.keep];
    case "supply":
      return [operation.text.length, operation.text, operation.keep];
    case "wait":
      return [operation.pid, operation.keep];
    case "ask":
      return [operation.argv, operation.env, operation.keep];
  }
}

/** The values of an operation's fields, in the order of its layout. */
function valuesOf(operation: Operation): readonly Value[] {
  switch (operation.do) {
    case "foreground":
    case "close":
      return [operation.fd];
    case "directory":
      return [actualPath(operation.path)];
    case "umask":
      return [operation.mask];
    case "groups":
      return [operation.groups];
    case "groupId":
    case "userId":
      return [operation.id];
    case "limit":
      return limitValues(operation);
    case "session":
    case "running":
      return [];
    case "group":
      return [operation.group];
    case "open":
      return openValues(operation);
    case "copy":
    case "move":
      return [operation.from, operation.to];
    case "lock":
      return [operation.fd, actualPath(operation.path)];
    case "send":
      return [actualPath(operation.path), operation.text.length, operation.text];
    case "print":
      return [operation.fd, operation.text.length, operation.text];
    case "child":
    case "read":
    case "supply":
    case "wait":
    case "ask":
      return commandValues(operation);
    case "exit":
      return [operation.code];
    case "openFiles":
      return [operation.limits.soft, operation.limits.hard];
    case "oomScore":
      return [`${operation.score}`];
    case "signals":
      return [operation.blocked, Number(operation.pipeIgnored)];
    case "execute":
      return [Number(operation.mayFail), operation.candidates.map(actualPath), operation.argv, operation.env];
  }
}

const USUAL = new Uint8Array(new ArrayBuffer(16 * 1024));

/** Bytes that grow. One block serves all plans, unless one needs more: starts must not leave garbage behind. */
class Writer {
  bytes: Uint8Array<ArrayBuffer> = USUAL;
  view = new DataView(this.bytes.buffer);
  at = 0;

  /** Takes this many bytes, which are zero, and returns their place. */
  take(size: number): number {
    const place = this.at;
    this.at += size;
    if (this.at > this.bytes.length) this.grow();
    return place;
  }

  /** The next plan finds zeros, also where this one has outgrown the block that it began in. */
  clear(): void {
    USUAL.fill(0, 0, this.at);
  }

  private grow(): void {
    const larger = new Uint8Array(new ArrayBuffer(2 * this.at));
    larger.set(this.bytes);
    [this.bytes, this.view] = [larger, new DataView(larger.buffer)];
  }

  /** Its bytes are zero before. */
  word(place: number, value: number | bigint): void {
    if (typeof value === "bigint") this.view.setBigUint64(place, value, true);
    else if (value === (value | 0) && value >= 0) this.view.setInt32(place, value, true);
    else {
      this.view.setInt32(place, value % 0x1_0000_0000, true);
      this.view.setInt32(place + 4, Math.floor(value / 0x1_0000_0000), true);
    }
  }

  /** The text and a NUL. */
  text(text: ByteString): number {
    const place = this.take(text.length + 1);
    putBytes(text, this.bytes.subarray(place, place + text.length));
    return place;
  }

  align(): void {
    this.take(-this.at & 7);
  }
}

/** Where the plan is to find what the process that starts the player lends it. */
interface Lending {
  /** The number of a lent descriptor in the player. */
  readonly numberOf: (descriptor: number) => number;
  /** The range of numbers that only the player uses: they close when it becomes its program. */
  readonly first: number;
  readonly count: number;
}

/** For a caller that plays a plan in its own process: nothing is lent, and no number is private. */
export const NOTHING_LENT: Lending = { numberOf: (descriptor) => descriptor, first: 0, count: 0 };

/**
 * Has the plan's bytes used, which are there for that time only.
 * @param quiet a failure before "running" is reported only, not printed
 * @param more another plan comes later, where this one came from
 */
export function withPlan<T>(
  operations: readonly Operation[],
  quiet: boolean,
  lending: Lending,
  use: (plan: Uint8Array<ArrayBuffer>) => T,
  more = false,
): T {
  const writer = new Writer();
  try {
    writer.take(8 * PLAN_HEADER.length);
    let pointers = 0;
    for (const operation of operations) {
      const hasWords = operation.do === "execute" || operation.do === "ask";
      if (hasWords) pointers += operation.argv.length + operation.env.length + 2;
      writeRecord(writer, lent(operation, lending));
    }
    [PLAN_VERSION, writer.at, Number(quiet), operations.length, pointers, lending.first, lending.count, Number(more)]
      .forEach((value, index) => writer.word(8 * index, value));
    return use(writer.bytes.subarray(0, writer.at));
  } finally {
    writer.clear();
  }
}

function lent(operation: Operation, { numberOf }: Lending): Operation {
  const isLent = (operation.do === "copy" || operation.do === "move") && operation.lent;
  return isLent ? { ...operation, from: numberOf(operation.from) } : operation;
}

function writeRecord(writer: Writer, operation: Operation): void {
  const { code, fields, size } = FORMS.get(operation.do)!;
  const start = writer.take(size);
  const [action, object] = attemptOf(operation);
  const putText = (name: HeaderName, text: ByteString): void =>
    writer.word(start + PLACES[name], writer.text(text) - start);
  writer.word(start + PLACES.code, code);
  putText("by", operation.by);
  putText("action", action);
  putText("object", object);
  if (operation.do === "userId" && operation.denied !== undefined) putText("denied", operation.denied);
  let place = start + 8 * RECORD_HEADER.length;
  const values = valuesOf(operation);
  for (let index = 0; index < values.length; index++) {
    place = writeField(writer, start, place, fields[index]!, values[index]!);
  }
  writer.align();
  writer.word(start + PLACES.size, writer.at - start);
}

/** Writes one field and returns the place of the next. */
function writeField(writer: Writer, start: number, place: number, field: string, value: Value): number {
  if (typeof value === "number" || typeof value === "bigint") writer.word(place, value);
  else if (typeof value === "string") writer.word(place, writer.text(value) - start);
  else {
    writer.word(place, value.length);
    if (field === "numbers") writer.align();
    writer.word(place + 8, writer.at - start);
    if (field === "words") writeWords(writer, value as readonly ByteString[]);
    else for (const number of value as readonly number[]) writer.view.setUint32(writer.take(4), number, true);
    return place + 16;
  }
  return place + 8;
}

/** All of them in one piece, which is faster than one by one. A word ends at its first NUL, as the kernel has it. */
function writeWords(writer: Writer, words: readonly ByteString[]): void {
  if (words.length === 0) return;
  const sound = words.some((word) => word.includes("\0")) ? words.map((word) => word.split("\0", 1)[0]!) : words;
  writer.text(sound.join("\0"));
}

/** One operation of a plan, as far as it matters when it has failed. */
export interface Attempted {
  readonly by: string;
  readonly action: string;
  readonly object: ByteString;
  readonly denied: string | undefined;
  /** What was to be executed; empty for any other operation. */
  readonly argv: readonly ByteString[];
  readonly env: readonly ByteString[];
  readonly candidates: readonly ByteString[];
  /** The operations before it in the plan say that the program would run now. */
  readonly runs: boolean;
}

/** The operation of that number in a plan. @throws Error if these bytes are not one of our plans */
export function decodeOperation(plan: Uint8Array<ArrayBuffer>, index: number): Attempted {
  const view = new DataView(plan.buffer, plan.byteOffset, plan.length);
  const word = (place: number): number => Number(view.getBigUint64(place, true));
  if (plan.length < 8 * PLAN_HEADER.length || word(0) !== PLAN_VERSION) throw new Error("this is no plan");
  let start = 8 * PLAN_HEADER.length;
  let runs = false;
  for (let at = 0; at < index; at++) {
    runs ||= NAMES[word(start + PLACES.code) - 1] === "running";
    start += word(start + PLACES.size);
  }
  const textAt = (place: number): ByteString => byteString(plan.subarray(place, plan.indexOf(0, place)));
  const header = (name: HeaderName): number => word(start + PLACES[name]);
  const denied = header("denied");
  const record = {
    by: textAt(start + header("by")),
    action: textAt(start + header("action")),
    object: textAt(start + header("object")),
    denied: denied === 0 ? undefined : textAt(start + denied),
    runs,
  };
  const wordsAt = (field: number): ByteString[] => {
    const place = start + 8 * (RECORD_HEADER.length + field);
    const words: ByteString[] = [];
    for (let at = start + word(place + 8); words.length < word(place); at += words.at(-1)!.length + 1) {
      words.push(textAt(at));
    }
    return words;
  };
  if (NAMES[header("code") - 1] !== "execute") return { ...record, argv: [], env: [], candidates: [] };
  return { ...record, candidates: wordsAt(1), argv: wordsAt(3), env: wordsAt(5) };
}
