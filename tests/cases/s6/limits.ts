// Rows for cli/s6/limits.ts.

import type { Case } from "../../harness.ts";

function limits(options: string, show = "ulimit -Sn; ulimit -Hn"): Case {
  const words = options === "" ? [] : options.split(" ");
  return { name: `s6-softlimit ${options}`.trim() + `, ${show}`, argv: ["s6-softlimit", ...words, "sh", "-c", show] };
}

const ALL = "for l in t f d s c m l p n v; do ulimit -S$l; ulimit -H$l; done";

export const cases: readonly Case[] = [
  limits("", ALL),
  limits("-o 100"),
  limits("-o ="),
  limits("-o 99999999"),
  limits("-h -o 50"),
  limits("-H -o 50"),
  limits("-o 30 -h -o 40"),
  limits("-H -o 50 -h -c 0 -o 20"),
  limits("-z -o 100"),
  limits("-c 0 -t 10", ALL),
  limits("-H -c =", ALL),
  limits("-m 100000000", ALL),
  limits("-a 200000000 -d 1000000 -f 512000 -l 4096 -p 100 -r 4096 -s 1000000", ALL),
  limits("-a 5000000", "ulimit -Sv"),
  limits("-o 30 s6-setuidgid nobody s6-softlimit -o 20", "ulimit -Sn; id -u"),
  ...["?", "_", "=", "\xe9", "N"].map((letter) => limits(`-${letter} -o 55`)),
  { name: "s6-softlimit of a missing program", argv: ["s6-softlimit", "-o", "5", "nope"], stderr: true },
  { name: "s6-softlimit without a value", argv: ["s6-softlimit", "-o"] },
  limits("-o x"),
  limits("-o -1"),
  { name: "s6-softlimit without a program", argv: ["s6-softlimit", "-o", "5"] },
];
