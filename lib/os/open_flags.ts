// The bits of open(2) and openat2(2). Those for close-on-exec and not to wait are the same in all calls that make descriptors.

import type { OpenFlag } from "./operands.ts";

const arm = Deno.build.arch === "aarch64";

/** Stands for the working directory where a call wants a descriptor of one (AT_FDCWD). */
export const HERE = -100;

export const OPEN = {
  read: 0,
  write: 0o1,
  readwrite: 0o2,
  create: 0o100,
  exclusive: 0o200,
  noTerminal: 0o400,
  truncate: 0o1000,
  append: 0o2000,
  nonblocking: 0o4000,
  directory: arm ? 0o40000 : 0o200000,
  nofollow: arm ? 0o100000 : 0o400000,
  closeOnExec: 0o2000000,
  path: 0o10000000,
} as const;

/** What each flag of a call or a step stands for. */
export const OPEN_FLAGS: Readonly<Record<OpenFlag, number>> = { ...OPEN, append: OPEN.write | OPEN.append };
