// Callers that may do less than others, or have more: under filters of system calls, without /proc, without descriptors or
// with all of them in use, with much environment, with bytes that are no UTF-8. Whether process 1 answers them or they go on
// by themselves, the same comes out.

import { deepEqual, equal, match } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import type { Given } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, type Root, root, start } from "../surroundings/quick.ts";
import { NUMBERS, REFUSAL_ERRORS } from "../surroundings/refused.ts";

const BYTES = "$(printf '\\377\\200 \\303')";

const CALLS: readonly string[] = [
  `s6-echo hi "${BYTES}"`,
  "s6-false",
  "s6-svstat -u /run/s6/services/web",
  "s6-svwait -u /run/s6/services/web",
  "s6-svwait -d -t 10 /run/s6/services/web",
  `env GREETING="${BYTES}" execlineb -Pc 'importas -u A GREETING export B $A sh -c "echo $B"'`,
  `execlineb -Pc 'foreground { s6-echo first } foreground { sh -c "exit 3" } importas -u ? ? s6-echo $? $1' "${BYTES}"`,
  "execlineb -Pc 'backtick -E v { s6-echo hi } pipeline { s6-echo <${v}> } cat'",
  "execlineb -Pc 'forbacktickx -E i { printf \"1\\n2\\n\" } s6-echo <${i}>'",
  "execlineb -Pc 'heredoc 0 text fdmove -c 6 0 sh -c \"cat <&6\"'",
];

/** What fails in words of its own, and what changes ids, which not every caller may. */
const MORE_CALLS: readonly string[] = [
  "s6-svstat /nowhere",
  "s6-setuidgid nobody id -u",
  "s6-setuidgid no-such-user true",
  "with-contenv sh -c 'echo $GREETING'",
  "execlineb -Pc 'foreground { nosuch } s6-echo on'",
  // Of another user, who lets nobody in.
  "eltest -e /private/secret",
  "s6-envdir /private printenv secret",
  "execlineb -P /private/secret",
];

/** Calls of a shell in which a standard descriptor of the program is closed. */
const CLOSED_CALLS: readonly string[] = ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"].flatMap((closed) =>
  [...CALLS, ...MORE_CALLS].map((call) => `{ ${call}; } ${closed}`)
);

/** Calls made by a process that the kernel refuses a call. */
const refusing = (call: string, error: keyof typeof REFUSAL_ERRORS): string =>
  `/refuse ${REFUSAL_ERRORS[error]} ${NUMBERS[call]} /bin/sh /calls`;

/** States of a caller in which process 1 answers. */
const ANSWERED: Readonly<Record<string, string>> = {
  "as it is": "sh /calls",
  ...Object.fromEntries(
    ["clone3", "execveat", "openat2", "statx", "close_range"].flatMap((call) => [
      [`${call} is not there`, refusing(call, "ENOSYS")],
      [`${call} is not allowed`, refusing(call, "EPERM")],
    ]),
  ),
  "memory may not become executable": "/guard_memory /bin/sh /calls",
  "64 descriptors": "ulimit -Sn 64; sh /calls",
  "bytes in the environment": `A="${BYTES}" sh /calls`,
  "signals blocked or ignored": "trap '' INT PIPE HUP USR1; sh /calls",
  "a session of its own": "setsid sh /calls",
};

/** States in which it goes on by itself. */
const ALONE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["socket", "connect", "sendmsg", "ppoll", "recvfrom"].flatMap((call) => [
      [`${call} is not there`, refusing(call, "ENOSYS")],
      [`${call} is not allowed`, refusing(call, "EPERM")],
    ]),
  ),
  "all descriptors in use": "ulimit -Sn 64; FILL=/fill_descriptors sh /calls",
  "much environment": "for n in 1 2 3 4; do export BIG$n=$(head -c 100000 /dev/zero | tr '\\0' x); done; sh /calls",
  "no /proc": "umount -l /proc; sh /calls; mount -t proc proc /proc",
  "another user": "s6-setuidgid nobody sh /calls",
  "a namespace of users": "unshare -r sh /calls",
  "no capabilities": "/without_capabilities sh /calls",
};

/** What stands in for the program says that it was started: the call was not answered. */
const STARTED = "a runtime was started";
/** How often such a call is made: process 1 may answer too late, on a busy machine. */
const TRIES = 100;

// Makes the calls of a list, and prints what comes of each.
const MAKE_CALLS = `directory=$(mktemp -d)
while IFS= read -r call; do
  try=0
  while [ $((try = try + 1)) -le ${TRIES} ]; do
    $FILL sh -c "$call" >$directory/out 2>$directory/err </dev/null
    code=$?
    grep -q "${STARTED}" $directory/err || break
  done
  printf '\\001%s: %s\\n' "$call" $code; cat $directory/out; sed 's/^/! /' $directory/err
done <\${LIST:-/list}
rm -r $directory`;

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });
const listed = (calls: readonly string[]): Given => ({
  content: calls.map((call) => `${call}\n`).join(""),
  mode: 0o644,
});

const FILES: Readonly<Record<string, Given>> = {
  "etc/services.d/web/run": script("exec sleep 1000"),
  "calls": script(MAKE_CALLS),
  "list": listed([...CALLS, ...MORE_CALLS]),
  "answered": listed(CALLS),
  "private/secret": { content: "s6-echo told\n", mode: 0o600 },
  "single": listed(["s6-echo hi"]),
  "closed": listed(CLOSED_CALLS),
  "no_program": script(`echo "${STARTED}" >&2`, "exit 99"),
};

async function rootOfCallers(): Promise<Root> {
  const made = await root(FILES);
  for (const name of ["refuse", "guard_memory", "fill_descriptors", "without_capabilities"]) {
    await output(["gcc", "-static", "-O1", "-o", `${made.path}/${name}`, `tests/surroundings/${name}.c`]);
  }
  await Deno.chmod(`${made.path}/private`, 0o700);
  await Deno.chown(`${made.path}/private`, 1000, 1000);
  return made;
}

/** Milliseconds after which the container hangs, however slow the machine is. */
const LIMIT = 300_000;

/** What comes of each call in each state. */
async function ends(made: Root, states: readonly string[], answers: "0" | "1"): Promise<readonly string[][]> {
  const command = [
    "s6-svwait -u -t 20000 /run/s6/services/web",
    ...states.map((state) => `printf '\\003'; (${state})`),
  ];
  const environment = { S6_ANSWER_CALLS: answers, S6_VERBOSITY: "0", GREETING: "hello" };
  const argv = ["/init", "/bin/sh", "-c", ["exec 2>&1", ...command, "exit 0"].join("\n")];
  const { code, stdout, stderr } = await limited(start(made, { environment, argv }), LIMIT);
  equal(code, 0, stderr);
  return stdout.split("\x03").slice(1).map((state) => state.split("\x01"));
}

Deno.test({
  name: "in any state of the caller the same comes out where process 1 answers",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await rootOfCallers();
    const states = { ...ANSWERED, ...ALONE, "closed descriptors": "LIST=/closed sh /calls" };
    const run = Object.values(states);
    const [answered, alone] = await Promise.all([ends(made, run, "1"), ends(made, run, "0")]);
    Object.keys(states).forEach((state, at) => deepEqual(answered[at], alone[at], state));
  },
});

Deno.test({
  name: "process 1 answers callers under filters and with limits as all others",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await rootOfCallers();
    const without = "mount --bind /no_program /usr/lib/s6-overlay/program; export LIST=/answered S6_CHECKPOINT=0";
    const unanswered = `LIST=/single ${refusing("connect", "EPERM")}`;
    const states = [...Object.values(ANSWERED), unanswered].map((state) => `${without}; ${state}`);
    const [answered, [alone = []]] = await Promise.all([
      ends(made, states, "1"),
      ends(made, ["LIST=/answered sh /calls"], "0"),
    ]);
    equal(alone.length, 1 + CALLS.length);
    match(answered.at(-1)!.join(""), new RegExp(STARTED));
    Object.keys(ANSWERED).forEach((state, at) => deepEqual(answered[at], alone, state));
  },
});
