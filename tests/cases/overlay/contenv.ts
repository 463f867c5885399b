// Rows for cli/overlay/contenv.ts and contenv_legacy.ts. The store has its one place, so each row has a mount namespace in which that is empty.

import { ownNamespaces } from "../../../scripts/namespaces.ts";
import type { Case, Result } from "../../rows/harness.ts";

const STORE = `mount -t tmpfs none /run
mkdir -p /run/s6/container_environment
cd /run/s6/container_environment
printf 'one\\ntwo \\n' >LINES
printf '' >EMPTY
printf 'a\\0b' >NUL
head -c 5000 /dev/zero | tr '\\0' x >LONG
printf x >.HIDDEN
cd /
ours() { p=$(command -v $1); shift; "$p" "$@"; }
`;

// Absolute, as PATH is not in the store.
const SHOW = "/bin/sh -c '/usr/bin/env -0 | /bin/grep -zvE ^PWD= | /usr/bin/sort -z'";

function stored(name: string, script: string, expect: Partial<Result>, env: Record<string, string> = {}): Case {
  return {
    name,
    argv: [...ownNamespaces("mount"), "sh", "-c", STORE + script],
    env: { OTHER: "lost", ...env },
    leaves: [],
    expect,
  };
}

const rows: readonly Case[] = [
  stored("with-contenv has the store's environment and nothing else", `ours with-contenv ${SHOW}`, {
    stdout: `EMPTY=\0LINES=one\ntwo \n\0LONG=${"x".repeat(5000)}\0NUL=a\0`,
    code: 0,
  }),
  stored("with-contenv-legacy reads as s6-envdir -fn does", `ours with-contenv-legacy ${SHOW}`, {
    stdout: `LINES=one\ntwo \n\0LONG=${"x".repeat(4095)}\0NUL=a\nb\0`,
    code: 0,
  }),
  ...["with-contenv", "with-contenv-legacy"].flatMap((program) => [
    stored(`${program} keeps an environment that is kept`, `ours ${program} printenv OTHER`, {
      stdout: "lost\n",
      code: 0,
    }, {
      S6_KEEP_ENV: "1",
    }),
    stored(`${program} without a program does nothing`, `ours ${program}`, { stdout: "", code: 0 }),
    stored(`${program} of a program that is not there`, `ours ${program} nope`, { stdout: "", code: 127 }),
    stored(`${program} takes the first word for a program`, `ours ${program} --help`, { stdout: "", code: 127 }),
    stored(`${program} without a store`, `rm -r /run/s6; ours ${program} true`, { stdout: "", code: 111 }),
  ]),
  stored("printcontenv prints a variable", "ours printcontenv LINES", { stdout: "one\ntwo \n\n", code: 0 }),
  stored("printcontenv of a variable that is not there", "ours printcontenv OTHER", { stdout: "", code: 1 }),
  stored("printcontenv without a name", "ours printcontenv", { stdout: "", code: 1 }),
  stored("printcontenv of no file name", "ours printcontenv ../container_environment/LINES", { stdout: "", code: 1 }),
];

export const cases: readonly Case[] = Deno.uid() === 0 ? rows : [];
