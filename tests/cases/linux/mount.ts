// Rows for cli/linux/mount.ts.

import type { Case, Result } from "../../rows/harness.ts";
import { prints } from "../portable/rows.ts";
import { isolated } from "./rows.ts";

/** Mount points m, n and o, and a file that a mount on m hides. */
const PLACES = { "m/hidden": "", "n/x": "", "o/x": "" };
const PREPARE = "mounted() (grep \" $PWD/$1 \" /proc/mounts | cut -d' ' -f1,3-); ";

function mounting(script: string, stdout: string, more: Partial<Result> = {}): Case {
  return isolated(PREPARE + script, { stdout, ...more }, { files: PLACES });
}

function fails(words: string, reason: string): Case {
  return mounting(words, "", { code: 111, stderr: `${words.split(" ")[0]}: fatal: unable to ${reason}\n` });
}

/** What an option does to a tmpfs, as /proc/self/mountinfo tells: flags of the place, flags of the file system. */
const OPTIONS: Readonly<Record<string, string>> = {
  "defaults": "rw,relatime rw",
  "ro": "ro,relatime ro",
  "ro,rw": "rw,relatime rw",
  "sync": "rw,relatime rw,sync",
  "sync,async": "rw,relatime rw",
  "nodev": "rw,nodev,relatime rw",
  "nodev,dev": "rw,relatime rw",
  "noexec": "rw,noexec,relatime rw",
  "noexec,exec": "rw,relatime rw",
  "nosuid": "rw,nosuid,relatime rw",
  "nosuid,suid": "rw,relatime rw",
  "noatime": "rw,noatime rw",
  "noatime,atime": "rw,relatime rw",
  "nodiratime": "rw,nodiratime,relatime rw",
  "nodiratime,diratime": "rw,relatime rw",
  "strictatime": "rw rw",
  "nosuid,mode=711,noexec,size=1m,,nodev": "rw,nosuid,nodev,noexec,relatime rw,size=1024k,mode=711",
};

const ONE_OPTION = Object.entries(OPTIONS).map(([words, flags]) =>
  mounting(
    `s6-mount -t tmpfs -o ${words} none m && grep " $PWD/m " /proc/self/mountinfo | cut -d' ' -f6,10- | sed 's/- tmpfs none //'`,
    `${flags}\n`,
  )
);

const FSTAB = [
  "# comment",
  "a PWD/m tmpfs size=1m,nosuid,nodev 0 0",
  "",
  "b\tPWD/n   tmpfs defaults",
  "c PWD/o\\040o tmpfs",
  "d PWD/m nope defaults 0 0",
  "e PWD/nope tmpfs defaults 0 0",
  "f PWD/m tmpfs ro,noauto 0 0",
  "/dev/null none swap sw 0 0",
].join("\n");

const mount: readonly Case[] = [
  ...ONE_OPTION,
  mounting("s6-mount -t tmpfs none m; ls m; mounted m", "none tmpfs rw,relatime 0 0\n", { code: 0 }),
  mounting(
    "s6-mount -n -w -t tmpfs -o size=1m -o mode=711 none m; mounted m",
    "none tmpfs rw,relatime,size=1024k,mode=711 0 0\n",
  ),
  mounting("s6-mount -r -t tmpfs none m; touch m/x; mounted m", "none tmpfs ro,relatime 0 0\n"),
  mounting("s6-mount -r -o rw -t tmpfs none m; mounted m", "none tmpfs rw,relatime 0 0\n"),
  mounting("s6-mount -o bind m n; ls n", "hidden\n"),
  mounting("s6-mount -o bind,ro m n; touch n/x 2>/dev/null || ls n; touch m/y; ls n", "hidden\nhidden\ny\n"),
  mounting(
    "mount -t tmpfs none m; mkdir m/in; mount -t tmpfs none m/in; touch m/in/x; s6-mount -o rbind m n; ls n/in",
    "x\n",
  ),
  mounting(
    "mount -t tmpfs none m; touch m/x; mount --make-private /; s6-mount -o move m n; ls m n",
    "m:\nhidden\n\nn:\nx\n",
  ),
  mounting("mount -t tmpfs none m; s6-mount -o remount,ro none m; mounted m", "none tmpfs ro,relatime 0 0\n"),
  mounting(
    'mount -t tmpfs none m; s6-mount -o shared none m; grep -c "$PWD/m .* shared:" /proc/self/mountinfo; ' +
      's6-mount -o private none m; grep -c "$PWD/m .* shared:" /proc/self/mountinfo',
    "1\n0\n",
  ),
  mounting("s6-mount -t tmpfs none m; touch m/x; exec 3>m/x; s6-mount -t tmpfs -o remount,ro none m; echo $?", "1\n", {
    stderr: "s6-mount: fatal: unable to mount none on m: Device or resource busy\n",
  }),
  mounting("s6-mount >mounts; cmp mounts /proc/mounts; rm mounts", "", { code: 0 }),
  mounting(
    "sed \"s#PWD#$PWD#\" fstab.in >fstab; mkdir 'o o'; s6-mount -a -z fstab; echo $?; mounted m; mounted n; " +
      "s6-umount 'o o' && rmdir 'o o'",
    "2\na tmpfs rw,nosuid,nodev,relatime,size=1024k 0 0\nb tmpfs rw,relatime 0 0\n",
    { code: 0 },
  ),
  mounting(
    'sed "s#PWD#$PWD#" fstab.in >fstab; mount --bind fstab /etc/fstab; s6-mount -a 2>/dev/null; mounted n',
    "b tmpfs rw,relatime 0 0\n",
  ),
  fails("s6-mount -a -z nope", "open nope: No such file or directory"),
  fails("s6-mount -t nope none m", "mount none on m: No such device"),
  fails("s6-mount -t tmpfs none nope", "mount none on nope: No such file or directory"),
  fails("s6-mount -t tmpfs -o size=bad none m", "mount none on m: Invalid argument"),
  fails("s6-mount nope m", "mount nope on m: No such device"),
  mounting(`s6-mount -t tmpfs -o mode=755,$(printf %05000d 0) none m`, "", {
    code: 111,
    stderr: "s6-mount: fatal: unable to mount none on m: Invalid argument\n",
  }),
  mounting("setpriv --bounding-set=-all --inh-caps=-all s6-mount -t tmpfs none m", "", {
    code: 111,
    stderr: "s6-mount: fatal: unable to mount none on m: Operation not permitted\n",
  }),
  prints("s6-mount m", "", 100),
  prints("s6-mount -x", "", 100),
  prints("s6-mount -z", "", 100),
].map((row) => ({ ...row, files: { ...PLACES, "fstab.in": FSTAB }, leaves: [] }));

const umount: readonly Case[] = [
  // What else is mounted, and busy, is the machine's affair.
  mounting(
    "mount -t tmpfs none m; mkdir m/in 'm/a b'; mount -t tmpfs none m/in; mount -t tmpfs none 'm/a b'; " +
      "s6-umount -a 2>/dev/null && echo all; ls m",
    "hidden\n",
  ),
  mounting("mount -t tmpfs none m; cd m; s6-umount ../m", "", {
    code: 111,
    stderr: "s6-umount: fatal: unable to umount ../m: Device or resource busy\n",
  }),
  fails("s6-umount m", "umount m: Invalid argument"),
  fails("s6-umount nope", "umount nope: No such file or directory"),
  fails("s6-umount -x", "umount -x: No such file or directory"),
  prints("s6-umount", "", 100),
];

const swap: readonly Case[] = [
  fails("s6-swapon nope", "swapon nope: No such file or directory"),
  fails("s6-swapon m/hidden", "swapon m/hidden: Invalid argument"),
  fails("s6-swapon -x", "swapon -x: No such file or directory"),
  mounting(
    "printf '/dev/null none swap\\nnope m tmpfs\\nnope none swap' >f; mount --bind f /etc/fstab; s6-swapon -a; echo $?; rm -f f",
    "2\n",
    {
      stderr: "s6-swapon: warning: unable to swapon /dev/null: Invalid argument\n" +
        "s6-swapon: warning: unable to swapon nope: No such file or directory\n",
    },
  ),
  prints("s6-swapon", "", 100),
  fails("s6-swapoff nope", "swapoff nope: No such file or directory"),
  fails("s6-swapoff m/hidden", "swapoff m/hidden: Invalid argument"),
  mounting(
    "printf 'Filename Type\\nno\\\\040pe file\\n' >f; mount --bind f /proc/swaps; s6-swapoff -a; echo $?",
    "1\n",
    {
      stderr: "s6-swapoff: warning: unable to swapoff no pe: No such file or directory\n",
    },
  ),
  prints("s6-swapoff", "", 100),
].map((row) => ({ ...row, leaves: [] }));

export const cases: readonly Case[] = [...mount, ...umount, ...swap];
