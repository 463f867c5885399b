// Rows for cli/execline/positional.ts.

import type { Case } from "../../harness.ts";

const FRAME = { "#": "4", "0": "s", "1": " a", "2": "", "3": "b", "4": "c", "5": "left" };

function shift(name: string, options: readonly string[], env: Record<string, string> = FRAME): Case {
  return {
    name: `shift: ${name}`,
    argv: ["shift", ...options, "env", "-u", "PATH"],
    env,
    unordered: true,
    stderr: env.EXECLINE_STRICT === "1",
  };
}

export const cases: readonly Case[] = [
  shift("one", []),
  shift("-n 2", ["-n", "2"]),
  shift("-n 0", ["-n0"]),
  shift("-n 4", ["-n4"]),
  shift("more than there are", ["-n9"]),
  shift("more than there are, warned of", ["-n9"], { ...FRAME, EXECLINE_STRICT: "1" }),
  shift("more than there are, fatal", ["-n9"], { ...FRAME, EXECLINE_STRICT: "2" }),
  shift("-b 1", ["-b1"]),
  shift("-n 1 -b 1", ["-n1", "-b1"]),
  shift("-b without a block", ["-n2", "-b1"]),
  shift("-b 2", ["-b2"], { ...FRAME, "4": "" }),
  shift("with gaps", [], { "#": "3", "0": "s", "2": "b" }),
  shift("without #", [], {}),
  shift("with a # that is no number", [], { "#": "x" }),
  shift("of no number", ["-nx"]),
  { name: "shift without a program", argv: ["shift"], env: FRAME },
  {
    name: "shift in a script",
    argv: ["execlineb", "-c", "shift elgetpositionals printf [%s] $1 $# $@", "a", "b", "c"],
  },
];
