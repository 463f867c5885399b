// Rows for cli/portable/environment.ts.

import type { Case } from "../../rows/harness.ts";
import { fails, misused, prints, row } from "./rows.ts";

const env = { env: { A: "1", B: "" } };
// Without PATH, which is not the same everywhere.
const bare = (command: string): string[] => ["sh", "-c", `exec env -u PATH -u PWD "$(command -v ${command})"`];
const script = (text: string): string[] => ["sh", "-c", text];

export const cases: readonly Case[] = [
  row(bare("s6-printenv"), { stdout: "A=1\nB=\n", code: 0 }, env),
  row(script('unset PWD; s6-printenv -0 | tr "\\0" "|" | sed "s/PATH=[^|]*|//"'), { stdout: "A=1|B=|" }, env),
  row(script("unset PWD; s6-printenv -d , | grep -c ,$"), { stdout: "1\n" }, env),
  row(script("unset PWD; s6-printenv -n -d , | grep -c ,$"), { stdout: "0\n" }, env),
  row(script("unset PWD; s6-printenv -d '' | sed 's/[0-9]*:PATH=[^,]*,//'"), { stdout: "3:A=1,2:B=," }, env),
  row(["s6-printenv", "-n0d", ""], { code: 0 }),
  row(["s6-printenv", "-x"], { stderr: "s6-printenv: usage: s6-printenv [ -n ] [ -0 | -d delimchar ]\n", code: 100 }),
  prints("s6-env -i A=3 B= C=x=y /usr/bin/env", "A=3\nB=\nC=x=y\n", 0, env),
  prints("s6-env A=3 printenv A", "3\n", 0, env),
  prints("s6-env -i =x /usr/bin/env", "=x\n", 0, env),
  ...misused("s6-env", "[ -i ] [ name=value... ] prog...", 0),
  row(["s6-env", "-i", "A=1", "/nope"], {
    stderr: "s6-env: fatal: unable to exec /nope: No such file or directory\n",
    code: 127,
  }),
  fails("s6-env A=1 nope", "s6-env: fatal: unable to exec nope: No such file or directory", 127),
  // Without PATH our programs are found all the same.
  prints("s6-env -i", "", 0),
  prints("s6-env A=1 no-such-program", "", 127),
  row(["s6-env"], { code: 0 }, env),
  prints("s6-env A=1 -i env", "", 127),
  row(script("s6-env A=3 | grep ^A"), { stdout: "A=3\n", code: 0 }, env),
  row(
    script("p=$(command -v s6-dumpenv); exec env -i A=1 'B=x\ny' C= $p d"),
    { code: 0, files: { d: "755 directory", "d/A": "644 file 1", "d/B": "644 file x\ny", "d/C": "644 file " } },
  ),
  row(
    script("p=$(command -v s6-dumpenv); umask 077; exec env -i A=1 $p -N -m 711 d"),
    { code: 0, files: { d: "700 directory", "d/A": "600 file 1\n" } },
  ),
  row(
    script("p=$(command -v s6-dumpenv); exec env -i A=1 $p -m 711 d"),
    { code: 0, files: { d: "700 directory", "d/A": "644 file 1", "d/B": "644 file old" } },
    { files: { d: { directory: 0o700 }, "d/A": "before", "d/B": "old" } },
  ),
  row(
    script(
      "exec 3<d/A; before=$(stat -c %i d/A); A=1 s6-dumpenv d; cat <&3; [ $(stat -c %i d/A) != $before ]; echo $?; cat d/A",
    ),
    { stdout: "before0\n1" },
    { files: { "d/A": "before" }, leaves: [] },
  ),
  // Another user may have put a link there, if the directory is that user's.
  row(
    script("ln -s ../kept 'd/A=.tmp'; A=1 s6-dumpenv d; cat kept d/A; test -L d/A; echo $?"),
    { stdout: "kept\n11\n" },
    { files: { kept: "kept\n", d: { directory: 0o755 } }, leaves: [] },
  ),
  row(script("p=$(command -v s6-dumpenv); exec env -i A/B=1 $p d"), { code: 111, files: { d: "755 directory" } }),
  row(
    script("p=$(command -v s6-dumpenv); exec env -i A=1 $p d"),
    { code: 111, files: { d: "755 directory", "d/A": "755 directory" } },
    { files: { "d/A": { directory: 0o755 } } },
  ),
  row(["s6-dumpenv", "-nN", "d"], { code: 0 }, { leaves: ["d"], files: {} }),
  row(["s6-dumpenv", "f"], { stderr: "s6-dumpenv: fatal: unable to mkdir f: Not a directory\n", code: 111 }, {
    files: { f: "" },
  }),
  fails("s6-dumpenv a/b", "s6-dumpenv: fatal: unable to mkdir a/b: No such file or directory", 111),
  row(script("p=$(command -v s6-dumpenv); exec env -i A=1 $p d"), {
    stderr: "s6-dumpenv: fatal: unable to open d/A: Is a directory\n",
    code: 111,
  }, { files: { "d/A": { directory: 0o755 } } }),
  row(["s6-dumpenv", "-n", "d"], { stdout: "", code: 0, files: { "d/A": "644 file 1" } }, { ...env, leaves: ["d/A"] }),
  row(["s6-dumpenv", "-nN", "d"], { code: 0, files: { "d/A": "644 file 1\n" } }, { ...env, leaves: ["d/A"] }),
  prints("s6-dumpenv -x d", "", 100),
  prints("s6-env A=1 -- true", "", 127),
  row(["s6-printenv", "-n0"], { code: 0 }, env),
  prints("s6-dumpenv f", "", 111, { files: { f: "" } }),
  prints("s6-dumpenv a/b", "", 111),
  prints("s6-dumpenv -m 8 d", "", 100),
  ...misused("s6-dumpenv", "[ -N | -n ] [ -m mode ] envdir"),
];
