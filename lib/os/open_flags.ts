// The bits of open(2).

import type { OpenFlag } from "./os.ts";

const arm = Deno.build.arch === "aarch64";

export const OPEN_FLAGS: Readonly<Record<OpenFlag, number>> = {
  read: 0,
  write: 1,
  readwrite: 2,
  create: 0o100,
  exclusive: 0o200,
  truncate: 0o1000,
  append: 0o2001,
  nonblocking: 0o4000,
  directory: arm ? 0o40000 : 0o200000,
  nofollow: arm ? 0o100000 : 0o400000,
  path: 0o10000000,
};
