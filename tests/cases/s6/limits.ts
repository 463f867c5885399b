// Rows for cli/s6/limits.ts.

import type { Case } from "../../rows/harness.ts";

function limits(options: string, show = "ulimit -Sn; ulimit -Hn"): Case {
  const words = options === "" ? [] : options.split(" ");
  return { name: `s6-softlimit ${options}`.trim() + `, ${show}`, argv: ["s6-softlimit", ...words, "sh", "-c", show] };
}

const ALL = "for l in t f d s c m l p n v; do ulimit -S$l; ulimit -H$l; done";

/** Under limits that a runtime could not start with. */
function under(limit: string, ...argv: readonly string[]): Case {
  return {
    name: `${argv.join(" ")}, under ulimit -S ${limit}`,
    argv: ["bash", "-c", `ulimit -S ${limit}; "$@"`, "-", ...argv],
  };
}

export const cases: readonly Case[] = [
  ...["-s 128", "-d 5000", "-v 100000", "-u 5"].flatMap((limit) => [
    under(limit, "s6-softlimit", "-o", "50", "sh", "-c", ALL),
    under(limit, "foreground", " sh", " -c", ` ${ALL}`, "", "sh", "-c", ALL),
    under(limit, "s6-softlimit", "-s", "70000", "-d", "6000000", "-a", "90000000", "sh", "-c", ALL),
  ]),
  {
    name: "the limit of processes counts at a change of user",
    argv: [
      "sh",
      "-c",
      "s6-setuidgid nobody sleep 1000 & one=$!; s6-setuidgid nobody sleep 1000 & two=$!; " +
      "for pid in $one $two; do until [ $(cat /proc/$pid/comm) = sleep ]; do sleep 0.05; done; done; " +
      "(ulimit -S -p 1; s6-setuidgid nobody true; echo $?); kill $one $two",
    ],
  },
  limits("", ALL),
  limits("-o 100"),
  limits("-o ="),
  limits("-o 99999999"),
  limits("-h -o 50"),
  ...["a", "d", "s"].map((letter): Case => ({
    ...limits(`-h -${letter} 100000`, "ulimit -Hv"),
    tells: "Invalid argument",
  })),
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
  ...["-o 3", "-o 4", "-H -o 3", "-H -o 5"].map((options): Case => (
    {
      name: `s6-softlimit ${options} of a missing program`,
      argv: ["s6-softlimit", ...options.split(" "), "nope"],
      stderr: true,
    }
  )),
  {
    name: "a limit holds for a script whose interpreter one of our programs stands in for",
    argv: ["s6-softlimit", "-o", "50", "./script"],
    files: { script: { content: '#!/usr/local/bin/execlineb -P\nsh -c "ulimit -Sn"\n', mode: 0o755 } },
    exception: "the original has nothing that stands in",
    expect: { stdout: "50\n", code: 0 },
  },
  { name: "s6-softlimit without a value", argv: ["s6-softlimit", "-o"] },
  limits("-o x"),
  limits("-o -1"),
  { name: "s6-softlimit without a program", argv: ["s6-softlimit", "-o", "5"] },
];
