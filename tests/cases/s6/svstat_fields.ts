// Rows for cli/s6/svstat.ts and cli/s6/svc.ts: every field in every state, and every letter of a wait.

import type { Case } from "../../rows/harness.ts";
import { script, supervised } from "../../rows/supervised.ts";
import { onTree } from "../../rows/live_tree.ts";

// What depends on the moment is compared by its form.
const FIELDS = "up,wantedup,normallyup,ready,paused,exitcode,signal,signum";
const SHAPES = "updownsince,readysince,updownfor,readyfor,pid";
const SHOW = `
show() {
  s6-svstat -o ${FIELDS} web
  s6-svstat -o ${SHAPES} web | sed -E 's/@[0-9a-f]{24}/@/g; s/ [0-9]+/ N/g'
  s6-svstat -uwNres web
  s6-svstat -pt web | sed -E 's/\\b[0-9]+/N/g'
  s6-svstat -n web | sed -E 's/pid [0-9]+( pgid [0-9]+)?/pid N/; s/[0-9]+ seconds/S seconds/g'
}`;

const states: readonly Case[] = [
  ["that was never started", { "web/down": "" }, "events s; show"],
  ["that is up", {}, "events su; show"],
  ["that is ready", { "web/run": script("echo >&3; exec sleep 1000"), "web/notification-fd": "3" }, "events suU; show"],
  ["that is stopped", {}, "events su; s6-svc -p web; shows paused true; show"],
  ["that is up and wanted down", {}, "events su; s6-svc -O web; shows wantedup false; show"],
  ["that is normally down", { "web/down": "" }, "events s; s6-svc -u web; events su; show"],
  ["that was killed", {}, "events su; s6-svc -dk web; events sudD; show"],
  // It is not started again, however late its status is read.
  ["that exited", { "web/run": script("s6-svc -O .; exit 200") }, "events sudD; shows wantedup false; show"],
  [
    "whose finish runs",
    // It is observed for longer than a finish script has, on a busy machine.
    { "web/finish": script("until [ -e go ]; do sleep 0.05; done"), "web/timeout-finish": "0" },
    "events su; s6-svc -d web; until_true is up false; show; : >web/go; events sudD",
  ],
].map(([name, files, steps]) =>
  supervised(
    `s6-svstat of a service ${name as string}`,
    { "web/run": script("exec sleep 1000"), ...files as object },
    SHOW,
    steps as string,
  )
);

const WAITS = ["u", "U", "d", "D", "r", "R"];

const waits: readonly Case[] = [
  ...WAITS.map((letter) =>
    onTree(
      `s6-svc -w${letter} without a command`,
      `s6-svc -w${letter} -T 1000 web`,
      `s6-svc -w${letter} -T 1000 ready`,
      `s6-svc -w${letter} -T 1000 idle`,
      `s6-svc -w${letter} -T 1000 slow`,
    )
  ),
  ...WAITS.map((letter) =>
    onTree(
      `s6-svc -w${letter} with -d, -u and -r`,
      `s6-svc -w${letter} -dT 600 ready`,
      "/usr/bin/s6-svc -wD -d ready",
      `s6-svc -w${letter} -uT 600 ready`,
      "/usr/bin/s6-svc -wU -u ready",
      `s6-svc -w${letter} -rT 2500 ready`,
      // A wait for what is so already ends before it has gone: then there is nothing sure to see.
      ...("uU".includes(letter) ? [] : ["/usr/bin/s6-svwait -U ready", "s6-svstat -o up,ready ready"]),
    )
  ),
  onTree("s6-svc with the last of several waits", "s6-svc -wu -wD -T 1000 web", "s6-svc -wD -wu -T 1000 web"),
  onTree(
    "s6-svc with several directories",
    "s6-svc -d web twin 2>&1",
    "/usr/bin/s6-svwait -D web twin",
    "s6-svstat -u twin",
    "s6-svc -wu -u web twin",
    "s6-svstat -o up web; s6-svstat -o up twin",
    "s6-svc -wr -r web twin",
    "s6-svc -wD -d web nope twin 2>/dev/null; test $? != 0",
    "test $(s6-svstat -o pgid twin) = $(s6-svstat -p twin); s6-svstat -g idle",
  ),
  onTree("s6-svc -T without a wait", "s6-svc -T 5 -u web"),
];

export const cases: readonly Case[] = [...states, ...waits];
