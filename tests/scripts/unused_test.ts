// What is emptied in the runtime's executable, and that nothing else is.

import { deepEqual, equal, ok } from "node:assert/strict";
import { zstdCompressSync } from "node:zlib";
import { emptyUnused } from "../../scripts/unused.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const BEFORE = bytes("before");
const AFTER = bytes("after");

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** A frame with the content between other bytes: what is left of it. */
function leftOf(content: Uint8Array): Uint8Array {
  const frame = new Uint8Array(zstdCompressSync(content));
  const executable = joined(BEFORE, frame, AFTER);
  const { files, icu } = emptyUnused(executable);
  equal(icu, 0);
  deepEqual(executable.subarray(0, BEFORE.length), BEFORE);
  deepEqual(executable.subarray(-AFTER.length), AFTER);
  const left = executable.slice(BEFORE.length, -AFTER.length);
  equal(files, left.every((byte) => byte === 0) ? frame.length : 0);
  return left;
}

Deno.test("compressed sources and executables are emptied, to their last byte", () => {
  const long = Array.from({ length: 50_000 }, (_, index) => `declare const name${index ** 2}: ${index % 7};`).join(
    "\n",
  );
  for (const content of ["declare const a: 1;", long, "a".repeat(1_000_000), "\x7fELF\0\x01\xfe"]) {
    ok(leftOf(Uint8Array.from(content, (letter) => letter.charCodeAt(0))).every((byte) => byte === 0));
  }
});

Deno.test("compressed data of another kind is left, and so is what begins like it", () => {
  const content = joined(bytes("data"), new Uint8Array(3), new Uint8Array([0xff, 0xfe]));
  deepEqual(leftOf(content), new Uint8Array(zstdCompressSync(content)));
  const magic = new Uint8Array([0x28, 0xb5, 0x2f, 0xfd]);
  for (const rest of [[], [0x20], [0x20, 5, 7, 0, 0], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]]) {
    const executable = joined(BEFORE, magic, new Uint8Array(rest));
    const before = executable.slice();
    deepEqual(emptyUnused(executable), { files: 0, icu: 0 });
    deepEqual(executable, before);
  }
});

/** Common data of ICU, as its udata.h and ucmndata.h describe it; each item has 16 bytes of its first letter. */
function icuOf(names: readonly string[]): { readonly data: Uint8Array; readonly content: (name: string) => string } {
  const HEADER = 32;
  const SIZE = 16;
  const texts = names.map((name) => bytes(`icudt77l/${name}\0`));
  const textsAt = 4 + 8 * names.length;
  const itemsAt = textsAt + texts.reduce((sum, { length }) => sum + length, 0);
  const data = new Uint8Array(HEADER + itemsAt + SIZE * names.length);
  const view = new DataView(data.buffer);
  view.setUint16(0, HEADER, true);
  data.set([0xda, 0x27], 2);
  data.set(bytes("CmnD"), 12);
  view.setUint32(HEADER, names.length, true);
  let at = textsAt;
  const placeOf = (index: number): number => HEADER + itemsAt + SIZE * index;
  for (const [index, text] of texts.entries()) {
    view.setUint32(HEADER + 4 + 8 * index, at, true);
    view.setUint32(HEADER + 8 + 8 * index, itemsAt + SIZE * index, true);
    data.set(text, HEADER + at);
    data.fill(0x61, placeOf(index), placeOf(index + 1));
    at += text.length;
  }
  return {
    data,
    content: (name) => {
      const place = placeOf(names.indexOf(name));
      return new TextDecoder().decode(data.subarray(place, place + SIZE));
    },
  };
}

Deno.test("of ICU's data what other languages have is emptied, and English and what all have in common is left", () => {
  const unused = ["brkitr/cjdict.dict", "brkitr/line_cj.brk", "coll/root.res", "coll/ucadata.icu", "confusables.cfu"]
    .concat([
      "de.res",
      "gb18030.cnv",
      "lang/sr_Latn.res",
      "langInfo.res",
      "uts46.nrm",
      "zh_Hant_TW.res",
      "zone/de.res",
    ]);
  const used = ["brkitr/line.brk", "curr/root.res", "en.res", "en_US.res", "lang/en.res", "nfkc.nrm", "pool.res"]
    .concat(["res_index.res", "root.res", "supplementalData.res", "unit/res_index.res", "zoneinfo64.res"]);
  const { data, content } = icuOf([...unused, ...used].sort());
  deepEqual(emptyUnused(data), { files: 0, icu: 16 * unused.length });
  for (const name of unused) equal(content(name), "\0".repeat(16), name);
  for (const name of used) equal(content(name), "a".repeat(16), name);
});

Deno.test("what only looks like ICU's data is left", () => {
  for (const text of ["CmnD", "CmnD and others", "a header is missing before CmnD"]) {
    deepEqual(emptyUnused(bytes(text)), { files: 0, icu: 0 });
  }
});
