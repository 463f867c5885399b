// Rows for cli/s6/svstat.ts.

import type { Case } from "../../rows/harness.ts";
import { onTree } from "../../rows/live_tree.ts";

export const cases: readonly Case[] = [
  { name: "s6-svok without a directory", argv: ["s6-svok"], stderr: true },
  { name: "s6-svok of a directory that is missing", argv: ["s6-svok", "web"], stderr: true },
  { name: "s6-svok without a supervisor", argv: ["s6-svok", "web"], files: { "web/supervise/lock": "" } },
  { name: "s6-svok of a file", argv: ["s6-svok", "web"], files: { web: "" }, stderr: true },
  { name: "s6-svstat without a directory", argv: ["s6-svstat"], stderr: true },
  { name: "s6-svstat with an unknown option", argv: ["s6-svstat", "-z", "web"] },
  { name: "s6-svstat of a directory that is missing", argv: ["s6-svstat", "web"] },
  { name: "s6-svstat of a file", argv: ["s6-svstat", "web"], files: { web: "" }, stderr: true },
  { name: "s6-svstat -o of an unknown field", argv: ["s6-svstat", "-o", "up,upx", "web"], stderr: true },
  { name: "s6-svstat -o of an empty field", argv: ["s6-svstat", "-o", "up,,pid", "web"], stderr: true },
  { name: "s6-svstat takes no 17 fields", argv: ["s6-svstat", "-uuuuuuuuuuuuuuuuu", "web"], stderr: true },
  onTree("s6-svok tells by its exit code", "s6-svok web", "s6-svok idle", "s6-svok nope"),
  onTree(
    "s6-svstat says in a line what is the matter",
    ...["web", "idle", "ready", "slow", "failing"].map((service) => `s6-svstat ${service}`),
    "touch web/down",
    "s6-svstat web",
    "rm idle/down",
    "s6-svstat idle",
  ),
  onTree(
    "s6-svstat tells how a service died",
    "/usr/bin/s6-svc -wD -dk web",
    "s6-svstat web",
    "s6-svstat -n web",
    "s6-svstat -o exitcode,signal,signum,pid,ready,up web",
    "/usr/bin/s6-svc -wU -u failing",
    "/usr/bin/s6-svwait -D failing",
    "s6-svstat -o exitcode,signal,signum failing",
  ),
  onTree(
    "s6-svstat shows a finish script as down",
    "/usr/bin/s6-svc -wd -d slow",
    "s6-svstat slow",
    "s6-svstat -o up,ready,pid slow",
    "/usr/bin/s6-svwait -D slow",
    "s6-svstat slow",
  ),
  onTree(
    "s6-svstat prints fields in the order they are asked for",
    "s6-svstat -r -o wantedup,paused,normallyup -u ready",
    "s6-svstat -wNrues web",
    "s6-svstat -o updownsince,readysince, web",
    "s6-svstat -o '' idle",
  ),
  onTree(
    "s6-svstat -o takes the first field that a beginning fits",
    "s6-svstat -o u,w,n,r,pa,e,s,signu web",
    "s6-svstat -o upd web",
    "s6-svstat -o upx web",
    "s6-svstat -o , web",
    "s6-svstat -uuuuuuuuuuuuuuuu web",
  ),
];
