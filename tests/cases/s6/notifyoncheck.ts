// Rows for cli/s6/notifyoncheck.ts, each a service under Debian's own s6-supervise that has the tried tool in its run.

import type { Case, Given } from "../../rows/harness.ts";

const CHECK = "echo x >>log; test $(wc -l <log) -ge 3";
const script = (text: string): Given => ({ content: `#!/bin/sh\n${text}\n`, mode: 0o755 });

/** Starts the service, does something, and ends it. */
function service(name: string, run: string, steps: string, files: Case["files"] = {}): Case {
  return {
    name,
    argv: [
      "sh",
      "-c",
      // It answers a moment before there is a status to read.
      `/usr/bin/s6-supervise web 2>/dev/null & until /usr/bin/s6-svstat web >/dev/null 2>&1; do sleep 0.05; done
${steps}
/usr/bin/s6-svc -dx web; wait $!`,
    ],
    files: { "web/run": script(run), "web/notification-fd": "3\n", "web/data/check": script(CHECK), ...files },
    leaves: ["web/log"],
  };
}

const READY = "/usr/bin/s6-svwait -U -t 5000 web; echo $?; /usr/bin/s6-svstat -o up,ready web";
const DAEMON = "sh -c 'echo daemon; exec sleep 100'";

export const cases: readonly Case[] = [
  service("s6-notifyoncheck notifies when the check succeeds", `exec s6-notifyoncheck -w 50 ${DAEMON}`, READY),
  service(
    "s6-notifyoncheck goes on when its program has ended and the service lives",
    "s6-notifyoncheck -w 50 echo waiting | cat\nexec sleep 100",
    READY,
  ),
  service(
    "s6-notifyoncheck in the background goes on too",
    "s6-notifyoncheck -w 50 true &\nexec sleep 100",
    READY,
  ),
  service(
    "s6-notifyoncheck runs the daemon in its own process",
    `echo $$ >pid; exec s6-notifyoncheck -w 50 ${DAEMON}`,
    `${READY}
test "$(cat web/pid)" = "$(/usr/bin/s6-svstat -p web)"; echo $?`,
  ),
  service(
    "s6-notifyoncheck -d detaches its watcher",
    `exec s6-notifyoncheck -d -w 50 ${DAEMON}`,
    `${READY}
ls /proc/$(/usr/bin/s6-svstat -p web)/task/*/children | xargs cat | wc -w`,
  ),
  service(
    "s6-notifyoncheck -c runs a command of execline",
    `exec s6-notifyoncheck -c 'redirfd -w 1 log echo hi' ${DAEMON}`,
    READY,
  ),
  service("s6-notifyoncheck -3 names the descriptor", `exec s6-notifyoncheck -3 5 -w 50 ${DAEMON} 5>&3 3>&-`, READY),
  service(
    "s6-notifyoncheck -n gives up",
    `exec s6-notifyoncheck -n 2 -w 50 ${DAEMON}`,
    `until test "$(cat web/log 2>/dev/null | wc -l)" = 2; do sleep 0.05; done
/usr/bin/s6-svwait -U -t 2000 web; echo $?`,
  ),
  {
    ...service(
      "s6-notifyoncheck says that it gives up",
      `exec 2>warned; exec s6-notifyoncheck -n 2 -w 50 ${DAEMON}`,
      `/usr/bin/s6-svwait -U -t 2000 web; echo $?; cat web/warned`,
    ),
    exception: "the original says nothing, and nobody knows why the service is never ready",
    expect: {
      stdout:
        "daemon\n99\ns6-notifyoncheck: warning: gave up after 2 checks that failed: it is not told that the service is ready " +
        "(-n 0 checks as often as it takes)\n",
    },
  },
  service("s6-notifyoncheck -t ends a check", `exec s6-notifyoncheck -t 300 -w 10 ${DAEMON}`, READY, {
    "web/data/check": script("echo x >>log; test $(wc -l <log) -ge 2 || exec sleep 100 >/dev/null 2>&1"),
  }),
  service(
    "s6-notifyoncheck -s sleeps before the first check",
    `exec s6-notifyoncheck -s 100000 ${DAEMON}`,
    "/usr/bin/s6-svwait -U -t 2000 web; echo $?; ls web/log",
  ),
  service(
    "s6-notifyoncheck -T is a limit for all",
    `exec s6-notifyoncheck -T 150 -w 20 -n 0 ${DAEMON}`,
    "/usr/bin/s6-svwait -U -t 3000 web; echo $?; : >web/ok; /usr/bin/s6-svwait -U -t 2000 web; echo $?",
    { "web/data/check": script("test -e ok") },
  ),
  service(
    "s6-notifyoncheck -n 0 never gives up",
    `exec s6-notifyoncheck -n 0 -w 10 ${DAEMON}`,
    READY,
    { "web/data/check": script("echo x >>log; test $(wc -l <log) -ge 10") },
  ),
  service(
    "s6-notifyoncheck takes the descriptor from the first line of its file",
    `exec s6-notifyoncheck -w 20 ${DAEMON}`,
    READY,
    { "web/notification-fd": "4\nmore\n" },
  ),
  service(
    "s6-notifyoncheck hides the descriptor from the daemon",
    "exec s6-notifyoncheck -w 20 sh -c 'ls /proc/self/fd >fds; exec sleep 100'",
    `${READY}; cat web/fds`,
  ),
  {
    name: "s6-notifyoncheck without a supervisor",
    argv: ["s6-notifyoncheck", "true"],
    files: { "notification-fd": "3" },
    stderr: true,
  },
  { name: "s6-notifyoncheck without a program", argv: ["s6-notifyoncheck", "-d"], stderr: true },
  { name: "s6-notifyoncheck -n of a word", argv: ["s6-notifyoncheck", "-n", "x", "true"], stderr: true },
];
