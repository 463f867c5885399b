// Empties what the runtime brings and the overlay never uses: what Deno checks types with and makes desktop programs of, and
// of ICU's data what only Intl reads in other languages. Nothing is moved. No emptied part is a valid one: what came to it
// would get an error, or what English has.

import { zstdDecompressSync } from "node:zlib";

/** How many bytes of an executable were emptied. */
interface Emptied {
  /** Compressed files of Deno's own: the type checker, the declarations that it knows, starters of desktop programs. */
  readonly files: number;
  /** Items of ICU's data. */
  readonly icu: number;
}

/** Empties them in place; what an executable does not have is not looked for anywhere else. */
export function emptyUnused(executable: Uint8Array): Emptied {
  const empty = (parts: Iterable<Part>): number => {
    let emptied = 0;
    for (const [from, to] of parts) {
      executable.fill(0, from, to);
      emptied += to - from;
    }
    return emptied;
  };
  return { files: empty([...compressedFiles(executable)]), icu: empty([...unusedItems(executable)]) };
}

/** Where it begins, and where what follows does. */
type Part = readonly [from: number, to: number];

const BYTES = { compressed: [0x28, 0xb5, 0x2f, 0xfd], executable: [0x7f, 0x45, 0x4c, 0x46] };
/** The longest text or executable that is looked at, unpacked. */
const LONGEST = 1 << 25;

/** The sources of the type checker, and executables: all that Deno keeps as frames of Zstandard. */
function* compressedFiles(executable: Uint8Array): Generator<Part> {
  for (const from of placesOf(executable, BYTES.compressed)) {
    const to = endOfFrame(executable, from);
    if (to === undefined) continue;
    const content = unpacked(executable.subarray(from, to));
    if (content !== undefined && (startsWith(content, BYTES.executable) || isText(content))) yield [from, to];
  }
}

function unpacked(frame: Uint8Array): Uint8Array | undefined {
  try {
    return zstdDecompressSync(frame, { maxOutputLength: LONGEST });
  } catch {
    // Four bytes that begin no frame.
    return undefined;
  }
}

function isText(content: Uint8Array): boolean {
  try {
    return !new TextDecoder("utf-8", { fatal: true }).decode(content).includes("\0");
  } catch {
    return false;
  }
}

function* placesOf(bytes: Uint8Array, sought: readonly number[]): Generator<number> {
  for (let at = bytes.indexOf(sought[0]!); at >= 0; at = bytes.indexOf(sought[0]!, at + 1)) {
    if (startsWith(bytes.subarray(at), sought)) yield at;
  }
}

function startsWith(bytes: Uint8Array, sought: readonly number[]): boolean {
  return sought.every((byte, index) => bytes[index] === byte);
}

const BLOCK = { raw: 0, repeated: 1, compressed: 2 };
const LARGEST_BLOCK = 1 << 17;

/** Behind the frame of Zstandard that begins here, by RFC 8878, 3.1.1; undefined where none does. */
function endOfFrame(bytes: Uint8Array, from: number): number | undefined {
  const descriptor = bytes[from + 4]!;
  const isReserved = (descriptor & 8) !== 0;
  const isSingle = (descriptor & 32) !== 0;
  const contentSize = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const hasSum = (descriptor & 4) !== 0;
  let at = from + 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + contentSize;
  if (isReserved) return undefined;
  for (let isLast = false; !isLast;) {
    if (at + 3 > bytes.length) return undefined;
    const header = bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16;
    isLast = (header & 1) === 1;
    const [kind, size] = [header >> 1 & 3, header >> 3];
    if (kind > BLOCK.compressed || size > LARGEST_BLOCK) return undefined;
    at += 3 + (kind === BLOCK.repeated ? 1 : size);
  }
  const end = at + (hasSum ? 4 : 0);
  return end <= bytes.length ? end : undefined;
}

/** Items of ICU's data, by their paths below its name. What is left is enough for V8 not to fail where it wants something. */
const UNUSED: readonly RegExp[] = [
  // Orders of texts (V8 says "Icu error" where one is wanted), names of time zones, currencies by time and country.
  /^(coll|zone)\/|^curr\/supplementalData\.res$/,
  // Converters (texts are decoded without ICU), confusable characters, normal forms of domain names, dictionaries.
  /\.(cnv|cfu|dict)$|^(uts46|nfkc_cf|nfkc_scf)\.nrm$/,
  // Where lines may break, in the ways of particular languages.
  /\/line_.*\.brk$/,
  // Likely languages of countries, older codes of languages, units, plurals, parts of the day, names that zones have had.
  /^(langInfo|metadata|units|plurals|dayPeriods|metaZones)\.res$/,
  // One language or country other than English. Who asks for one gets what all languages have in common.
  /(^|\/)(?!en[._]|res_index)[a-z]{2,3}(_[A-Za-z0-9]+)*\.res$/,
];

function isUnused(item: string): boolean {
  const path = item.slice(item.indexOf("/") + 1);
  return UNUSED.some((pattern) => pattern.test(path));
}

/** Of the common data of ICU: a header, and a table of the items with their names, in order of place. */
function* unusedItems(executable: Uint8Array): Generator<Part> {
  const table = tableOfIcu(executable);
  if (table === undefined) return;
  const view = new DataView(executable.buffer, executable.byteOffset, executable.byteLength);
  const count = view.getUint32(table, true);
  const entry = (index: number, field: number): number => table + view.getUint32(table + 4 + 8 * index + field, true);
  // The length of the last one is not told.
  for (let index = 0; index < count - 1; index++) {
    if (isUnused(textAt(executable, entry(index, 0)))) yield [entry(index, 4), entry(index + 1, 4)];
  }
}

/** ICU's udata.h: the size of the header, two bytes of magic, sizes, and the format. */
const ICU = {
  magic: [0xda, 0x27],
  magicAt: 2,
  format: [..."CmnD"].map((letter) => letter.charCodeAt(0)),
  formatAt: 12,
};

function tableOfIcu(executable: Uint8Array): number | undefined {
  for (const format of placesOf(executable, ICU.format)) {
    const header = format - ICU.formatAt;
    if (!startsWith(executable.subarray(header + ICU.magicAt), ICU.magic)) continue;
    return header + (executable[header]! | executable[header + 1]! << 8);
  }
  return undefined;
}

function textAt(bytes: Uint8Array, at: number): string {
  return new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)));
}
