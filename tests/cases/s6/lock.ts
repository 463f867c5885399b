// Rows for cli/s6/lock.ts.

import type { Case } from "../../rows/harness.ts";

/** Does it while another process holds the lock, until a file "go" appears. */
function locked(name: string, how: string, command: string): Case {
  const holder = `/usr/bin/s6-setlock ${how} lock sh -c 'touch held; until test -e go; do sleep 0.05; done'`;
  return {
    name,
    argv: ["sh", "-c", `${holder} & until test -e held; do sleep 0.05; done; ${command}; echo $?; touch go; wait`],
    leaves: ["lock"],
  };
}

export const cases: readonly Case[] = [
  { name: "s6-setlock makes the file", argv: ["s6-setlock", "lock", "echo", "a"] },
  { name: "s6-setlock -r makes it too", argv: ["s6-setlock", "-r", "lock", "echo", "a"] },
  { name: "s6-setlock leaves what is in it", argv: ["s6-setlock", "lock", "true"], files: { lock: "x" } },
  locked("s6-setlock -n does not wait", "", "s6-setlock -n lock echo a"),
  locked("s6-setlock -t waits for a time", "", "s6-setlock -t 2000 lock echo a"),
  locked("s6-setlock -rn does not share an exclusive lock", "", "s6-setlock -rn lock echo a"),
  locked("s6-setlock -rn shares a shared one", "-r", "s6-setlock -rn lock echo a"),
  locked("s6-setlock -n wants one for itself", "-r", "s6-setlock -n lock echo a"),
  locked("s6-setlock waits", "", "{ sleep 0.2; touch go; } & s6-setlock lock echo a"),
  locked("s6-setlock -t waits no longer than it must", "", "{ sleep 0.2; touch go; } & s6-setlock -t 9000 lock echo a"),
  {
    name: "s6-setlock holds the lock while the program runs",
    argv: ["sh", "-c", "s6-setlock lock sh -c '/usr/bin/s6-setlock -n lock true; echo $?'"],
  },
  {
    name: "s6-setlock -d gives the program the lock under a number",
    argv: [
      "sh",
      "-c",
      "s6-setlock -d 7 lock sh -c 'echo a >&7; exec 7>&-; /usr/bin/s6-setlock -n lock cat lock; echo $?'",
    ],
    exception: "newer versions of s6 have it",
    // The lock is that of a process which is still there, so closing it in the process is what ends it.
    expect: { stdout: "a\n0\n", code: 0 },
  },
  { name: "s6-setlock of a file that cannot be made", argv: ["s6-setlock", "no/lock", "true"] },
  { name: "s6-setlock of a directory", argv: ["s6-setlock", ".", "true"] },
  { name: "s6-setlock of a missing program", argv: ["s6-setlock", "lock", "no-such-program"] },
  { name: "s6-setlock without a program", argv: ["s6-setlock", "lock"] },
  { name: "s6-setlock with an unknown option", argv: ["s6-setlock", "-z", "lock", "true"] },
  { name: "s6-setlock -w makes the file", argv: ["s6-setlock", "-w", "lock", "echo", "a"] },
  { name: "s6-setlock -N makes the file", argv: ["s6-setlock", "-nN", "lock", "echo", "a"] },
  locked("s6-setlock -t 0 does not wait", "", "s6-setlock -t 0 lock echo a"),
  {
    name: "s6-setlock -t 0 takes a lock that is free",
    argv: ["s6-setlock", "-t", "0", "lock", "echo", "a"],
    exception: "the original has no time to try it",
    expect: { stdout: "a\n", code: 0 },
  },
  { name: "s6-setlock -t of a word", argv: ["s6-setlock", "-t", "x", "lock", "true"] },
];
