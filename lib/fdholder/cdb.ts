// Reading a constant database, the file that s6-accessrules-cdb-from-fs writes. All its numbers are 4 bytes, little
// endian: a header of 256 tables (place, slots), records (length of key and data, key, data), tables (hash, place).

import { type ByteString, byteString } from "../bytes.ts";

const TABLES = 256;
const HEADER = 8 * TABLES;

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

function hashOf(key: ByteString): number {
  let hash = 5381;
  for (let at = 0; at < key.length; at++) hash = ((hash << 5) + hash ^ key.charCodeAt(at)) >>> 0;
  return hash;
}
