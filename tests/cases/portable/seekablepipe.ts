// Rows for cli/portable/seekablepipe.ts.

import type { Case } from "../../rows/harness.ts";
import { fails, leaves, prints, row } from "./rows.ts";

const USAGE = "seekablepipe: usage: seekablepipe tempfile prog...";
const script = (text: string): string[] => ["sh", "-c", text];

export const cases: readonly Case[] = [
  prints("seekablepipe t cat", "a\nb", 0, { stdin: "a\nb" }),
  row(["seekablepipe", "t", "sh", "-c", "test -f /dev/stdin; echo $?; cat; head -c 0; ls"], {
    stdout: "0\nx\n",
    code: 0,
    files: {},
  }, { stdin: "x\n" }),
  row(script("seq 99999 | seekablepipe t sh -c 'tail -c 6; tail -c 12 /dev/stdin'"), {
    stdout: "99999\n99998\n99999\n",
    code: 0,
  }),
  row(script("echo a | seekablepipe t sh -c 'echo b >&0' 2>/dev/null"), { stdout: "", code: 1 }),
  // What has the name is removed, and a link not followed.
  leaves("seekablepipe f true", {}, 0, { files: { f: "x" } }),
  leaves("seekablepipe l true", { f: "644 file x" }, 0, {
    files: { f: "x", l: { link: "f" } },
    exception: "the original empties the file",
  }),
  row(script("umask 0; echo a | seekablepipe t stat -Lc %a /dev/stdin"), { stdout: "600\n", code: 0 }, {
    exception: "the original lets everybody read it",
  }),
  fails(
    "seekablepipe no/t cat",
    "seekablepipe: fatal: unable to create temporary no/t: No such file or directory",
    111,
  ),
  fails("seekablepipe d cat", "seekablepipe: fatal: unable to create temporary d: Is a directory", 111, {
    files: { "d/a": "" },
  }),
  row(["seekablepipe", "t", "nope"], {
    stderr: "seekablepipe: fatal: unable to exec nope: No such file or directory\n",
    code: 127,
    files: {},
  }),
  prints("seekablepipe -z true", "", 0),
  fails("seekablepipe", USAGE, 100),
  fails("seekablepipe t", USAGE, 100),
  row(script("seekablepipe t cat <&-"), {
    stderr: "seekablepipe: fatal: unable to read from stdin: Bad file descriptor\n",
    code: 111,
    files: {},
  }),
];
