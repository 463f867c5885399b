// Rows for cli/s6/ftrig.ts.

import type { Case } from "../../rows/harness.ts";

const NOTIFY = "/usr/bin/s6-ftrig-notify";
const script = (text: string): string[] => ["sh", "-c", `s6-mkfifodir d; s6-mkfifodir e; ${text}; echo $?`];

/** Sends events once there is a listener. */
const soon = (events: string): string =>
  `{ until [ "$(ls d)" ]; do sleep 0.05; done; for e in ${events}; do ${NOTIFY} d $e; done; } &`;

function ftrig(name: string, text: string): Case {
  return { name, argv: script(text), leaves: [] };
}

export const cases: readonly Case[] = [
  ftrig("s6-ftrig-wait prints the events that arrived with the match", `${soon("abc")} s6-ftrig-wait d b`),
  ftrig("s6-ftrig-wait collects events", `${soon("a b c")} s6-ftrig-wait d 'a.*c'`),
  ftrig("s6-ftrig-wait knows anchors", `${soon("ba")} s6-ftrig-wait d '^b'`),
  {
    ...ftrig("s6-ftrig-wait knows the end of each event", `${soon("abc")} s6-ftrig-wait d 'b$'`),
    exception: "the newest looks at events that come together as one",
    expect: { stdout: "abc\n0\n", code: 0 },
  },
  ftrig("s6-ftrig-wait gives up in time", "s6-ftrig-wait -t 2000 d x"),
  ftrig("s6-ftrig-wait of a missing directory", "s6-ftrig-wait nope x"),
  ftrig("s6-ftrig-wait of a bad expression", "s6-ftrig-wait d '('"),
  ftrig("s6-ftrig-listen1 runs a program once it listens", `s6-ftrig-listen1 d b ${NOTIFY} d abc`),
  ftrig("s6-ftrig-listen1 does not care how that ends", `s6-ftrig-listen1 d b sh -c '${NOTIFY} d b; exit 3'`),
  ftrig("s6-ftrig-listen1 gives up in time", "s6-ftrig-listen1 -t 2000 d x echo hi"),
  ftrig("s6-ftrig-listen1 of a missing program", "s6-ftrig-listen1 d x no-such-program"),
  ftrig("s6-ftrig-listen waits for all", `s6-ftrig-listen ' d' ' a' ' e' ' b' '' sh -c '${NOTIFY} d a; ${NOTIFY} e b'`),
  ftrig("s6-ftrig-listen -o waits for one", `s6-ftrig-listen -o ' d' ' a' ' e' ' b' '' ${NOTIFY} e b`),
  ftrig("s6-ftrig-listen -a waits for all", `s6-ftrig-listen -a -t 2000 ' d' ' a' ' e' ' b' '' ${NOTIFY} e b`),
  ftrig("s6-ftrig-listen needs pairs", "s6-ftrig-listen ' d' ' a' ' e' '' true"),
  { name: "s6-ftrig-wait without an expression", argv: ["s6-ftrig-wait", "d"], stderr: true },
  { name: "s6-ftrig-listen1 without a program", argv: ["s6-ftrig-listen1", "d", "x"], stderr: true },
  { name: "s6-ftrig-listen without a program", argv: ["s6-ftrig-listen", " d", " x", ""], stderr: true },
];
