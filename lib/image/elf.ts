// What the head of an ELF file tells: the machine that it is for, and the loader that it needs. The kernel only says "No such
// file" where the loader is not in the image, and "Exec format error" for another machine's file.

import type { ByteString } from "../bytes.ts";

/** How much of a file is read: the loader's name lies right behind the program headers. */
export const ELF_HEAD_SIZE = 4096;

export interface Elf {
  /** As people call it. */
  readonly machine: string;
  /** The path of the loader; undefined for a static program, and where it lies further behind. */
  readonly loader: ByteString | undefined;
}

const MACHINES: Readonly<Record<number, string>> = {
  3: "i386",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390x",
  40: "arm (32 bit)",
  62: "amd64 (x86-64)",
  183: "arm64 (aarch64)",
  243: "riscv64",
  258: "loongarch64",
};
const PROGRAM_INTERPRETER = 3; // PT_INTERP

/** Undefined for what is not an ELF file, or is cut off. */
export function parseElf(head: ByteString): Elf | undefined {
  if (!head.startsWith("\x7fELF") || head.length < 64) return undefined;
  const bytes = Uint8Array.from(head, (char) => char.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const isWide = bytes[4] === 2;
  const isLittle = bytes[5] === 1;
  const number = (at: number, size: 2 | 4): number => {
    if (at + size > head.length) return 0;
    return size === 2 ? view.getUint16(at, isLittle) : view.getUint32(at, isLittle);
  };
  // Offsets of more than 4 GB are not in the head: the half with the small digits is enough.
  const half = isLittle ? 0 : 4;
  const machine = number(18, 2);
  const [table, size, count] = isWide
    ? [number(32 + half, 4), number(54, 2), number(56, 2)]
    : [number(28, 4), number(42, 2), number(44, 2)];
  let loader: ByteString | undefined;
  for (let index = 0; index < count && table + (index + 1) * size <= head.length; index++) {
    const at = table + index * size;
    if (number(at, 4) !== PROGRAM_INTERPRETER) continue;
    const offset = isWide ? number(at + 8 + half, 4) : number(at + 4, 4);
    const end = head.indexOf("\0", offset);
    if (end > offset) loader = head.slice(offset, end);
  }
  return { machine: MACHINES[machine] ?? `machine ${machine}`, loader };
}

/** What else the processors of a machine run. */
const ALSO_RUNS: Readonly<Record<string, string>> = {
  "amd64 (x86-64)": "i386",
  "arm64 (aarch64)": "arm (32 bit)",
};

/** True if a program for the one machine runs on the other; both by the names that `parseElf` has. */
export function runsOn(program: string, machine: string): boolean {
  return program === machine || program === ALSO_RUNS[machine];
}

/** The C library that a loader belongs to, in words; undefined if its name does not tell. */
export function libraryOf(loader: ByteString): string | undefined {
  if (/\/ld-musl-[^/]*$/.test(loader)) return "musl";
  return /\/ld(-linux[^/]*|64?)\.so\.[0-9]+$/.test(loader) ? "glibc" : undefined;
}
