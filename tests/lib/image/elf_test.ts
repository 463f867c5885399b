// What the head of an ELF file tells, for both sizes of words and both orders of bytes.

import { deepEqual, equal } from "node:assert/strict";
import { byteString } from "../../../lib/bytes.ts";
import { libraryOf, parseElf } from "../../../lib/image/elf.ts";

interface Head {
  readonly wide: boolean;
  readonly little: boolean;
  readonly machine: number;
  readonly loader?: string;
}

/** A head with one program header of another kind, and one that names the loader if there is one. */
function head({ wide, little, machine, loader }: Head): string {
  const view = new DataView(new ArrayBuffer(400));
  const bytes = new Uint8Array(view.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2]);
  const [table, size, text] = wide ? [64, 56, 300] : [52, 32, 300];
  view.setUint16(18, machine, little);
  const offset = (at: number, value: number): void =>
    wide ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little);
  offset(wide ? 32 : 28, table);
  view.setUint16(wide ? 54 : 42, size, little);
  view.setUint16(wide ? 56 : 44, loader === undefined ? 1 : 2, little);
  view.setUint32(table, 1, little);
  if (loader === undefined) return byteString(bytes);
  view.setUint32(table + size, 3, little);
  offset(table + size + (wide ? 8 : 4), text);
  bytes.set(new TextEncoder().encode(`${loader}\0`), text);
  return byteString(bytes);
}

for (const wide of [true, false]) {
  for (const little of [true, false]) {
    Deno.test(`a head of ${wide ? 64 : 32} bits, ${little ? "little" : "big"} end first, tells machine and loader`, () => {
      const loader = "/lib/ld-musl-x86_64.so.1";
      deepEqual(parseElf(head({ wide, little, machine: 62, loader })), { machine: "amd64 (x86-64)", loader });
      deepEqual(parseElf(head({ wide, little, machine: 183 })), { machine: "arm64 (aarch64)", loader: undefined });
      deepEqual(parseElf(head({ wide, little, machine: 4711 })), { machine: "machine 4711", loader: undefined });
    });
  }
}

Deno.test("a head that is cut off, or lies about itself, is read as far as it goes", () => {
  const whole = head({ wide: true, little: true, machine: 62, loader: "/lib64/ld-linux-x86-64.so.2" });
  for (let length = 0; length <= whole.length; length++) {
    const found = parseElf(whole.slice(0, length));
    equal(found === undefined, length < 64, `${length} bytes`);
  }
  const lying = whole.slice(0, 54) + "\xff".repeat(346);
  deepEqual(parseElf(lying), { machine: "amd64 (x86-64)", loader: undefined });
  equal(parseElf("#!/bin/sh\n".repeat(20)), undefined);
});

Deno.test("a loader tells whose it is by its name", () => {
  const loaders = {
    "/lib64/ld-linux-x86-64.so.2": "glibc",
    "/lib/ld-linux-aarch64.so.1": "glibc",
    "/lib/ld-linux.so.2": "glibc",
    "/lib64/ld64.so.2": "glibc",
    "/lib/ld-musl-x86_64.so.1": "musl",
    "/system/bin/linker64": undefined,
  };
  for (const [loader, library] of Object.entries(loaders)) equal(libraryOf(loader), library, loader);
});
