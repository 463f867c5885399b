// Rows for cli/long_options.ts, where programs of s6 take such: those that are new in 2.14 and 2.15, or were rewritten.

import type { Case } from "../../rows/harness.ts";
import { scanned } from "../../rows/scanned.ts";
import { STEADY } from "../../rows/supervised.ts";

// Whether the process leads its group, and its session.
const LEADS = `read -r line </proc/$$/stat; set -- \${line##*) }; test $3 = $$; a=$?; test $4 = $$; echo $a $?`;

function ftrig(text: string): Case {
  return { name: text, argv: ["sh", "-c", `s6-mkfifodir d; s6-mkfifodir e; ${text}; echo $?`], leaves: [] };
}

export const cases: readonly Case[] = [
  ftrig("s6-ftrig-wait --timeout=200 d x"),
  ftrig("s6-ftrig-listen1 --timeout=200 d x true"),
  ftrig("s6-ftrig-listen --and --timeout=2000 ' d' ' a' ' e' ' b' '' s6-ftrig-notify e b"),
  ftrig("s6-ftrig-listen --or ' d' ' a' ' e' ' b' '' s6-ftrig-notify e b"),
  ...["--session", "--background-process-group", "--process-group", "--foreground", "--grab", "--foreground --session"]
    .map((
      options,
    ): Case => ({
      name: `s6-setsid ${options}`,
      argv: ["s6-setsid", ...options.split(" "), "sh", "-c", LEADS],
      stderr: true,
    })),
  ...[
    "--foreground --process-group",
    "--process-group --foreground --grab",
    "--strict --process-group",
    "--no-strict --foreground-process-group",
    "--strict --foreground-process-group-grab",
  ].map((
    options,
  ): Case => ({
    name: `s6-setsid ${options}`,
    argv: ["s6-setsid", "--ctty=99", ...options.split(" "), "sh", "-c", LEADS],
    stderr: true,
  })),
  scanned(
    "s6-svscan takes all of its options by long names",
    { "scan/web/run": STEADY },
    "begin --notification-fd=4 --services-max=8 --name-max=20 --timeout=100 4>ready; until_true [ -s ready ]; od -c ready",
    "up web; s6-svscanctl -t scan",
  ),
  { name: "s6-svscan --console-holder=77", argv: ["s6-svscan", "--console-holder=77", "."], leaves: [] },
  {
    name: "s6-notifyoncheck takes all of its options by long names",
    argv: [
      "s6-notifyoncheck",
      ...["--doublefork", "--notification-fd=99", "--initial-sleep=1", "--global-timeout=1", "--local-timeout=1"],
      ...["--waiting-time=1", "--tries=1", "--check-program=true", "true"],
    ],
    stderr: true,
  },
  {
    name: "s6-background-watch takes both of its options by long names",
    argv: ["s6-background-watch", "--timeout-ready=100", "--notification-fd=1", "pid", "true"],
    stderr: true,
  },
  ...["s6-setsid", "s6-svscan", "s6-ftrig-wait", "s6-ftrig-listen1", "s6-background-watch", "s6-notifyoncheck"].flatMap(
    (
      program,
    ): Case[] => [
      { name: `${program} with a long option that there is not`, argv: [program, "--nope", "x", "y"], stderr: true },
      { name: `${program} with a short one`, argv: [program, "-Z", "x", "y"], stderr: true },
    ],
  ),
];
