// Rows for cli/linux/machine.ts. Whatever ends a machine runs in pids of its own: there it ends these, and no machine.

import { ownNamespaces } from "../../../scripts/namespaces.ts";
import type { Case } from "../../rows/harness.ts";
import { prints, row } from "../portable/rows.ts";
import { isolated } from "./rows.ts";

/** The signal that process 1 gets; it has to have a handler, as nothing else reaches it. */
function asked(words: string, signal: string): Case {
  return isolated(`for s in USR1 USR2 INT; do trap "echo $s" $s; done; ${words} ; echo $?`, {
    stdout: `${signal}\n0\n`,
    stderr: "",
  });
}

/** The end of the namespace: the signal that the kernel has process 1 die of. */
function forced(words: string, code: number): Case {
  return {
    name: `${words} in a pid namespace`,
    argv: ["sh", "-c", `${ownNamespaces("pid").join(" ")} ${words} ; echo $?`],
    expect: { stdout: `${code}\n` },
  };
}

const [HUP, INT] = [129, 130];

export const cases: readonly Case[] = [
  isolated("s6-hostname a.b; s6-hostname; hostname", { stdout: "a.b\na.b\n", code: 0 }),
  isolated("s6-hostname 'a b'; s6-hostname", { stdout: "a b\n" }),
  isolated("s6-hostname -x; s6-hostname", { stdout: "-x\n" }),
  isolated("s6-hostname ''; s6-hostname", { stdout: "\n" }),
  isolated("s6-hostname a b; s6-hostname", { stdout: "a\n" }),
  isolated("s6-hostname $(printf %064d 7); s6-hostname", { stdout: `${"0".repeat(63)}7\n` }),
  isolated("s6-hostname $(printf %065d 7)", {
    code: 111,
    stderr: "s6-hostname: fatal: unable to set the host's name: Invalid argument\n",
  }),
  isolated("setpriv --bounding-set=-all --inh-caps=-all s6-hostname a", {
    code: 111,
    stderr: "s6-hostname: fatal: unable to set the host's name: Operation not permitted\n",
  }),
  row(["sh", "-c", "s6-hostname >/dev/full"], {
    code: 111,
    stderr: "s6-hostname: fatal: unable to write to stdout: No space left on device\n",
  }),
  prints("s6-freeramdisk", "", 100),
  row(["s6-freeramdisk", "nope"], {
    code: 111,
    stderr: "s6-freeramdisk: fatal: unable to open nope in read-write mode: No such file or directory\n",
  }),
  row(["s6-freeramdisk", "/dev/null"], {
    code: 111,
    stderr: "s6-freeramdisk: fatal: unable to flush /dev/null: Inappropriate ioctl for device\n",
  }),
  asked("s6-halt", "USR2"),
  asked("s6-poweroff", "USR1"),
  asked("s6-reboot", "INT"),
  asked("s6-halt -h", "USR2"),
  asked("s6-halt -p", "USR1"),
  asked("s6-halt -pr", "INT"),
  asked("s6-poweroff -p", "USR1"),
  asked("s6-poweroff -h", "USR2"),
  asked("s6-poweroff -r", "INT"),
  asked("s6-reboot -h", "USR2"),
  asked("s6-reboot -rp operand", "USR1"),
  forced("s6-halt -f", INT),
  forced("s6-poweroff -f", INT),
  forced("s6-reboot -f", HUP),
  forced("s6-halt -rf", HUP),
  isolated("setpriv --bounding-set=-all --inh-caps=-all s6-reboot -f", {
    code: 111,
    stderr: "s6-reboot: fatal: unable to restart the machine: Operation not permitted\n",
  }),
  isolated("setpriv --reuid=5 --clear-groups s6-halt", { code: 111 }),
  ...["s6-halt", "s6-poweroff", "s6-reboot"].map((name) => isolated(`${name} -z`, { stdout: "", code: 100 })),
];
