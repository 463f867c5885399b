// Rows for cli/s6/svscanboot.ts. The program is of s6 2.15, which Debian 12 does not have.

import type { Case } from "../../rows/harness.ts";

/** Boots a tree, does something while it runs, and ends it. Its own words go to the file told. */
const booted = (name: string, options: string, steps: string, stdout: string, more: Partial<Case> = {}): Case => ({
  name: `s6-svscanboot ${name}`,
  argv: [
    "sh",
    "-c",
    `umask 022; s6-svscanboot -D "$PWD/logs" -d 7 ${options} scan 7>ready 2>told & until test -s ready; do sleep 0.05; done
${steps}
s6-svscanctl -t scan; wait $!`,
  ],
  leaves: [],
  ...more,
  expect: { stdout, code: 0 },
});
const LOGGED = "until grep -qs 'a word' logs/current; do sleep 0.05; done";
const SCRIPT = 'sed "s,$PWD/,," scan/s6-svscan-log/run';
const script = (...lines: readonly string[]): string =>
  ["#!/usr/bin/execlineb -s1", "fdmove -c 1 2", "redirfd -rnb 0 fifo", ...lines, ""].join("\n");

const wrong = (words: string, code: number, tells: string): Case => ({
  name: `s6-svscanboot ${words} fails with ${code}`,
  argv: ["sh", "-c", `s6-svscanboot -D logs ${words}; echo $?; ls`],
  tells,
  expect: { stdout: `${code}\n`, code: 0 },
});

export const cases: readonly Case[] = [
  booted("logs what services say that have no logger", "", `${LOGGED}; cut -c1 logs/current | sort -u`, "@\n", {
    files: {
      "scan/web/run": { content: "#!/bin/sh\necho a word\nexec sleep 100\n", mode: 0o755 },
    },
  }),
  booted("-o says what the logger does", "-o 'n3 -.* +word'", `${LOGGED}; cut -c1 logs/current | sort -u`, "a\n", {
    files: {
      "scan/web/run": { content: "#!/bin/sh\necho a word\nexec sleep 100\n", mode: 0o755 },
    },
  }),
  booted(
    "makes the scan directory and the logger",
    "",
    `${SCRIPT}; stat -c '%a %F' logs scan scan/s6-svscan-log scan/s6-svscan-log/run scan/s6-svscan-log/fifo; ` +
      "cat scan/s6-svscan-log/notification-fd",
    script("exec -c", 's6-log -bpd3 -- t "logs"') +
      "2750 directory\n755 directory\n755 directory\n755 regular file\n600 fifo\n3\n",
  ),
  booted(
    "-l runs the logger as another user, whose the log is",
    "-l nobody -m 2755",
    `${SCRIPT}; s6-svwait -U scan/s6-svscan-log; stat -c '%a %U' logs logs/current; ` +
      "stat -c %U /proc/$(s6-svstat -o pid scan/s6-svscan-log)",
    script('s6-setuidgid "nobody"', "exec -c", 's6-log -bpd3 -- t "logs"') + "2755 nobody\n644 nobody\nnobody\n",
  ),
  booted(
    "replaces the logger that is there",
    "",
    "ls scan/s6-svscan-log",
    "event\nfifo\nnotification-fd\nrun\nsupervise\n",
    { files: { "scan/s6-svscan-log/run": "old", "scan/s6-svscan-log/data/old": "" } },
  ),
  booted(
    "points the tree at the logger, and the logger at the console",
    "-c console",
    'for fd in 0 1 2; do readlink /proc/$!/fd/$fd | sed "s,$PWD/,,"; done; ' +
      's6-svwait -U scan/s6-svscan-log; readlink /proc/$(s6-svstat -o pid scan/s6-svscan-log)/fd/2 | sed "s,$PWD/,,"',
    "/dev/null\nscan/s6-svscan-log/fifo\nscan/s6-svscan-log/fifo\nconsole\n",
    { files: { console: "" } },
  ),
  booted(
    "passes its options on",
    "-C 50 -L 40 --timeout=100000 --services-max=60",
    "tr '\\0' ' ' </proc/$!/cmdline | sed 's/.*s6-svscan -X [0-9]* //'; echo",
    "-d 7 -C 60 -L 40 -t 100000 -- scan \n",
  ),
  wrong("", 100, "usage: s6-svscanboot "),
  wrong("-d x scan", 100, "notification-fd must be an unsigned integer"),
  wrong("-d 2 scan", 100, "notification-fd must be 3 or greater"),
  wrong("-d 9 scan", 111, "Bad file descriptor"),
  wrong("-m 9 scan", 100, "catchall-mode must be an (octal) unsigned integer"),
  wrong("-C x scan", 100, "services-max must be an unsigned integer"),
  wrong("-L x scan", 100, "name-max must be an unsigned integer"),
  wrong("-t x scan", 100, "timeout must be an unsigned integer"),
  wrong("-l nosuchuser scan", 111, "unknown user: nosuchuser"),
  wrong("-z scan", 100, "unrecognized short option: z"),
];
