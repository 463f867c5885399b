// Rows for cli/s6/session.ts.

import type { Case } from "../../rows/harness.ts";

// Whether the process leads its group, and its session.
const LEADS = `read -r line </proc/$$/stat; set -- \${line##*) }; test $3 = $$; a=$?; test $4 = $$; echo $a $?`;

function leads(name: string, ...command: string[]): Case {
  return { name, argv: [...command, "sh", "-c", LEADS], stdin: "" };
}

export const cases: readonly Case[] = [
  leads("s6-setsid makes a session", "s6-setsid"),
  leads("s6-setsid -s makes a session", "s6-setsid", "-s"),
  leads("s6-setsid warns if it cannot", "s6-setsid", "s6-setsid"),
  leads("s6-setsid -I warns if it cannot", "s6-setsid", "s6-setsid", "-iI"),
  leads("s6-setsid -q does not even warn", "s6-setsid", "s6-setsid", "-q"),
  leads("s6-setsid -i ends if it cannot", "s6-setsid", "s6-setsid", "-i"),
  leads("s6-setsid -b makes a group", "s6-setsid", "-b"),
  leads("s6-setsid -f goes on without a terminal", "s6-setsid", "-f"),
  leads("s6-setsid -if does not", "s6-setsid", "-if"),
  leads("s6-setsid -g goes on without a terminal", "s6-setsid", "-g"),
  leads("s6-setsid -d names a descriptor that is closed", "s6-setsid", "-f", "-d", "99"),
  {
    name: "s6-setsid -f takes the terminal from the background",
    argv: ["script", "-q", "-e", "-c", "s6-setsid -b s6-setsid -f sh ./foreground", "/dev/null"],
    files: { foreground: "read -r line </proc/$$/stat; set -- ${line##*) }; [ $3 = $6 ]; echo $?\n" },
    env: { SHELL: "/bin/sh" },
    exception: "the original is stopped by SIGTTOU",
    expect: { stdout: "0\r\n", code: 0 },
  },
  {
    name: "s6-setsid -f takes the terminal that is not its input",
    argv: ["script", "-q", "-e", "-c", "s6-setsid -b s6-setsid -if sh ./foreground </dev/null", "/dev/null"],
    files: { foreground: "read -r line </proc/$$/stat; set -- ${line##*) }; [ $3 = $6 ]; echo $?\n" },
    env: { SHELL: "/bin/sh" },
    exception: "the originals are stopped by SIGTTOU",
    expect: { stdout: "0\r\n", code: 0 },
  },
  { name: "s6-setsid -d of a word", argv: ["s6-setsid", "-d", "x", "true"], stderr: true },
  { name: "s6-setsid of a missing program", argv: ["s6-setsid", "nope"], stderr: true },
  { name: "s6-setsid without a program", argv: ["s6-setsid"], stderr: true },
  { name: "s6-setsid with an unknown option", argv: ["s6-setsid", "-z", "true"], stderr: true },
];
