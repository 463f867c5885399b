// Rows for cli/linux/root.ts. The other root has one program.

import type { Case, Result } from "../../rows/harness.ts";
import { prints } from "../portable/rows.ts";
import { isolated } from "./rows.ts";

const PREPARE = "mkdir r; mount -t tmpfs none r; mkdir r/bin r/old; cp $(command -v busybox) r/bin/busybox; ";

function inRoot(script: string, stdout: string, more: Partial<Result> = {}): Case {
  return isolated(PREPARE + script, { stdout, code: 0, ...more }, { leaves: [] });
}

function fails(script: string, stderr: string, code = 111): Case {
  return inRoot(script, "", { stderr: `${stderr}\n`, code });
}

export const cases: readonly Case[] = [
  inRoot("s6-chroot r busybox sh -c 'pwd; echo *'", "/\nbin old\n"),
  inRoot("cd r/bin; s6-chroot . /busybox pwd", "/\n"),
  inRoot("s6-chroot r /bin/busybox echo -n a", "a"),
  inRoot("cp $(command -v execlineb) r/bin/s6-echo 2>/dev/null; s6-chroot r busybox true", ""),
  inRoot("ln -s busybox r/bin/s6-echo; ln -s busybox r/bin/echo; s6-chroot r echo b", "b\n"),
  inRoot("execlineb -Pc 'cd r s6-chroot . busybox pwd'", "/\n"),
  fails("s6-chroot r nope", "s6-chroot: fatal: unable to exec nope: No such file or directory", 127),
  fails("s6-chroot nope true", "s6-chroot: fatal: unable to chdir to nope: No such file or directory"),
  fails("s6-chroot r/bin/busybox true", "s6-chroot: fatal: unable to chdir to r/bin/busybox: Not a directory"),
  fails("s6-chroot -- r true", "s6-chroot: fatal: unable to chdir to --: No such file or directory"),
  fails(
    "setpriv --bounding-set=-all --inh-caps=-all s6-chroot r true",
    "s6-chroot: fatal: unable to chroot to .: Operation not permitted",
  ),
  prints("s6-chroot r", "", 100),
  prints("s6-chroot", "", 100),
  inRoot("cd r; s6-pivotchroot . old busybox sh -c 'pwd; echo *; test -e /old/etc && echo old'", "/\nbin old\nold\n"),
  inRoot("s6-pivotchroot r ./old busybox pwd", "/\n"),
  fails("s6-pivotchroot r old nope", "s6-pivotchroot: fatal: unable to exec nope: No such file or directory", 127),
  fails("s6-pivotchroot nope old true", "s6-pivotchroot: fatal: unable to chdir to nope: No such file or directory"),
  fails(
    "s6-pivotchroot r nope true",
    "s6-pivotchroot: fatal: unable to pivot root to . and put the old one in nope: No such file or directory",
  ),
  prints("s6-pivotchroot r old", "", 100),
  prints("s6-pivotchroot", "", 100),
];
