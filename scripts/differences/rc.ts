// Differences from the original. Programs of s6-rc.

import { type Difference, inArea } from "./row.ts";

export const RC: readonly Difference[] = [
  ...inArea("Programs of s6-rc", [
    {
      ours:
        "**A wrong definition is explained**: a second line of `s6-rc-compile` says which file and line, and what " +
        "makes it right. Of a circle it says each step.",
      original: "The original names services.",
      test: ["tests/lib/rc/source_test.ts", "a circle, with each of its steps"],
    },
    {
      ours: "**A torn database is broken**: the exit code is 4, and one line says in which way. All of a database is " +
        "checked before any of it is used.",
      original: "The original takes a short file for a failed read, 111, and does not look at what is behind the end.",
      test: ["tests/recorded/rc_broken.ts", "torn services"],
      also: [["tests/lib/rc/database_test.ts", "a database that is changed anywhere is refused"]],
    },
    {
      ours: "**`s6-rc-db pipeline` says why** where the name is not that of a longrun.",
      original: "The original ends with 5, silently.",
      test: ["tests/recorded/rc_programs.ts", "pipeline of what is no longrun"],
    },
    {
      ours: "**Lines of `s6-rc-compile -v4`** do not name functions of a program in C.",
      untested: true,
    },
  ]),
];
