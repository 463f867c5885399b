// Gives a position-independent executable a fixed address, as prelink(8) did: the 160,000 pointers that the loader would
// adjust at each start (3 ms, 2.5 MB of memory) are adjusted once, in the file. What is left of the relocations is left to
// the loader. Follows the System V ABI: ELF-64 headers, dynamic section, and the psABI's RELATIVE and IRELATIVE types.

/** Far above the lowest address that may be mapped, far below everything the kernel places by itself. */
const ADDRESS = 0x10000000n;

const EXECUTABLE = 2; // ET_EXEC
const SEGMENT = { load: 1, dynamic: 2, stack: 0x6474e551 };
const SECTION_ALLOCATED = 2n;
const SECTION_DYNAMIC_SYMBOLS = 11;
const SYMBOL_THREAD_LOCAL = 6;
const SPECIAL_SECTIONS = 0xff00;
const RELOCATION_SIZE = 24;
const SYMBOL_SIZE = 24;
const TAG = {
  linkageSize: 2n,
  relocations: 7n,
  relocationsSize: 8n,
  linkage: 23n,
  packed: 36n,
  flags: 0x6ffffffbn,
  relativeCount: 0x6ffffff9n,
} as const;
const FLAG_POSITION_INDEPENDENT = 0x08000000n;
/** Tags whose value is an address: tables, hashes, strings, symbols, versions, and what runs first and last. */
const ADDRESS_TAGS = [
  3n,
  4n,
  5n,
  6n,
  7n,
  12n,
  13n,
  23n,
  25n,
  26n,
  32n,
  0x6ffffef5n,
  0x6ffffff0n,
  0x6ffffffcn,
  0x6ffffffen,
];
/** By e_machine: x86-64 and aarch64. */
const TYPES: Readonly<Record<number, { relative: bigint; indirect: bigint }>> = {
  62: { relative: 8n, indirect: 37n },
  183: { relative: 1027n, indirect: 1032n },
};

class Prelinking {
  private readonly view: DataView;
  private readonly types: { relative: bigint; indirect: bigint };
  private readonly segments: { address: bigint; offset: bigint; size: bigint }[] = [];
  /** Tag of the dynamic section to the offset of its value. */
  private readonly tags = new Map<bigint, number>();

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const types = TYPES[this.view.getUint16(18, true)];
    if (types === undefined) throw new Error("prelink: an executable for an unknown machine");
    this.types = types;
  }

  run(): void {
    this.readSegments();
    if (this.tags.has(TAG.packed)) throw new Error("prelink: packed relocations are not known here");
    this.relocate();
    this.moveSections();
    this.moveHeaders();
  }

  private get(offset: number): bigint {
    return this.view.getBigUint64(offset, true);
  }

  private set(offset: number, value: bigint): void {
    this.view.setBigUint64(offset, value, true);
  }

  private move(offset: number): void {
    this.set(offset, this.get(offset) + ADDRESS);
  }

  private *table(offsetAt: number, sizeAt: number, countAt: number): Generator<number> {
    const start = Number(this.get(offsetAt));
    const size = this.view.getUint16(sizeAt, true);
    for (let at = 0; at < this.view.getUint16(countAt, true); at++) yield start + at * size;
  }

  private segmentHeaders(): Generator<number> {
    return this.table(32, 54, 56);
  }

  private readSegments(): void {
    for (const header of this.segmentHeaders()) {
      const type = this.view.getUint32(header, true);
      const [offset, size] = [this.get(header + 8), this.get(header + 32)];
      if (type === SEGMENT.load) this.segments.push({ address: this.get(header + 16), offset, size });
      if (type === SEGMENT.dynamic) this.readTags(Number(offset), Number(size));
    }
  }

  private readTags(start: number, size: number): void {
    for (let at = start; at < start + size && this.get(at) !== 0n; at += 16) this.tags.set(this.get(at), at + 8);
  }

  private value(tag: bigint): bigint {
    const at = this.tags.get(tag);
    return at === undefined ? 0n : this.get(at);
  }

  private offsetOf(address: bigint): number {
    const segment = this.segments.find((each) => address >= each.address && address < each.address + each.size);
    if (segment === undefined) throw new Error(`prelink: address ${address.toString(16)} lies in no segment`);
    return Number(address - segment.address + segment.offset);
  }

  /** The relative ones, which come first, are carried out and dropped; the others are moved along. */
  private relocate(): void {
    const start = this.offsetOf(this.value(TAG.relocations));
    const dropped = Number(this.value(TAG.relativeCount)) * RELOCATION_SIZE;
    for (let at = start; at < start + dropped; at += RELOCATION_SIZE) {
      if (this.get(at + 8) !== this.types.relative) throw new Error("prelink: relative relocations do not come first");
      this.set(this.offsetOf(this.get(at)), this.get(at + 16) + ADDRESS);
    }
    // Nothing reads them any more, and zeros take no room in an archive.
    new Uint8Array(this.view.buffer, this.view.byteOffset + start, dropped).fill(0);
    const size = Number(this.value(TAG.relocationsSize));
    this.moveRelocations(start + dropped, start + size);
    const linkage = this.value(TAG.linkage);
    if (linkage !== 0n) {
      const at = this.offsetOf(linkage);
      this.moveRelocations(at, at + Number(this.value(TAG.linkageSize)));
    }
    for (const tag of ADDRESS_TAGS) if (this.tags.has(tag)) this.move(this.tags.get(tag)!);
    this.change(TAG.relocations, (address) => address + BigInt(dropped));
    this.change(TAG.relocationsSize, (bytes) => bytes - BigInt(dropped));
    this.change(TAG.relativeCount, () => 0n);
    this.change(TAG.flags, (flags) => flags & ~FLAG_POSITION_INDEPENDENT);
  }

  private change(tag: bigint, next: (value: bigint) => bigint): void {
    const at = this.tags.get(tag);
    if (at !== undefined) this.set(at, next(this.get(at)));
  }

  private moveRelocations(start: number, end: number): void {
    for (let at = start; at < end; at += RELOCATION_SIZE) {
      this.move(at);
      const type = this.get(at + 8) & 0xffffffffn;
      if (type === this.types.relative || type === this.types.indirect) this.move(at + 16);
    }
  }

  private moveSections(): void {
    for (const header of this.table(40, 58, 60)) {
      const [offset, size] = [Number(this.get(header + 24)), Number(this.get(header + 32))];
      if (this.view.getUint32(header + 4, true) === SECTION_DYNAMIC_SYMBOLS) this.moveSymbols(offset, offset + size);
      if (this.get(header + 8) & SECTION_ALLOCATED) this.move(header + 16);
    }
  }

  private moveSymbols(start: number, end: number): void {
    for (let at = start; at < end; at += SYMBOL_SIZE) {
      const section = this.view.getUint16(at + 6, true);
      const threadLocal = (this.view.getUint8(at + 4) & 15) === SYMBOL_THREAD_LOCAL;
      if (section !== 0 && section < SPECIAL_SECTIONS && !threadLocal) this.move(at + 8);
    }
  }

  private moveHeaders(): void {
    for (const header of this.segmentHeaders()) {
      if (this.view.getUint32(header, true) === SEGMENT.stack) continue;
      this.move(header + 16);
      this.move(header + 24);
    }
    this.view.setUint16(16, EXECUTABLE, true);
    this.move(24);
  }
}

/** Changes the executable's bytes in place. Throws if they are not of the kind it knows. */
export function prelink(bytes: Uint8Array<ArrayBuffer>): void {
  new Prelinking(bytes).run();
}
