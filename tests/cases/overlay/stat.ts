// Rows for cli/overlay/stat.ts. The program is of generation 3, which is not here to compare with.

import type { Case } from "../../rows/harness.ts";

const told = (name: string, command: string, stdout: string, code = 0, tells = ""): Case => ({
  name: `s6-overlay-stat ${name}`,
  argv: ["sh", "-c", command],
  leaves: [],
  tells,
  expect: { stdout, code },
});
const ROOT = "uid=0\nuser=root\ngid=0\ngroup=root\n";

const mode = (bits: string, perms: string): Case =>
  told(`of mode ${bits}`, `: >f; chmod ${bits} f; s6-overlay-stat f`, `${ROOT}perms=${perms}\n`);

export const cases: readonly Case[] = [
  mode("0755", "oxorgxgruxuwur"),
  mode("0640", "gruwur"),
  mode("0000", ""),
  mode("7777", "oxoworgxgwgruxuwurosgsus"),
  mode("1001", "oxos"),
  mode("2010", "gxgs"),
  mode("4100", "uxus"),
  told("follows links", ": >f; chmod 400 f; ln -s f l; s6-overlay-stat l", `${ROOT}perms=ur\n`),
  told("of a directory", "mkdir -m 1777 d; s6-overlay-stat d", `${ROOT}perms=oxoworgxgwgruxuwuros\n`),
  told(
    "of an id without a name",
    ": >f; chmod 600 f; chown 12345:54321 f; s6-overlay-stat f",
    "uid=12345\nuser=\ngid=54321\ngroup=\nperms=uwur\n",
  ),
  told("is of use to a shell", `: >f; chmod 600 f; eval "$(s6-overlay-stat f)"; echo $user $perms`, "root uwur\n"),
  told(
    "takes no options",
    "s6-overlay-stat -- 2>&1",
    "s6-overlay-stat: fatal: unable to stat --: No such file or directory\n",
    111,
  ),
  told("of what is not there", "s6-overlay-stat none", "", 111, "unable to stat none: No such file or directory"),
  told("of a link to nowhere", "ln -s none l; s6-overlay-stat l", "", 111),
  told("of nothing", "s6-overlay-stat", "", 100, "usage: s6-overlay-stat path"),
];
