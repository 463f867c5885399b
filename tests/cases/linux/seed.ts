// Rows for cli/linux/seed.ts.

import type { Case, Result } from "../../rows/harness.ts";
import { row } from "../portable/rows.ts";

function seeding(script: string, stdout: string, more: Partial<Result> = {}): Case {
  return { ...row(["sh", "-c", script], { stdout, stderr: "", code: 0, ...more }), name: script, leaves: [] };
}

/** With -v 2 everything is reported, on standard error. */
function told(script: string, ...lines: string[]): Case {
  return seeding(script, "", { stderr: lines.map((line) => `rngseed: ${line}\n`).join("") });
}

const WAITING = "info: waiting for the entropy pool to initialize";
const SEED = (bytes: number, mode: number): string =>
  `mkdir -m 700 d; head -c ${bytes} /dev/zero >d/seed; chmod ${mode} d/seed; `;

export const cases: readonly Case[] = [
  seeding("rngseed", ""),
  seeding("rngseed operand", ""),
  seeding("rngseed -n", ""),
  seeding("rngseed -N", ""),
  seeding("rngseed -d d -w; stat -c %a d; stat -c '%a %s' d/seed", "700\n400 32\n"),
  seeding("rngseed -d d -W ; stat -c '%a %s' d/seed", "600 32\n"),
  seeding("rngseed -d a/b/c -w; stat -c %a a a/b a/b/c", "700\n700\n700\n"),
  seeding("rngseed -d d -w; cp d/seed s; rngseed -d d -w; cmp -s s d/seed; echo $?; ls d", "1\nseed\n"),
  seeding("rngseed -d d -w; rngseed -d d -r; ls d", ""),
  seeding("rngseed -d d -w; cp d/seed s; rngseed -d d -rw; cmp -s s d/seed; echo $?; stat -c %a d/seed", "1\n400\n"),
  seeding("rngseed -d d -w; rngseed -d d -RW; stat -c %a d/seed", "600\n"),
  told("rngseed -v 2", WAITING),
  told("rngseed -n -v 2"),
  told(
    "rngseed -d d -w -v 2",
    WAITING,
    "info: reading 256 bits of random to make the seed",
    "info: writing seed to d/seed",
  ),
  told(
    `${SEED(32, 400)} rngseed -d d -r -v 2`,
    "info: reading seed from d/seed",
    "info: seeding with 256 bits",
    WAITING,
  ),
  told(
    `${SEED(5, 600)} rngseed -d d -r -v 2`,
    "info: reading seed from d/seed",
    "warning: d/seed was not marked as creditable",
    "info: seeding with 40 bits without crediting",
    WAITING,
  ),
  told(
    `${SEED(5000, 400)} rngseed -d d -R -v 2`,
    "info: reading seed from d/seed",
    "info: seeding with 4096 bits without crediting",
    WAITING,
  ),
  told(`${SEED(9, 600)} rngseed -d d -r`, "warning: d/seed was not marked as creditable"),
  told(`${SEED(9, 600)} rngseed -d d -r -v 0`),
  seeding(`${SEED(0, 600)} rngseed -d d -r; echo $?; ls d`, "100\nseed\n", {
    stderr: "rngseed: fatal: empty d/seed\n",
  }),
  seeding("mkdir -m 750 d; rngseed -d d -w; stat -c %a d", "700\n", {
    stderr: "rngseed: warning: d has permissive modes, changing it to 0700\n",
  }),
  seeding("rngseed -d d -r", "", {
    code: 111,
    stderr: "rngseed: fatal: unable to open d/seed: No such file or directory\n",
  }),
  seeding("mkdir -m 700 d d/seed; rngseed -d d -w; echo $?; ls d", "111\nseed\n", {
    stderr: "rngseed: fatal: unable to write to d/seed: Is a directory\n",
  }),
  seeding(">d; rngseed -d d -w", "", { code: 111, stderr: "rngseed: fatal: unable to mkdir d: Not a directory\n" }),
  seeding("mkdir -m 700 d; ln -s /dev/zero d/seed; rngseed -d d -r; echo $?; ls d", "111\nseed\n", {
    stderr: "rngseed: fatal: unable to open d/seed: Too many levels of symbolic links\n",
  }),
  seeding(`${SEED(32, 400)} setpriv --bounding-set=-sys_admin rngseed -d d -r`, "", {
    code: 111,
    stderr: "rngseed: fatal: unable to seed the random generator: Operation not permitted\n",
  }),
  ...["rngseed -z", "rngseed -v x", "rngseed -d"].map((words) => row(words.split(" "), { stdout: "", code: 100 })),
];
