// Reading the files of a compiled database. Another program may have written them, or have been ended while it did: each
// number is checked before it is used, and what is read is never larger than what lies there.

import { type ByteString, byteString } from "../bytes.ts";
import { Cdb } from "../cdb.ts";
import { BANNER, databaseSize, FLAG, RECORD_END, SERVICE_RECORD_SIZE, type Sizes } from "./database.ts";
import type { AtomicService, Graph, Longrun, Oneshot } from "./graph.ts";

/** A database is not what it should be; the message says in which way. */
export class BrokenDatabase extends Error {}

/** The services of a file db, and their numbers in the order in which they were defined. */
interface DecodedServices {
  readonly services: readonly AtomicService[];
  readonly order: readonly number[];
}

/** @throws BrokenDatabase */
export function decodeDatabase(sizes: Sizes, bytes: Uint8Array): DecodedServices {
  if (bytes.length !== databaseSize(sizes)) {
    throw new BrokenDatabase(`it has ${bytes.length} bytes, not the ${databaseSize(sizes)} that n speaks of`);
  }
  const { start, end } = BANNER;
  if (byteString(bytes.subarray(0, start.length)) !== start) throw new BrokenDatabase("it begins otherwise");
  if (byteString(bytes.subarray(bytes.length - end.length)) !== end) throw new BrokenDatabase("it ends otherwise");
  return new DatabaseReader(sizes, bytes).read();
}

/** A part of a table. */
interface Slice {
  readonly count: number;
  readonly at: number;
}

/** What all records begin with. */
type Base = Omit<Longrun, "kind" | "consumer" | "producers">;

class DatabaseReader {
  private readonly view: DataView;
  /** What may still be taken of each: all that is taken adds up to what n says. */
  private readonly left: { strings: number; words: number; neededBy: number; needs: number; producers: number };
  private at: number;
  private readonly tables: { readonly neededBy: number; readonly needs: number; readonly producers: number };
  private readonly places: number[] = [];

  constructor(private readonly sizes: Sizes, private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { strings, words, dependencies, producers } = sizes;
    this.left = { strings, words, neededBy: dependencies, needs: dependencies, producers };
    const neededBy = BANNER.start.length + strings;
    const needs = neededBy + 4 * dependencies;
    this.tables = { neededBy, needs, producers: needs + 4 * dependencies };
    this.at = this.tables.producers + 4 * producers;
  }

  read(): DecodedServices {
    const { oneshots, longruns } = this.sizes;
    const services: AtomicService[] = [];
    for (let number = 0; number < longruns; number++) services.push(this.longrun());
    for (let number = 0; number < oneshots; number++) services.push(this.oneshot());
    for (const [what, left] of Object.entries(this.left)) {
      // Strings that no record uses do no harm.
      if (what !== "strings" && left !== 0) throw new BrokenDatabase(`n speaks of more ${what} than the records do`);
    }
    const order = services.map((_, number) => number).sort((a, b) => this.places[a]! - this.places[b]!);
    return { services, order };
  }

  private longrun(): Longrun {
    const base = this.base(SERVICE_RECORD_SIZE.longrun);
    const consumer = this.number();
    const producers = this.list("producers", this.slice(), this.sizes.longruns);
    this.end();
    if (consumer > this.sizes.longruns) throw new BrokenDatabase(`${base.name} has a consumer that is no longrun`);
    return { kind: "longrun", ...base, consumer: consumer === this.sizes.longruns ? undefined : consumer, producers };
  }

  private oneshot(): Oneshot {
    const base = this.base(SERVICE_RECORD_SIZE.oneshot);
    const [down, up, reload] = [this.words(), this.words(), this.words()];
    this.end();
    return { kind: "oneshot", ...base, up, down, reload };
  }

  private base(size: number): Base {
    this.recordEnd = this.at + size;
    const place = this.number();
    const [name] = this.string(place);
    this.places.push(place);
    const [flags, timeoutDown, timeoutUp] = [this.number(), this.number(), this.number()];
    const counts = { neededBy: this.number(), needs: this.number() };
    const all = this.sizes.longruns + this.sizes.oneshots;
    const neededBy = this.list("neededBy", { count: counts.neededBy, at: this.number() }, all);
    const needs = this.list("needs", { count: counts.needs, at: this.number() }, all);
    const [essential, recommended] = [(flags & FLAG.essential) !== 0, (flags & FLAG.recommended) !== 0];
    return { name, essential, recommended, timeoutUp, timeoutDown, needs, neededBy };
  }

  private recordEnd = 0;

  private end(): void {
    if (this.at !== this.recordEnd - 1 || this.bytes[this.at++] !== RECORD_END) {
      throw new BrokenDatabase("a record does not end where it should");
    }
  }

  private slice(): Slice {
    return { count: this.number(), at: this.number() };
  }

  private number(): number {
    const number = this.view.getUint32(this.at);
    this.at += 4;
    return number;
  }

  /** Numbers below the limit from a table. */
  private list(table: keyof DatabaseReader["tables"], { count, at }: Slice, limit: number): number[] {
    const size = table === "producers" ? this.sizes.producers : this.sizes.dependencies;
    if (at + count > size || count > this.left[table]) throw new BrokenDatabase(`a list reaches beyond the ${table}`);
    this.left[table] -= count;
    return Array.from({ length: count }, (_, index) => {
      const number = this.view.getUint32(this.tables[table] + 4 * (at + index));
      if (number >= limit) throw new BrokenDatabase(`${number} is the number of no service`);
      return number;
    });
  }

  /** The words of a script. */
  private words(): ByteString[] {
    const { count, at } = this.slice();
    // One place more than there are words.
    if (count >= this.left.words) throw new BrokenDatabase("a script has more words than n speaks of");
    this.left.words -= count + 1;
    const words: ByteString[] = [];
    let next = at;
    while (words.length < count) {
      const [word, behind] = this.string(next);
      words.push(word);
      next = behind;
    }
    return words;
  }

  /** The string at this place, and the place behind it. */
  private string(place: number): [ByteString, number] {
    const from = BANNER.start.length + place;
    const end = place < this.sizes.strings ? this.bytes.indexOf(0, from) : -1;
    const size = end - from + 1;
    // No string is used twice, so that they are never more than the file has.
    if (end < 0 || end >= BANNER.start.length + this.sizes.strings || size > this.left.strings) {
      throw new BrokenDatabase("a string reaches beyond the others");
    }
    this.left.strings -= size;
    return [byteString(this.bytes.subarray(from, end)), place + size];
  }
}

/**
 * The bundles of a file resolve.cdb, which has the services too.
 * @throws BrokenDatabase
 */
export function decodeResolve(bytes: Uint8Array, services: readonly AtomicService[]): Graph["bundles"] {
  const bundles: [ByteString, readonly number[]][] = [];
  const names = new Set<ByteString>();
  let atomics = 0;
  for (const [name, data] of recordsOf(bytes)) {
    if (names.has(name)) throw new BrokenDatabase(`${name} is there twice`);
    names.add(name);
    const numbers = numbersIn(name, data, services.length);
    if (numbers.length === 1 && services[numbers[0]!]!.name === name) atomics++;
    else bundles.push([name, numbers]);
  }
  if (atomics !== services.length) throw new BrokenDatabase("not all services are there");
  // They are written from the last one on.
  return new Map(bundles.reverse());
}

function recordsOf(bytes: Uint8Array): readonly (readonly [ByteString, ByteString])[] {
  try {
    return new Cdb(bytes).records();
  } catch (error) {
    if (error instanceof RangeError) throw new BrokenDatabase(error.message);
    throw error;
  }
}

function numbersIn(name: ByteString, data: ByteString, limit: number): number[] {
  if (data.length % 4 !== 0) throw new BrokenDatabase(`${name} stands for a part of a number`);
  const numbers: number[] = [];
  for (let at = 0; at < data.length; at += 4) {
    const number = [0, 1, 2, 3].reduce((sum, index) => 256 * sum + data.charCodeAt(at + index), 0);
    if (number >= limit) throw new BrokenDatabase(`${name} stands for ${number}, the number of no service`);
    numbers.push(number);
  }
  return numbers;
}
