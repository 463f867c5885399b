// Rows for cli/overlay/newfifo.ts, as far as there need be no container. The original is a script of the overlay and not
// among Debian's programs, so each row says what is to be.

import type { Case } from "../../rows/harness.ts";

function fails(name: string, code: number, stderr: string, ...args: string[]): Case {
  return { name, argv: ["logutil-newfifo", ...args], expect: { code, stdout: "", stderr, files: {} } };
}

const PROGRAM = "logutil-newfifo";
const USAGE = `${PROGRAM}: usage: ${PROGRAM} [ -m mode ] [ -o owner ] path\n`;

export const cases: readonly Case[] = [
  fails(`${PROGRAM} without a path`, 1, `${PROGRAM}: fatal: no path is given\n`),
  fails(`${PROGRAM} with an unknown option`, 100, USAGE, "-z", "fifo"),
  fails(`${PROGRAM} -m of no mode`, 100, USAGE, "-m", "rw", "fifo"),
  fails(`${PROGRAM} -o of nobody`, 1, `${PROGRAM}: fatal: unknown user: no-such-user\n`, "-o", "no-such-user", "fifo"),
  fails(
    `${PROGRAM} where there is no holder`,
    1,
    `${PROGRAM}: fatal: unable to subscribe to events for /var/run/s6/services/s6-fdholderd: No such file or directory\n`,
    "fifo",
  ),
];
