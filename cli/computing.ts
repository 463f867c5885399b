// The programs that may work through so much data that code compiled for speed pays: those whose declaration says `computes`, as
// a house test has it. The launcher chooses by this list what a program goes on from, or how the engine starts.

export const COMPUTING_PROGRAMS: readonly string[] = [
  ..."s6-log s6-cut s6-format-filter s6-grep s6-quote-filter s6-seq s6-sort s6-tai64n s6-tai64ndiff s6-tai64nlocal"
    .split(" "),
  "s6-overlay-relay",
  "s6-unquote-filter",
];
