// Rows for cli/s6/instance.ts: instances of a service that Debian's s6-svscan keeps.

import type { Case, Given } from "../../rows/harness.ts";

const script = (text: string): Given => ({ content: `#!/bin/sh\n${text}\n`, mode: 0o755 });

const SERVICE: Readonly<Record<string, Given>> = {
  "svc/template/run": script("exec sleep 1000"),
  "svc/template/data/name": "x",
  "svc/template/log/run": script("exec cat"),
};

const START = `
mkdir -p svc/instance svc/instances
/usr/bin/s6-svscan svc/instance >/dev/null 2>&1 & scanner=$!
until /usr/bin/s6-svscanctl svc/instance 2>/dev/null; do sleep 0.05; done`;
const LEVEL = "s/pid [0-9]+/pid N/; s/[0-9]+ seconds/S seconds/g";
const STOP = "/usr/bin/s6-svscanctl -t svc/instance; wait $scanner";
const MADE = "find svc ! -path '*/supervise/*' ! -path '*/.s6-svscan/*' | sort";

function instances(name: string, ...lines: readonly string[]): Case {
  const steps = lines.map((line) => `${line}\necho "= $?"`).join("\n");
  return {
    name,
    argv: ["sh", "-c", `${START}\n{\n${steps}\n} 2>&1 | sed -E '${LEVEL}'\n${STOP}`],
    files: SERVICE,
    leaves: [],
  };
}

const PROGRAMS = ["create", "delete", "control", "status", "list"].map((what) => `s6-instance-${what}`);

const errors: readonly Case[] = PROGRAMS.flatMap((program): Case[] => [
  { name: `${program} without a service`, argv: [program], stderr: true },
  {
    name: `${program} with an unknown option`,
    argv: [program, "-z", "svc", "one"],
    stderr: program !== "s6-instance-list",
  },
  { name: `${program} of the service ""`, argv: [program, "", "one"], stderr: true },
  { name: `${program} of a service that is missing`, argv: [program, "nope", "one"], leaves: [] },
  ...(program === "s6-instance-list" ? [] : [
    { name: `${program} without an instance`, argv: [program, "svc"], stderr: true },
    ...["", ".x"].map((name) => ({
      name: `${program} of the instance "${name}"`,
      argv: [program, "svc", name],
      files: SERVICE,
      stderr: true,
    })),
  ]),
]);

/** Everything by the programs that are tried: a tree, a service with instances in it, and the instances. */
const WHOLE: Case = {
  name: "a service with instances, from its making to its end",
  argv: [
    "sh",
    "-c",
    `s6-instance-maker -c 20 svc/template made
mkdir scan; s6-svscan scan 2>/dev/null & scanner=$!
until s6-svscanctl scan 2>/dev/null; do sleep 0.05; done
s6-svlink scan made many; echo $?
s6-svwait -U -t 10000 scan/many; echo $?
for name in one two; do s6-instance-create scan/many $name; echo $?; done
s6-instance-control -wu scan/many two; s6-instance-status -uw scan/many two
s6-instance-control -wD -d scan/many one; s6-instance-status -u scan/many one
s6-instance-list scan/many | sort
s6-instance-delete scan/many one; echo $?; s6-instance-list scan/many
s6-instance-delete scan/many two; echo $?; s6-instance-list scan/many
s6-svunlink scan many; echo $?; s6-svok made; echo $?
s6-svscanctl -t scan; wait $scanner; echo $?; ls made made/instance*`,
  ],
  files: SERVICE,
  leaves: [],
};

export const cases: readonly Case[] = [
  WHOLE,
  ...errors,
  instances(
    "an instance is made, controlled, listed and deleted",
    "s6-instance-create svc one",
    "readlink svc/instance/one",
    MADE,
    "s6-instance-list svc",
    "/usr/bin/s6-svwait -u svc/instance/one",
    "s6-instance-status svc one",
    "s6-instance-status svc one/log",
    "s6-instance-status -uo wantedup svc one",
    "s6-instance-control -wD -dT 5000 svc one",
    "s6-instance-status -n svc one",
    "s6-instance-control -wu -u svc one",
    "s6-instance-status -w svc one",
    "s6-instance-delete svc one",
    MADE,
    "s6-instance-list svc",
  ),
  {
    ...instances(
      "s6-instance-list sorts",
      "for n in c a d b; do s6-instance-create -D svc $n; done",
      "s6-instance-list svc",
    ),
    exception: "the original leaves the order of the directory",
    expect: { stdout: "= 0\na\nb\nc\nd\n= 0\n", code: 0 },
  },
  instances("s6-instance-create twice", "s6-instance-create svc one", "s6-instance-create svc one"),
  instances(
    "s6-instance-create -D and -d keep it down",
    "s6-instance-create -D svc one",
    "s6-instance-create -d svc two",
    "s6-instance-status svc one",
    "s6-instance-status svc two",
    MADE,
  ),
  instances("s6-instance-create -P", "s6-instance-create -P svc one", "stat -c %a svc/instances/one/event"),
  instances(
    "s6-instance-create -t gives up and leaves nothing",
    "kill -STOP $scanner",
    "s6-instance-create -t 2000 svc one",
    MADE,
    "kill -CONT $scanner",
  ),
  instances("s6-instance-create of a name that is taken", "touch svc/instance/one", "s6-instance-create svc one", MADE),
  instances("s6-instance-create below an instance that is not there", "s6-instance-create svc a/b", MADE),
  instances(
    "s6-instance-create makes the directories",
    "rmdir svc/instances",
    "umask 077; s6-instance-create -D svc one; umask 022",
    "stat -c '%n %a' svc/instances svc/instances/one svc/instances/one/*",
  ),
  instances("s6-instance-delete of one that is not there", "s6-instance-delete svc one"),
  instances("s6-instance-delete -X", "s6-instance-create svc one", "s6-instance-delete -X svc one", "ls svc/instance"),
  {
    name: "s6-instance-list of a service that is not running",
    argv: ["s6-instance-list", "svc"],
    files: { ...SERVICE, "svc/instance/.s6-svscan/lock": "" },
    stderr: true,
  },
];
