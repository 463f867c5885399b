// Rows for cli/linux/fstab2s6rc.ts. The program is of s6-linux-utils 2.6.4, which Debian 12 does not have.

import type { Case } from "../../rows/harness.ts";

const TABLE = `# a comment
/dev/sda1 / ext4 rw 0 1
/dev/sda2 /var ext4 defaults 0 2

/dev/sda3 /var/log ext4 nosuid,nodev 0 2
/dev/sda4 none swap sw 0 0
/dev/sdb1 /mnt vfat noauto,user 0 0
`;

const row = (name: string, command: string, stdout: string, tells = "", table = TABLE): Case => ({
  name: `fstab2s6rc ${name}`,
  argv: ["sh", "-c", command],
  files: { fstab: table },
  leaves: [],
  tells,
  expect: { stdout, code: 0 },
});
const wrong = (words: string, code: number, tells: string, table = TABLE): Case =>
  row(
    `${words} fails with ${code}`,
    `mkdir there; fstab2s6rc ${words}; echo $?; ls`,
    `${code}\nfstab\nthere\n`,
    tells,
    table,
  );

export const cases: readonly Case[] = [
  {
    name: "fstab2s6rc without a directory",
    argv: ["fstab2s6rc"],
    expect: {
      code: 100,
      stderr:
        "fstab2s6rc: usage: fstab2s6rc [ -A | -a ] [ -U | -u ] [ -E | -e ] [ -F fstab ] [ -m mode ] [ -B bundle ] " +
        "[ -d basedep ] dir\n",
    },
  },
  row(
    "makes what s6-rc-compile takes",
    "fstab2s6rc -F fstab -B all -d base source && mkdir source/base && echo oneshot >source/base/type && " +
      "echo true >source/base/up && s6-rc-compile compiled source && for service in $(s6-rc-db -c compiled list services); " +
      "do echo $service: $(s6-rc-db -c compiled dependencies $service | grep -v ^s6rc-); done | grep -v ^s6rc- | sort; " +
      "s6-rc-db -c compiled contents all | sort",
    "base:\nmount-mnt: base\nmount-var: base\nmount-var:log: mount-var\nswap-dev:sda4: base\n" +
      "mount-var\nmount-var:log\nswap-dev:sda4\n",
  ),
  row(
    "long options",
    "fstab2s6rc --fstab=fstab --mode=0700 --bundle=all --base-dependency=base --exclude-noauto --with-uuid --not-essential " +
      "source; stat -c %a source; ls source; ls source/mount-var; cat source/mount-var/*p source/swap-*/down",
    "700\nall\nall-mounts\nall-swaps\nmount-var\nmount-var:log\nswap-dev:sda4\n" +
      "dependencies.d\ndown\nflag-recommended\ntype\nup\n" +
      'mount -t "ext4" -- "/dev/sda2" "/var"\nforeground { swapoff -- "/dev/sda4" }\nexit 0\n',
  ),
  row(
    "the last of two options counts",
    "fstab2s6rc -F fstab -aA -uU -eE source; ls source source/mount-mnt; cat source/mount-mnt/up",
    "source:\nmount-mnt\nmount-var\nmount-var:log\nswap-dev:sda4\n\nsource/mount-mnt:\ndependencies.d\ndown\ntype\nup\n" +
      's6-mount -t "vfat" -- "/dev/sdb1" "/mnt"\n',
  ),
  row(
    "goes by the umask for files",
    "umask 077; fstab2s6rc -F fstab source; stat -c %a source source/mount-var source/mount-var/up",
    "755\n755\n600\n",
  ),
  row("of an empty table makes an empty directory", "fstab2s6rc -F fstab source; ls -A source", "", "", ""),
  row(
    "warns of a device that its programs do not know",
    "fstab2s6rc -F fstab source; cat source/*/up",
    's6-mount -t "ext4" -- "UUID=1" "/a"\n',
    "warning: UUID=1 is no device",
    "UUID=1 /a ext4\n",
  ),
  wrong("", 100, "usage: fstab2s6rc "),
  wrong("-m x -F fstab source", 100, "usage: fstab2s6rc "),
  wrong("-z source", 100, "unrecognized short option: z"),
  wrong("-B a/b -F fstab source", 100, "a bundle cannot be named a/b"),
  wrong("-F none source", 111, "No such file or directory"),
  wrong("-F fstab there", 111, "there is there already"),
  wrong("-F fstab none/source", 111, "No such file or directory"),
  wrong("-F fstab relative", 1, "a is no place to mount at: it is relative", "/dev/a a ext4\n"),
  wrong("-F fstab twice", 1, "/a is in the table twice", "/dev/a /a ext4\n/dev/b /a ext4\n"),
];
