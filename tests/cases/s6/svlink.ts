// Rows for cli/s6/svlink.ts: services that are added to a tree of Debian's and taken out again.

import type { Case } from "../../rows/harness.ts";
import { onTree } from "../../rows/live_tree.ts";

const NEW =
  'new() { mkdir -p $1/log; printf "#!/bin/sh\\nexec cat\\n" >$1/log/run; cp -p web/run $1; chmod +x $1/log/run; }';
const MODES = "find src -type d | sort | xargs stat -c '%n %a'";
const MADE = "find src ! -name lock ! -path '*/supervise/*' | sort";

/** A row with a service in src/new, logged, that is not yet in the tree. */
function linking(name: string, ...steps: readonly string[]): Case {
  return onTree(name, `${NEW}; new src/new`, ...steps);
}

const errors: readonly Case[] = [
  { name: "s6-svlink without a service", argv: ["s6-svlink", "."], stderr: true },
  { name: "s6-svlink with an unknown option", argv: ["s6-svlink", "-z", ".", "web"], stderr: true },
  { name: "s6-svlink -t of a word", argv: ["s6-svlink", "-t", "x", ".", "web"], stderr: true },
  { name: "s6-svlink of nothing", argv: ["s6-svlink", ".", ""], stderr: true },
  { name: "s6-svlink into nothing", argv: ["s6-svlink", "", "web"], stderr: true },
  ...["", ".x", "/x"].map((name) => ({
    name: `s6-svlink under the name "${name}"`,
    argv: ["s6-svlink", ".", "web", name],
    stderr: true,
  })),
  ...[".", "..", "/"].map((service) => ({
    name: `s6-svlink of ${service}`,
    argv: ["s6-svlink", "scan", service],
    stderr: true,
  })),
  { name: "s6-svlink into what is no scan directory", argv: ["s6-svlink", ".", "web"], stderr: true },
  {
    name: "s6-svlink without a scanner",
    argv: ["s6-svlink", "scan", "web"],
    files: { "scan/.s6-svscan/lock": "", "web/run": { content: "", mode: 0o755 } },
    stderr: true,
  },
  { name: "s6-svunlink without a name", argv: ["s6-svunlink", "."], stderr: true },
  { name: "s6-svunlink with an unknown option", argv: ["s6-svunlink", "-z", ".", "web"], stderr: true },
  { name: "s6-svunlink -t of a word", argv: ["s6-svunlink", "-t", "x", ".", "web"], stderr: true },
  ...["", ".x", ".."].map((name) => ({
    name: `s6-svunlink of the name "${name}"`,
    argv: ["s6-svunlink", ".", name],
    stderr: true,
  })),
  { name: "s6-svunlink of what is not there", argv: ["s6-svunlink", ".", "web"] },
  { name: "s6-svunlink of a file", argv: ["s6-svunlink", ".", "web"], files: { web: "" } },
  {
    name: "s6-svunlink of a service without a supervisor",
    argv: ["s6-svunlink", ".", "web"],
    files: { "web/run": "" },
  },
  { name: "s6-svunlink of a link without a supervisor", argv: ["s6-svunlink", ".", "a"], files: { a: { link: "b" } } },
];

const links: readonly Case[] = [
  linking(
    "s6-svlink returns when the service and its logger are supervised",
    "s6-svlink . src/new",
    "s6-svok new; s6-svok new/log",
    "readlink new | sed 's,.*/src,src,'",
    MODES,
    MADE,
    "s6-svunlink . new",
    "ls -d new; s6-svok src/new; s6-svok src/new/log",
  ),
  linking("s6-svlink gives it another name", "s6-svlink . src/new other", "s6-svok other", "s6-svunlink . other"),
  linking("s6-svlink of a directory with a slash", "s6-svlink . src/new/", "readlink new | sed 's,.*/src,src,'"),
  linking("s6-svlink of a link", "ln -s new src/also", "s6-svlink . src/also", "readlink also | sed 's,.*/src,src,'"),
  linking(
    "s6-svlink keeps an absolute path",
    "ln -s new src/also",
    "s6-svlink . $PWD/src/also",
    "basename $(readlink also)",
  ),
  linking(
    "s6-svlink -D keeps it down for good",
    "s6-svlink -D . src/new",
    "s6-svstat -o up,wantedup new",
    MADE,
    "s6-svunlink . new",
  ),
  linking("s6-svlink -d keeps it down for now", "s6-svlink -d . src/new", "s6-svstat -o up,wantedup new", MADE),
  linking("s6-svlink -d removes a file down", "touch src/new/down", "s6-svlink -d . src/new", MADE),
  {
    ...linking(
      "s6-svlink -D leaves what a link down leads to",
      "echo kept >kept; ln -s $PWD/kept src/new/down",
      "s6-svlink -D . src/new",
      "cat kept",
    ),
    exception: "the original empties it: whose the service directory is could have any file emptied",
    expect: { stdout: "= 0\n= 0\n= 0\nkept\n= 0\n", code: 0 },
  },
  linking("s6-svlink leaves a file down", "touch src/new/down", "s6-svlink . src/new", "s6-svstat -o up new", MADE),
  linking("s6-svlink -Dd is -d", "s6-svlink -Dd . src/new", MADE),
  linking("s6-svlink -P makes its events public", "s6-svlink -P . src/new", MODES),
  ...["", "-f", "-P", "-fP"].map((options) =>
    linking(
      `s6-svlink ${options} with an event directory that is there`,
      "mkdir -m 750 src/new/event",
      `s6-svlink ${options} . src/new`,
      MODES,
    )
  ),
  linking(
    "s6-svlink of a service that is supervised",
    "s6-svlink . src/new",
    "s6-svlink . src/new other 2>&1",
    "s6-svok other",
  ),
  linking("s6-svlink wants a run", "rm src/new/run", "s6-svlink . src/new 2>&1", MADE),
  linking("s6-svlink wants a run that can be executed", "chmod -x src/new/run", "s6-svlink . src/new 2>&1", MADE),
  linking("s6-svlink wants the same of the logger", "chmod -x src/new/log/run", "s6-svlink . src/new 2>&1", MADE),
  linking("s6-svlink of a name that is taken", "s6-svlink . src/new web 2>&1", MADE),
  linking("s6-svlink -D of a name that is taken", "s6-svlink -D . src/new web 2>&1", MADE),
  linking(
    "s6-svlink -t gives up and takes its link back",
    "kill -STOP $scanner",
    "s6-svlink -t 2000 . src/new 2>&1",
    "ls -d new",
    "s6-svlink -Dt 2000 . src/new 2>&1",
    MADE,
    "kill -CONT $scanner",
  ),
];

const unlinks: readonly Case[] = [
  linking("s6-svunlink -X does not wait", "s6-svlink . src/new", "s6-svunlink -X . new", "ls -d new"),
  linking(
    "s6-svunlink -t ends in time, and all is well",
    "printf '#!/bin/sh\\ntrap \"\" TERM; touch deaf; while :; do sleep 0.05; done' >src/new/run",
    "s6-svlink . src/new; until test -e src/new/deaf; do sleep 0.05; done",
    "s6-svunlink -t 2000 . new",
    "s6-svok src/new",
    "/usr/bin/s6-svc -k src/new",
  ),
  {
    ...onTree("s6-svunlink of a directory", "s6-svunlink -t 2000 . web 2>&1", "s6-svok web"),
    exception: "the original ignores that it cannot be removed and waits for nothing",
    expect: {
      stdout: "s6-svunlink: fatal: unable to unlink service web in scandir .: Is a directory\n= 111\n= 0\n",
      code: 0,
    },
  },
];

const leavings: Case = {
  ...linking(
    "s6-svunlink leaves no listener behind",
    "s6-svlink -t 10000 . src/new",
    "s6-svunlink -t 10000 . new",
    "ls -A src/new/event src/new/log/event",
  ),
  exception: "the original listens by way of the link and cannot remove its fifo when that is gone",
  expect: { stdout: "= 0\n= 0\n= 0\nsrc/new/event:\n\nsrc/new/log/event:\n= 0\n", code: 0 },
};

export const cases: readonly Case[] = [leavings, ...errors, ...links, ...unlinks];
