// The files n and db of a compiled database: sizes, and the services with their strings, dependencies and scripts. All
// numbers have 4 bytes, big endian. Follows s6-rc 0.7.

import type { ByteString } from "../bytes.ts";
import type { AtomicService, Graph, Oneshot } from "./graph.ts";

export const BANNER = { start: "s6rc-db: start\n", end: "\ns6rc-db: end\n" } as const;
/** Ends each record of a service. */
export const RECORD_END = 0o376;
/** Bytes of a record. */
export const SERVICE_RECORD_SIZE = { longrun: 45, oneshot: 57 } as const;
export const FLAG = { essential: 1, recommended: 2 } as const;
/** The scripts in the order in which records name them; their words lie in another one (`keep`). */
export const SCRIPTS = ["down", "up", "reload"] as const;
/** How many bytes the file n has. */
const SIZES_SIZE = 24;

/** What the file n tells. */
export interface Sizes {
  readonly oneshots: number;
  readonly longruns: number;
  /** Bytes of all strings. */
  readonly strings: number;
  /** Places in the arrays of words: the words of each script and one more. */
  readonly words: number;
  readonly dependencies: number;
  readonly producers: number;
}

const FIELDS = ["oneshots", "longruns", "strings", "words", "dependencies", "producers"] as const;

export function encodeSizes(sizes: Sizes): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(SIZES_SIZE));
  for (const [index, field] of FIELDS.entries()) view.setUint32(4 * index, sizes[field]);
  return new Uint8Array(view.buffer);
}

/** Undefined if that is not what the file n holds. */
export function decodeSizes(bytes: Uint8Array): Sizes | undefined {
  if (bytes.length !== SIZES_SIZE) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Object.fromEntries(FIELDS.map((field, index) => [field, view.getUint32(4 * index)])) as unknown as Sizes;
}

/** How large the file db is for these sizes. */
export function databaseSize({ oneshots, longruns, strings, dependencies, producers }: Sizes): number {
  return BANNER.start.length + strings + 4 * (2 * dependencies + producers) +
    longruns * SERVICE_RECORD_SIZE.longrun + oneshots * SERVICE_RECORD_SIZE.oneshot + BANNER.end.length;
}

interface EncodedDatabase {
  readonly sizes: Sizes;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** @param order the numbers of the services as they were defined: that is how their strings lie */
export function encodeDatabase({ services }: Graph, order: readonly number[]): EncodedDatabase {
  const strings = new Strings();
  const offsets = new Map(order.map((number) => [number, keep(strings, services[number]!)]));
  const oneshots = services.filter((service) => service.kind === "oneshot");
  const longruns = services.filter((service) => service.kind === "longrun");
  const sizes: Sizes = {
    oneshots: oneshots.length,
    longruns: longruns.length,
    strings: strings.size,
    words: total(oneshots, ({ down, up, reload }) => down.length + up.length + reload.length + SCRIPTS.length),
    dependencies: total(services, ({ needs }) => needs.length),
    producers: total(longruns, ({ producers }) => producers.length),
  };
  const writer = new Writer(databaseSize(sizes));
  writer.text(BANNER.start);
  for (const string of strings.list) writer.text(`${string}\0`);
  for (const { neededBy } of services) writer.numbers(neededBy);
  for (const { needs } of services) writer.numbers(needs);
  for (const { producers } of longruns) writer.numbers(producers);
  writeRecords(writer, services, offsets, longruns.length);
  writer.text(BANNER.end);
  return { sizes, bytes: writer.bytes };
}

function total<T>(list: readonly T[], size: (item: T) => number): number {
  return list.reduce((sum, item) => sum + size(item), 0);
}

/** Where the strings of a service begin. */
interface Offsets {
  readonly name: number;
  readonly down: number;
  readonly up: number;
  readonly reload: number;
}

/** Keeps the name, and then the words of the scripts in the order in which they are read. */
function keep(strings: Strings, service: AtomicService): Offsets {
  const name = strings.add([service.name]);
  const none: Pick<Oneshot, typeof SCRIPTS[number]> = { reload: [], up: [], down: [] };
  const scripts = service.kind === "oneshot" ? service : none;
  return { name, reload: strings.add(scripts.reload), up: strings.add(scripts.up), down: strings.add(scripts.down) };
}

class Strings {
  readonly list: ByteString[] = [];
  size = 0;

  /** @returns where the first of them lies */
  add(words: readonly ByteString[]): number {
    const at = this.size;
    for (const word of words) {
      this.list.push(word);
      this.size += word.length + 1;
    }
    return at;
  }
}

function writeRecords(
  writer: Writer,
  services: readonly AtomicService[],
  offsets: ReadonlyMap<number, Offsets>,
  longruns: number,
): void {
  const at = { neededBy: 0, needs: 0, producers: 0 };
  for (const [number, service] of services.entries()) {
    const { essential, recommended, timeoutDown, timeoutUp, needs, neededBy } = service;
    const place = offsets.get(number)!;
    const flags = (essential ? FLAG.essential : 0) | (recommended ? FLAG.recommended : 0);
    writer.numbers([place.name, flags, timeoutDown, timeoutUp, neededBy.length, needs.length, at.neededBy, at.needs]);
    at.neededBy += neededBy.length;
    at.needs += needs.length;
    if (service.kind === "longrun") {
      writer.numbers([service.consumer ?? longruns, service.producers.length, at.producers]);
      at.producers += service.producers.length;
    } else writer.numbers(SCRIPTS.flatMap((script) => [service[script].length, place[script]]));
    writer.byte(RECORD_END);
  }
}

class Writer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly view: DataView;
  private at = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  text(text: ByteString): void {
    for (let index = 0; index < text.length; index++) this.byte(text.charCodeAt(index));
  }

  numbers(list: readonly number[]): void {
    for (const number of list) {
      this.view.setUint32(this.at, number);
      this.at += 4;
    }
  }
}
