// Rows for cli/s6/svc.ts.

import type { Case } from "../../rows/harness.ts";
import { onTree } from "../../rows/live_tree.ts";

const MANY = (letter: string, count: number): string => `-${letter.repeat(count)}`;

const errors: readonly Case[] = [
  { name: "s6-svc without a directory", argv: ["s6-svc", "-u"], stderr: true },
  { name: "s6-svc with an unknown letter", argv: ["s6-svc", "-z", "web"], stderr: true },
  { name: "s6-svc -w of an unknown letter", argv: ["s6-svc", "-wx", "web"], stderr: true },
  { name: "s6-svc -T of a word", argv: ["s6-svc", "-T", "x", "web"] },
  { name: "s6-svc of a directory that is missing", argv: ["s6-svc", "-u", "web"], stderr: true },
  { name: "s6-svc of nothing", argv: ["s6-svc", "-u", ""], stderr: true },
  { name: "s6-svc of a file", argv: ["s6-svc", "-u", "web"], files: { web: "" }, stderr: true },
  { name: "s6-svc without a supervisor", argv: ["s6-svc", "-u", "web"], files: { "web/run": "" } },
  { name: "s6-svc takes 62 letters", argv: ["s6-svc", MANY("c", 62), "web"], stderr: true },
  { name: "s6-svc takes no 63 letters", argv: ["s6-svc", MANY("c", 63), "web"], stderr: true },
  { name: "s6-svc -w without a supervisor", argv: ["s6-svc", "-wu", "web"], files: { "web/run": "" }, leaves: [] },
  { name: "s6-svc -w of a directory that is missing", argv: ["s6-svc", "-wu", "-u", "web"] },
  ...["-T /run/service/web db", "-w /run/service/web db"].map((words): Case => ({
    name: `s6-svc ${words} tells which option has taken a service directory`,
    argv: ["s6-svc", ...words.split(" ")],
    exception: "the original only prints how it is used",
    expect: {
      code: 100,
      stdout: "",
      stderr:
        "s6-svc: usage: s6-svc [ -wu | -wU | -wd | -wD | -wr | -wR ] [ -T timeout ] [ -s signal | -abqhkti12pcyrlPCK ] " +
        `[ -oduDUxOQ ] servicedirs...\ns6-svc: info: ${
          words.slice(0, 2)
        } has taken /run/service/web as its value, which is not ${
          words[1] === "T" ? "a number" : "u, U, d, D, r or R"
        }: give it one, or leave it out\n`,
    },
  })),
  {
    name: "s6-svc of several directories tells of each where it can send nothing",
    argv: ["s6-svc", "-d", "web", "./db", "file"],
    files: { "db/run": "", file: "" },
    stderr: true,
  },
  {
    name: "s6-svc ends as the last directory makes it",
    argv: ["s6-svc", "-d", "web", "./db"],
    files: { "db/run": "" },
  },
  ...["hup", "SIGTERM", "1", "12", "SEGV", "11", "nope", "0", "65", ""].map((signal): Case => ({
    name: `s6-svc -s ${signal}`,
    argv: ["s6-svc", "-s", signal, "web"],
    files: { "web/run": "" },
    stderr: true,
  })),
  { name: "s6-svscanctl without a directory", argv: ["s6-svscanctl", "-a"], stderr: true },
  { name: "s6-svscanctl with an unknown letter", argv: ["s6-svscanctl", "-x", "."], stderr: true },
  { name: "s6-svscanctl of a directory that is missing", argv: ["s6-svscanctl", "-a", "nope"], stderr: true },
  { name: "s6-svscanctl without a scanner", argv: ["s6-svscanctl", "-a", "."] },
  { name: "s6-svscanctl takes 64 letters", argv: ["s6-svscanctl", MANY("z", 64), "nope"], stderr: true },
  { name: "s6-svscanctl takes no 65 letters", argv: ["s6-svscanctl", MANY("z", 65), "nope"], stderr: true },
];

export const cases: readonly Case[] = [
  ...errors,
  onTree(
    "s6-svc takes a service down and up",
    "s6-svc web",
    "s6-svc -wD -d web",
    "s6-svstat web",
    "s6-svc -wu -u web",
    "s6-svstat web",
  ),
  onTree("s6-svc restarts", "s6-svc -wr -r web", "s6-svc -wR -r ready", "s6-svstat ready"),
  onTree(
    "s6-svc -w gives up in time",
    "s6-svc -wD -T 1000 web",
    "s6-svc -wd -u -T 1000 web",
    "s6-svc -wu -T 1000 idle",
  ),
  {
    ...onTree("s6-svc -w waits by itself", "s6-svc -wu -T 1000 idle 2>&1"),
    exception: "the original becomes s6-svwait",
    expect: { stdout: "s6-svc: fatal: timed out\n= 99\n" },
  },
  {
    ...onTree(
      "s6-svc -w tells at once that the supervisor is dead",
      "kill -STOP $scanner; kill -9 $(ps -o pid=,args= --ppid $scanner | sed -n 's/ *s6-supervise web$//p')",
      "until ! s6-svok web; do sleep 0.05; done; s6-svc -wd -d -T 9000 web 2>&1",
      "kill -CONT $scanner",
    ),
    exception: "the original waits for it",
    expect: { stdout: "= 0\ns6-svc: fatal: unable to control web: supervisor not listening\n= 102\n= 0\n" },
  },
  onTree(
    "s6-svc -w tells of a permanent failure",
    "s6-svc -wR -u failing",
    "s6-svc -wU -u failing",
    "s6-svstat failing",
  ),
  onTree("s6-svc waits for readiness only where it is told", "s6-svc -wU web", "s6-svc -wR -r web", "s6-svc -wU ready"),
  onTree(
    "s6-svc sends what it is asked to",
    "s6-svc -p web",
    "until s6-svstat -o paused web | grep -q true; do sleep 0.05; done",
    "s6-svstat web",
    "s6-svc -c web",
    "s6-svc -o web",
    "until s6-svstat -w web | grep -q false; do sleep 0.05; done",
    "s6-svstat web",
    "s6-svc -wD -k web",
    "s6-svstat web",
  ),
  onTree("s6-svc -D and -U keep a file", "s6-svc -wD -D web", "ls web", "s6-svc -wu -U web", "ls web"),
  onTree("s6-svscanctl asks whether the scanner lives", "s6-svscanctl .", "s6-svscanctl web"),
  onTree(
    "s6-svscanctl has the directory scanned",
    "mkdir new",
    "cp -p web/run new",
    "s6-svscanctl -a .",
    "until s6-svok new; do sleep 0.05; done",
    "rm -r new",
    "s6-svscanctl -an .",
  ),
];
