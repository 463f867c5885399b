// Rows for cli/s6/fdholderd.ts: the holder, tried with Debian's clients, and with those that are tried themselves.

import type { Case } from "../../rows/harness.ts";

type Files = NonNullable<Case["files"]>;

/** A rule that lets a client in, with these variables. */
export function rule(key: string, variables: Readonly<Record<string, string>>): Files {
  const entries = Object.entries(variables).map(([name, value]) => [`rules/${key}/env/S6_FDHOLDER_${name}`, value]);
  return { [`rules/${key}/allow`]: "", ...Object.fromEntries(entries) };
}

const EVERYTHING: Files = rule("uid/0", {
  LIST: "\n",
  GETDUMP: "\n",
  SETDUMP: "\n",
  STORE_REGEX: "\n",
  RETRIEVE_REGEX: "\n",
});

/** Starts a holder, does something, and ends it. */
export function holding(
  name: string,
  holder: string,
  steps: string,
  files: Files = EVERYTHING,
  before = "chmod 755 .",
): Case {
  const rules = holder.includes(" -x ") ? "" : "-i rules";
  const begin = `umask 022; ${before}; ${holder} -1 ${rules} sock >ready & p=$!`;
  return {
    name,
    argv: ["sh", "-c", `${begin}; until test -s ready; do sleep 0.05; done\n${steps}\nkill $p; wait $p; exit 0`],
    files,
    leaves: [],
  };
}

/** Everything a client can ask for, by programs of that directory; each answer, and what is held in the end. */
function attempts(from: string): string {
  const each = [
    "store sock axb",
    "store sock ayb",
    "store sock other",
    "list sock",
    "retrieve sock axb echo got",
    "retrieve -D sock axb echo got",
    "delete sock ayb",
    "getdump sock echo dumped",
    "transferdump sock sock",
  ].map((call) => `${from}s6-fdholder-${call}; echo $?`);
  return [...each, `env 'S6_FD#=1' S6_FD_0=0 S6_FDID_0=q ${from}s6-fdholder-setdump sock; echo $?`].join("; ");
}

/** By the programs that are tried. */
export const ATTEMPTS: string = attempts("");
const THEIR_ATTEMPTS = attempts("/usr/bin/");

const DAEMON = "s6-fdholder-daemon";
const STORE = "/usr/bin/s6-fdholder-store sock";
const LIST = "/usr/bin/s6-fdholder-list sock";
const NOBODY = "/usr/bin/s6-setuidgid nobody";

const COMPILE = "/usr/bin/s6-accessrules-cdb-from-fs rules.cdb rules";

/** What a client may do under these rules, in both ways that rules can be given. */
function ruled(name: string, files: Files, steps = THEIR_ATTEMPTS): Case[] {
  return [
    holding(name, DAEMON, steps, files),
    holding(`${name}, compiled`, `${DAEMON} -x rules.cdb`, steps, files, `chmod 755 .; ${COMPILE}`),
  ];
}

/** The command line that s6-fdholder-daemon makes: a program in front of all others prints it. */
const becomes = (args: string, socket: string, user: string, holder: string): Case => ({
  name: `s6-fdholder-daemon ${args} becomes a chain`,
  argv: ["sh", "-c", `PATH=$PWD/bin:$PATH; s6-fdholder-daemon ${args}`],
  files: { "bin/s6-ipcserver-socketbinder": { content: '#!/bin/sh\necho "$@"\n', mode: 0o755 } },
  exception: "the original names its programs by their paths",
  expect: {
    stdout: [socket, user, `s6-fdholderd ${holder}`].filter((words) => words !== "").join(" ") + "\n",
    code: 0,
  },
});

const fails = (program: string, ...args: string[]): Case => ({
  name: `${[program, ...args].join(" ")} fails`,
  argv: [program, ...args],
  stderr: true,
});

/** Waits until the holder has as many sockets as it had before any client came: it knows that all have gone. */
const COUNT = "ls -l /proc/$p/fd | grep -c socket:";
const ALONE = `until test "$(${COUNT})" = $n; do sleep 0.05; done`;
function ending(name: string, steps: string): Case {
  return holding(name, DAEMON, `n=$(${COUNT}); ${steps}; ${ALONE}; kill $p; wait $p; echo "ended $?"`);
}

export const cases: readonly Case[] = [
  holding("s6-fdholderd serves Debian's clients", DAEMON, THEIR_ATTEMPTS),
  holding("s6-fdholderd serves the clients of its own set", DAEMON, ATTEMPTS),
  holding(
    "a place that has become free is taken again, the last first",
    DAEMON,
    `for i in a b c d; do ${STORE} $i; done; /usr/bin/s6-fdholder-delete sock b; /usr/bin/s6-fdholder-delete sock a;` +
      `for i in e f g; do ${STORE} $i; done; ${LIST}`,
  ),
  holding(
    "a descriptor comes back as it was stored",
    DAEMON,
    `echo hi >f; ${STORE} a <f; rm f; for i in 1 2; do /usr/bin/s6-fdholder-retrieve sock a cat; done; ${LIST}`,
  ),
  holding(
    "what has reached its limit is closed",
    DAEMON,
    `/usr/bin/s6-fdholder-store -T 200 sock a; ${STORE} b; until test "$(${LIST})" = b; do sleep 0.05; done; ${LIST}`,
  ),
  holding(
    "a fifo whose reading end is held takes what is written",
    DAEMON,
    "mkfifo f; /usr/lib/execline/bin/redirfd -rnb 0 f /usr/bin/s6-fdholder-store sock f; echo hi >f; echo ho >f;" +
      "/usr/bin/s6-fdholder-retrieve -D sock f head -n 2",
  ),
  holding(
    "a dump is given back with its limits",
    DAEMON,
    `${STORE} a; ${STORE} b; /usr/bin/s6-fdholder-getdump sock env | grep -a '^S6_FD[#IL]' | sort`,
  ),
  holding(
    "s6-fdholder-daemon -n is the most that is held",
    `${DAEMON} -n 2`,
    `for i in a b c; do ${STORE} $i; echo $?; done; ${LIST};` +
      "env 'S6_FD#=1' S6_FD_0=0 S6_FDID_0=q /usr/bin/s6-fdholder-setdump sock; echo $?",
  ),
  holding(
    "s6-fdholder-daemon -c is the most clients at a time",
    `${DAEMON} -c 1`,
    // An idle client would give way in ours: this one asks again and again.
    `cat >busy <<'EOF'
until test -e go; do printf '\\0\\0\\0\\1\\0\\0L' >&7; head -c 11 <&6 >/dev/null; : >here; sleep 0.1; done
EOF
/usr/bin/s6-ipcclient sock sh ./busy & c=$!; until test -e here; do sleep 0.05; done
/usr/bin/s6-fdholder-list -t 2000 sock; echo $?; : >go; wait $c; ${LIST}; echo $?`,
  ),
  holding(
    "s6-fdholder-daemon -t is the patience with a silent client",
    `${DAEMON} -t 200`,
    "/usr/bin/s6-ipcclient sock sh -c 'cat <&6; echo left'",
  ),
  {
    ...holding(
      "s6-fdholder-daemon -T is the patience with clients at the end",
      `${DAEMON} -T 200`,
      `/usr/bin/s6-ipcclient sock sh -c "printf '\\0\\0\\0\\1\\0\\0L' >&7; head -c 11 <&6 >/dev/null; printf '\\0\\0' >&7; kill $p; cat <&6; echo left"; wait $p; echo $?`,
    ),
    exception: "the original does not wait for a message that has not come whole",
    expect: { stdout: "left\n2\n", code: 0 },
  },
  holding(
    "a client that breaks the protocol is left alone",
    DAEMON,
    "/usr/bin/s6-ipcclient sock sh -c \"printf '\\0\\0\\0\\1\\0\\0x' >&7; cat <&6; echo left\"",
  ),
  holding(
    "so is one that sends more than there can be",
    DAEMON,
    "/usr/bin/s6-ipcclient sock sh -c \"printf '\\377\\377\\377\\377\\0\\0x' >&7; cat <&6; echo left\"",
  ),
  holding(
    "a client that asks for more than it reads gets it all in the end",
    DAEMON,
    `n=$(printf %0255d 0); for i in 1 2 3 4 5 6 7 8; do ${STORE} \${n%?}$i; done;` +
      `for i in $(seq 1000); do printf '\\0\\0\\0\\1\\0\\0L'; done >asks;` +
      "/usr/bin/s6-ipcclient sock sh -c 'cat asks >&7; head -c 2059000 <&6' | tail -c 256 | tr -d '\\0'",
  ),
  {
    ...holding(
      "a holder with few descriptors is never without one for a client",
      `sh -c 'ulimit -n 64; exec "$@"' - ${DAEMON}`,
      `for i in $(seq 70); do ${STORE} $i 2>/dev/null || break; done; /usr/bin/s6-fdholder-delete sock 1;` +
        `echo $?; ${STORE} again; echo $?; ${STORE} more; echo $?; ${LIST} | head -n 1`,
    ),
    exception: "the original ends when it has none",
    expect: { stdout: "0\n0\n1\nagain\n", code: 0 },
  },
  {
    name: "s6-fdholderd with no descriptors for its clients",
    argv: [
      "sh",
      "-c",
      "ulimit -n 24; s6-ipcserver-socketbinder sock s6-fdholderd -i rules; echo $?; rm sock sock.lock",
    ],
    expect: { stdout: "111\n", stderr: "s6-fdholderd: fatal: open file limit too low\n" },
  },
  holding("s6-fdholder-daemon -D binds where nothing is", `${DAEMON} -D`, `${STORE} a; ${LIST}`),
  becomes("-i rules sock", "-- sock", "", "-i rules"),
  becomes("-d -x rules.cdb sock more", "-- sock", "", "-x rules.cdb"),
  becomes(
    "-x a -i rules -D -b 5 -v 2 -1 -c 3 -n 4 -t 5 -T 6 sock",
    "-D -b 5 -- sock",
    "",
    "-v 2 -1 -c 3 -n 4 -t 5 -T 6 -i rules",
  ),
  becomes("-i a -x rules -Dd -b 0 -v 1 -c 0 -n 0 -t 0 -T 0 sock", "-b 0 -- sock", "", "-c 1 -n 1 -x rules"),
  becomes(
    "-i rules -u 65534 -g 65533 -G 65532,65531 sock",
    "-- sock",
    "s6-applyuidgid -u 65534 -g 65533 -G 65532,65531 --",
    "-i rules",
  ),
  becomes("-i rules -u 0 -g 0 sock", "-- sock", "", "-i rules"),
  becomes("-i rules -u 1 -U -g 2 sock", "-- sock", "s6-applyuidgid -Uz -g 2 --", "-i rules"),
  becomes("-i rules -U sock", "-- sock", "s6-applyuidgid -Uz --", "-i rules"),
  becomes("-i rules -G '' sock", "-- sock", "s6-applyuidgid -G  --", "-i rules"),
  ending("s6-fdholderd ends 0 when it holds nothing", `${LIST}`),
  ending("s6-fdholderd ends 1 when it holds something", `${STORE} a`),
  holding(
    "s6-fdholderd ends 2 more when a client is there",
    DAEMON,
    "/usr/bin/s6-ipcclient sock sh -c \"printf '\\0\\0\\0\\1\\0\\0L' >&7; head -c 11 <&6 >/dev/null; kill $p; cat <&6\";" +
      "wait $p; echo $?",
  ),
  ...ruled("an expression covers names", rule("uid/0", { LIST: "\n", STORE_REGEX: "^a.b$\n", RETRIEVE_REGEX: "x\n" })),
  ...ruled("a right in an empty file is none", rule("uid/0", { LIST: "", STORE_REGEX: "", GETDUMP: "x" })),
  ...ruled("who is let in may still have no right", rule("uid/0", {})),
  ...ruled("a rule for oneself comes first", { ...rule("uid/self", { LIST: "\n" }), "rules/uid/0/deny": "" }),
  ...ruled("who is denied is not let in by a later rule", {
    "rules/uid/0/deny": "",
    ...rule("uid/default", { LIST: "\n" }),
  }),
  ...ruled("who may and may not come may", { "rules/uid/0/deny": "", ...rule("uid/0", { LIST: "\n" }) }),
  ...ruled("a rule for a group is found", rule("gid/0", { STORE_REGEX: "\n" })),
  ...ruled("a rule for one's own group comes before it", {
    ...rule("gid/self", { LIST: "\n" }),
    "rules/gid/0/deny": "",
  }),
  ...ruled("the rule for all is the last", rule("uid/default", { LIST: "\n", GETDUMP: "\n" })),
  ...ruled("without a rule nobody comes", { "rules/uid/1/allow": "", "rules/gid/1/allow": "" }),
  ...ruled(
    "others than root have their own rules",
    { ...EVERYTHING, ...rule("uid/default", { LIST: "\n" }) },
    `${STORE} a; ${NOBODY} ${LIST}; echo $?; ${NOBODY} ${STORE} b; echo $?; ${NOBODY} /usr/bin/s6-fdholder-delete sock a; echo $?`,
  ),
  ...ruled("a command in a rule is ignored", { ...rule("uid/0", { LIST: "\n" }), "rules/uid/0/exec": "echo no\n" }),
  holding(
    "an expression that is none lets nobody in",
    DAEMON,
    THEIR_ATTEMPTS,
    rule("uid/0", { LIST: "\n", STORE_REGEX: "(\n" }),
  ),
  holding(
    "rules in a directory are read anew for each client",
    DAEMON,
    `${LIST}; echo $?; rm rules/uid/0/allow; ${LIST}; echo $?`,
  ),
  holding(
    "compiled rules are read again on SIGHUP",
    `${DAEMON} -x rules.cdb`,
    `${LIST}; echo $?; rm rules/uid/0/allow; ${COMPILE}; ${LIST}; echo $?;` +
      `kill -HUP $p; until ! ${LIST} 2>/dev/null; do sleep 0.05; done; echo closed`,
    EVERYTHING,
    COMPILE,
  ),
  {
    name: "s6-fdholderd closes its output without -1",
    argv: ["sh", "-c", "{ s6-fdholder-daemon -i rules sock & echo $! >pid; } | cat; kill $(cat pid); echo over"],
    files: EVERYTHING,
    leaves: [],
  },
  fails("s6-fdholderd"),
  fails("s6-fdholderd", "-z"),
  fails("s6-fdholderd", "-i", "rules", "-n", "x"),
  fails("s6-fdholderd", "-i", "rules", "-c", "x"),
  fails("s6-fdholderd", "-i", "rules", "-t", "x"),
  fails("s6-fdholderd", "-i", "rules", "-T", "x"),
  fails("s6-fdholderd", "-v", "x"),
  fails("s6-fdholderd", "-i", "rules"),
  fails("s6-fdholder-daemon"),
  fails("s6-fdholder-daemon", "-z"),
  fails("s6-fdholder-daemon", "sock"),
  fails("s6-fdholder-daemon", "-b", "x", "-i", "rules", "sock"),
  fails("s6-fdholder-daemon", "-G", "x", "-i", "rules", "sock"),
  fails("s6-fdholder-daemon", "-i", "rules", "no/sock"),
  {
    name: "s6-fdholderd -1 without an output",
    argv: ["sh", "-c", "s6-ipcserver-socketbinder sock s6-fdholderd -1 -i rules >&-; echo $?; rm sock sock.lock"],
    stderr: true,
  },
  {
    name: "s6-fdholderd -x of a missing file",
    argv: ["sh", "-c", "s6-ipcserver-socketbinder sock s6-fdholderd -x nope; echo $?; rm sock sock.lock"],
    stderr: true,
  },
];
