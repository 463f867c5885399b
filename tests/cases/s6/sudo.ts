// Rows for cli/s6/sudo.ts and cli/s6/sudod.ts: our client and our server, each with Debian's other end, and together.

import type { Case } from "../../rows/harness.ts";

const THEIRS = { client: "/usr/bin/s6-sudo", server: "/usr/bin/s6-sudod" };
const PAIRS = [
  { of: "s6-sudo", client: "s6-sudo", server: THEIRS.server },
  { of: "s6-sudod", client: THEIRS.client, server: "s6-sudod" },
  { of: "s6-sudo with s6-sudod", client: "s6-sudo", server: "s6-sudod" },
];

interface Story {
  readonly name: string;
  /** The command line of the server's program; S is s6-sudod. */
  readonly server: string;
  /** What clients do; C is s6-sudo. */
  readonly steps: string;
}

const SERVE = (program: string): string =>
  `/usr/bin/s6-ipcserver -1 sock ${program} >ready 2>err & server=$!; until test -s ready; do sleep 0.05; done`;

const STORIES: readonly Story[] = [
  {
    name: "runs a program with the words of both, and passes on its output and its exit code",
    server: "S sh -c 'echo \"$@\"; cat; echo err >&2; exit 7' sh own",
    steps: "echo in | C sock a 'b c' '' 2>&1; echo $?",
  },
  {
    name: "passes on variables that are there and empty",
    server: "env A= FULL=x S sh -c 'env | grep -E \"^(A|B|FULL)=\"'",
    steps: "env A=1 B=2 FULL=y C sock; env A=1 B=2 C -e sock; echo $?",
  },
  { name: "ends as the program was killed", server: "S sh -c 'kill -KILL $$'", steps: "(C sock); echo $?" },
  {
    name: "-0 -1 -2 give the program no descriptors of the client",
    server: "S -0 -1 -2 sh -c 'readlink /proc/self/fd/0 /proc/self/fd/1; cat; echo out; echo err >&2; exit 3'",
    steps: "echo in | C sock; echo $?",
  },
  { name: "-d too", server: "S -d sh -c 'cat; echo out; echo err >&2; exit 3'", steps: "echo in | C sock; echo $?" },
  {
    name: "ends the program when the client gives up",
    server: "S sh -c 'trap \": >out; exit 3\" TERM; while :; do sleep 0.05; done'",
    steps: "C -T 200 sock 2>&1; echo $?; until test -e out; do sleep 0.05; done; echo termed; rm out",
  },
  {
    name: "-d does not",
    server: "S -d sh -c 'until test -e go; do sleep 0.05; done; : >out'",
    steps: "C -T 200 sock 2>&1; echo $?; : >go; until test -e out; do sleep 0.05; done; echo lived; rm go out",
  },
  { name: "runs the client's words alone", server: "S", steps: "C sock echo hi; echo $?; C sock; echo $?" },
  {
    name: "gives the program three descriptors",
    server: "S sh -c 'ls /proc/$$/fd'",
    steps: "C sock </dev/null 9</dev/null; echo $?",
  },
  {
    name: "finds the connection where the runtime has its numbers, as it starts without a checkpoint",
    server: "S sh -c 'cat; exit 7'",
    steps: "echo in | S6_CHECKPOINT=0 C sock 2>&1; echo $?",
  },
  {
    name: "passes on a thousand words and long ones",
    server: "S sh -c 'echo $#; eval last=\\$$#; echo ${#last}' sh",
    steps: "C sock $(seq 1 1000) $(head -c 100000 /dev/zero | tr '\\0' x) 2>&1; echo $?",
  },
];

const stories = PAIRS.flatMap(({ of, client, server }) =>
  STORIES.map((story): Case => ({
    name: `${of} ${story.name}`,
    argv: [
      "sh",
      "-c",
      `${SERVE(story.server.replace(/\bS\b/, server))}\n${story.steps.replace(/\bC\b/g, client)}
kill $server; wait $server; cat err; rm err ready`,
    ],
  }))
);

/** A client of a server that does something else. */
const asked = (name: string, program: string, steps: string): Case => ({
  name: `s6-sudo ${name}`,
  argv: ["sh", "-c", `${SERVE(program)}\n${steps}; kill $server; wait $server; rm err ready`],
});
/** A client of s6-sudod that does something else. */
const served = (name: string, options: string, client: string): Case => ({
  name: `s6-sudod ${name}`,
  argv: [
    "sh",
    "-c",
    `${SERVE(`s6-sudod ${options} echo no`)}\n/usr/bin/s6-ipcclient sock sh -c '${client}'
kill $server; until test -s err; do sleep 0.05; done; wait $server; cat err; rm err ready`,
  ],
});

export const cases: readonly Case[] = [
  ...stories,
  {
    ...asked("tells that the program is missing", "/usr/bin/s6-sudod nope", "s6-sudo sock 2>&1; echo $?"),
    // Two processes print.
    unordered: true,
    exception: "the original has a colon too many",
    expect: {
      stdout: "s6-sudod (child): fatal: unable to exec nope: No such file or directory\n" +
        "s6-sudoc: fatal: unable to start privileged program: server answered: No such file or directory\n111\n",
    },
  },
  {
    ...asked("-t gives up on a server that says nothing", "sleep 1", "s6-sudo -t 200 sock 2>&1; echo $?"),
    exception: "the original says that it may not connect",
    expect: { stdout: "s6-sudoc: fatal: unable to read banner from s6-sudod: Connection timed out\n111\n" },
  },
  {
    ...asked("of a server that says something else", "echo hello world, this is me", "s6-sudo sock 2>&1; echo $?"),
  },
  {
    ...asked("of a server that goes at once", "true", "s6-sudo sock 2>&1; echo $?"),
    exception: "the original has a colon too many",
    expect: {
      stdout:
        "s6-sudoc: fatal: unable to connect to the s6-sudod server - check that you have appropriate permissions\n111\n",
    },
  },
  served("-t gives up on a client that says nothing", "-t 200", "cat <&6"),
  served("ends if a client speaks another language", "-t 5000", "read x <&6; echo garbage garbage >&7; cat <&6"),
  {
    ...served("ends if the client goes", "-t 5000", "read x <&6; echo $x"),
    exception: "the original gives Success as the reason",
    expect: { stdout: "s6-sudo b v1.0\ns6-sudod: fatal: unable to read message from client: Broken pipe\n" },
  },
  { name: "s6-sudo without a path", argv: ["s6-sudo"], stderr: true },
  { name: "s6-sudo with an unknown option", argv: ["s6-sudo", "-z", "sock"], stderr: true },
  { name: "s6-sudoc without a connection", argv: ["s6-sudoc", "a"], stderr: true },
  { name: "s6-sudod with an unknown option", argv: ["s6-sudod", "-z"], stderr: true },
];
