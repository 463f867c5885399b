// The program that the run of a service becomes: what is found of one that is missing, or cannot be loaded, and that nothing
// is said where that is known only when the script runs.

import { checkRules, MACHINE, program, type RuleCase } from "./linted.ts";

const SERVICE = "etc/services.d/web/run";
const MISSING = "it becomes htpd, which no directory of PATH has";
const there = { "usr/bin/htpd": program(MACHINE.amd64) };
const sh = (...lines: string[]): string => ["#!/bin/sh", ...lines, ""].join("\n");
const execline = (...lines: string[]): string => ["#!/bin/execlineb -P", ...lines, ""].join("\n");

const FOUND: readonly RuleCase[] = [
  {
    name: "a program that no directory of PATH has is a warning",
    tree: { [SERVICE]: sh("exec 2>&1", "exec htpd -f -p 80 2>/dev/null") },
    finds: [`warning program /${SERVICE}:3:6: ${MISSING}`],
    mended: there,
  },
  {
    name: "it is found behind programs that change the process, and their options",
    tree: {
      [SERVICE]: execline("with-contenv", "fdmove -c 2 1", "foreground { echo x }", "s6-setuidgid www", "htpd -f"),
      "etc/services.d/db/run": sh("exec s6-notifyoncheck -n 0 -w100 s6-setuidgid www htpd -f"),
    },
    finds: [
      `warning program /etc/services.d/db/run:2:51: ${MISSING}`,
      `warning program /${SERVICE}:6:1: ${MISSING}`,
    ],
    mended: there,
  },
  {
    name: "the same of a longrun of s6-rc",
    tree: {
      "etc/s6-overlay/s6-rc.d/web/type": "longrun\n",
      "etc/s6-overlay/s6-rc.d/web/run": sh("exec htpd"),
      "etc/s6-overlay/user-bundles.d/user/contents.d/web": "",
    },
    finds: [`warning program /etc/s6-overlay/s6-rc.d/web/run:2:6: ${MISSING}`],
    mended: there,
  },
  {
    name: "a path that leads nowhere is a warning",
    tree: { [SERVICE]: sh("exec /opt/app/htpd") },
    finds: [`warning program /${SERVICE}:2:6: it becomes /opt/app/htpd, which does not exist`],
    mended: { "opt/app/htpd": program(MACHINE.amd64) },
  },
  {
    name: "a program for another machine is an error",
    tree: { [SERVICE]: sh("exec htpd"), "usr/bin/htpd": program(MACHINE.arm64) },
    finds: [
      `error program /${SERVICE}:2:6: it becomes htpd, a program for arm64 (aarch64), and the overlay in this image is for ` +
      "amd64 (x86-64)",
    ],
    mended: there,
  },
  {
    name: "a program whose loader is not in the image is an error",
    tree: { [SERVICE]: sh("exec htpd"), "usr/bin/htpd": program(MACHINE.amd64, "/lib64/ld-linux-x86-64.so.2") },
    finds: [
      `error program /${SERVICE}:2:6: htpd is there, but the loader /lib64/ld-linux-x86-64.so.2 is not in the image: ` +
      "it was built for a system with glibc",
    ],
    mended: { "lib64/ld-linux-x86-64.so.2": program(MACHINE.amd64) },
  },
];

/** What is left alone: each would be found if it were taken for a plain name. */
const LEFT: Readonly<Record<string, string>> = {
  "a variable": sh('exec "$HTPD" -f'),
  "a search path of the script's own": sh("PATH=/opt/bin:$PATH", "exec htpd"),
  "what another file says": sh(". /etc/settings", "exec htpd"),
  "an exec in a condition": sh("if test -e /x; then", "  exec htpd", "fi", "exec sleep 1"),
  "a program of the overlay": sh("exec s6-pause"),
  "a place that a container fills": sh("exec /run/app/htpd"),
  "a redirection alone": sh("exec 3>&1", "sleep 1"),
  "a chain whose options are not known": execline("s6-setuidgid -x www", "htpd"),
  "a variable of execline": execline("importas PROGRAM PROGRAM", "$PROGRAM -f"),
};

checkRules(FOUND);
checkRules(
  Object.entries(LEFT).map(([name, run]) => ({
    name: `nothing is said of ${name}`,
    tree: { [SERVICE]: run },
    finds: [],
  })),
);
checkRules([
  {
    name: "a program that a script of the boot names may be brought by that",
    tree: { [SERVICE]: sh("exec htpd"), "etc/cont-init.d/10-get": sh("cp /volume/htpd /usr/local/bin/") },
    finds: [],
  },
  {
    name: "a command that runs first may bring any program",
    tree: { [SERVICE]: sh("exec htpd") },
    environment: { S6_STAGE2_HOOK: "/bin/x" },
    finds: [],
  },
]);
