// Constant databases, the files that s6-accessrules-cdb-from-fs and s6-rc-compile write. All their numbers are 4 bytes,
// little endian: a header of 256 tables (place, slots), records (length of key and data, key, data), tables (hash, place).

import { type ByteString, byteString, putBytes } from "./bytes.ts";

const TABLES = 256;
const HEADER = 8 * TABLES;

/** A key, and the data that is found under it. */
export type CdbRecord = readonly [key: ByteString, data: ByteString];

/** @throws RangeError on lookup, if the file is not what it should be */
export class Cdb {
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEADER) throw new RangeError("no constant database");
  }

  /** The data of a key, or undefined. */
  find(key: ByteString): ByteString | undefined {
    const hash = hashOf(key);
    const header = 8 * (hash % TABLES);
    const [table, slots] = [this.number(header), this.number(header + 4)];
    for (let probe = 0; probe < slots; probe++) {
      const slot = table + 8 * (((hash >>> 8) + probe) % slots);
      const place = this.number(slot + 4);
      if (place === 0) return undefined;
      if (this.number(slot) === hash && this.key(place) === key) return this.data(place);
    }
    return undefined;
  }

  /** All records, in the order in which they were written. The tables, which find them faster, are not looked at. */
  records(): CdbRecord[] {
    const records: CdbRecord[] = [];
    const end = this.number(0);
    for (let place = HEADER; place < end;) {
      const data = this.data(place);
      const key = this.key(place);
      records.push([key, data]);
      place += 8 + key.length + data.length;
      if (place > end) throw new RangeError("a record is longer than its place");
    }
    return records;
  }

  private number(at: number): number {
    return this.view.getUint32(at, true);
  }

  private key(place: number): ByteString {
    return this.text(place + 8, this.number(place));
  }

  private data(place: number): ByteString {
    return this.text(place + 8 + this.number(place), this.number(place + 4));
  }

  private text(at: number, length: number): ByteString {
    if (at + length > this.bytes.length) throw new RangeError("a record is cut short");
    return byteString(this.bytes.subarray(at, at + length));
  }
}

/** Where a record lies, under its hash. */
interface Slot {
  readonly hash: number;
  readonly place: number;
}

/** The file that holds these records, in this order. */
export function encodeCdb(records: readonly CdbRecord[]): Uint8Array<ArrayBuffer> {
  const sizes = records.reduce((size, [key, data]) => size + 8 + key.length + data.length, 0);
  const slotsOfRecord = 2;
  const bytes = new Uint8Array(HEADER + sizes + 8 * slotsOfRecord * records.length);
  const view = new DataView(bytes.buffer);
  const tables: Slot[][] = Array.from({ length: TABLES }, () => []);
  let at = HEADER;
  for (const [key, data] of records) {
    const hash = hashOf(key);
    tables[hash % TABLES]!.push({ hash, place: at });
    view.setUint32(at, key.length, true);
    view.setUint32(at + 4, data.length, true);
    putText(bytes, at + 8, key);
    putText(bytes, at + 8 + key.length, data);
    at += 8 + key.length + data.length;
  }
  for (const [index, entries] of tables.entries()) {
    const slots = slotsOfRecord * entries.length;
    view.setUint32(8 * index, at, true);
    view.setUint32(8 * index + 4, slots, true);
    for (const entry of entries) putSlot(view, at, slots, entry);
    at += 8 * slots;
  }
  return bytes;
}

/** Puts it into the first slot that is free, from the one on that its hash says. */
function putSlot(view: DataView, table: number, slots: number, { hash, place }: Slot): void {
  let slot = (hash >>> 8) % slots;
  while (view.getUint32(table + 8 * slot + 4, true) !== 0) slot = (slot + 1) % slots;
  view.setUint32(table + 8 * slot, hash, true);
  view.setUint32(table + 8 * slot + 4, place, true);
}

function putText(bytes: Uint8Array, at: number, text: ByteString): void {
  putBytes(text, bytes.subarray(at, at + text.length));
}

function hashOf(key: ByteString): number {
  let hash = 5381;
  for (let at = 0; at < key.length; at++) hash = ((hash << 5) + hash ^ key.charCodeAt(at)) >>> 0;
  return hash;
}
