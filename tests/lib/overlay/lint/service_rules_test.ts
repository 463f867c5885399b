// What is wrong with service directories.

import { deepEqual } from "node:assert/strict";
import { checkRules, IMAGE, lintRoot, type RuleCase, RUN, withTree } from "./linted.ts";

const WEB = "etc/services.d/web";

/** For each parameter file what is refused, in words, and what is as it should be. */
const PARAMETERS: Readonly<Record<string, readonly [bad: string, told: string, good: string]>> = {
  "timeout-kill": ["5s\n", '"5s" is not a number of milliseconds, and is passed over', "5000\n"],
  "timeout-finish": ["-1\n", '"-1" is not a number of milliseconds, and is passed over', "0"],
  "max-death-tally": ["many", '"many" is not a number of deaths, and is passed over', "10\nmore\n"],
  "notification-fd": [" 3\n", '" 3" is not the number of a descriptor, and is passed over', "3\n"],
  "lock-fd": ["3\r\n", '"3\\x0d" is not the number of a descriptor, and is passed over', "4\n"],
  "down-signal": ["SIGNONE\n", '"SIGNONE" is not a signal, and is passed over', "SIGQUIT\n"],
  "reload-signal": ["65\n", '"65" is not a signal, and is passed over', "hup\n"],
  "data/overlay/notify-socket": ["exec\n", '"exec" is neither main nor all, and is taken for main', "all\n"],
};

const OF_PARAMETERS = Object.entries(PARAMETERS).map(([file, [bad, told, good]]): RuleCase => ({
  name: `${file} that says nothing is an error`,
  tree: { [`${WEB}/run`]: RUN, [`${WEB}/${file}`]: bad },
  finds: [`error parameter /${WEB}/${file}:1: ${told}`],
  mended: { [`${WEB}/${file}`]: good },
}));

checkRules([
  {
    name: "a service without run is an error",
    tree: { [`${WEB}/finish`]: RUN },
    finds: [`error no-run /${WEB}: has no run, which is what is started`],
    mended: { [`${WEB}/run`]: RUN },
  },
  {
    name: "a service of a profile, and one of the scan directory, needs a run too",
    tree: {
      "etc/cont-profile.d/test/services.d/x": { directory: 0o755 },
      "etc/s6/services/db": { directory: 0o755 },
      "etc/s6/services/s6-fdholderd/down": "",
      "etc/s6/services/s6-svscan-log/data/x": "",
      "etc/services.d/.hidden/x": "",
    },
    finds: [
      "error no-run /etc/cont-profile.d/test/services.d/x: has no run, which is what is started",
      "error no-run /etc/s6/services/db: has no run, which is what is started",
    ],
  },
  {
    name: "a logger without run is an error",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/log`]: { directory: 0o755 } },
    finds: [
      `error no-run /${WEB}/log: has no run: what the service prints is read by nothing, and it waits when the pipe is full`,
    ],
    mended: { [`${WEB}/log/run`]: RUN },
  },
  {
    name: "a file in the place of a logger's directory is an error",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/log`]: "" },
    finds: [`error no-logger /${WEB}/log: is a file, and no logger: one is a directory with a run of its own`],
  },
  {
    name: "a link to nothing in the place of a logger's directory is an error",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/log`]: { link: "/opt/log" } },
    finds: [`error no-logger /${WEB}/log: is a link to /opt/log, which is no directory: the service has no logger`],
    mended: { "opt/log/run": RUN },
  },
  ...OF_PARAMETERS,
  {
    name: "a directory in the place of a parameter is an error",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/timeout-kill`]: { directory: 0o755 } },
    finds: [`error parameter /${WEB}/timeout-kill: is a directory, and is passed over`],
  },
  ...[0, 1, 2].map((fd): RuleCase => ({
    name: `a notification-fd of ${fd} is an error`,
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/notification-fd`]: `${fd}\n` },
    finds: [
      `error notification-fd /${WEB}/notification-fd:1: ${fd} is standard ${
        ["input", "output", "error"][fd]
      } of run, which is replaced by the pipe on which it tells that it is ready`,
    ],
    mended: { [`${WEB}/notification-fd`]: "3" },
  })),
  {
    name: "a descriptor that few containers have is a warning",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/notification-fd`]: "1024\n" },
    finds: [
      `warning notification-fd /${WEB}/notification-fd:1: 1024 is beyond the limit of open files that is usual in containers, ` +
      "1024: run is not started",
    ],
    mended: { [`${WEB}/notification-fd`]: "1023\n" },
  },
  {
    name: "a lock-fd below 3 is an error",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/lock-fd`]: "1\n" },
    finds: [`error lock-fd /${WEB}/lock-fd:1: 1 is standard output of run, which is replaced by the lock`],
  },
  {
    name: "one descriptor for two purposes is an error",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/lock-fd`]: "3\n", [`${WEB}/notification-fd`]: "3\n" },
    finds: [`error same-descriptor /${WEB}/lock-fd:1: is the same as notification-fd, and the service is not started`],
    mended: { [`${WEB}/lock-fd`]: "4\n" },
  },
  {
    name: "a watchdog that is no number is an error",
    tree: {
      [`${WEB}/run`]: RUN,
      [`${WEB}/data/overlay/notify-socket`]: "",
      [`${WEB}/data/overlay/watchdog`]: "2s\n",
    },
    finds: [
      `error parameter /${WEB}/data/overlay/watchdog:1: "2s" is not a number of milliseconds, and is passed over`,
    ],
    mended: { [`${WEB}/data/overlay/watchdog`]: "2000\n" },
  },
  {
    name: "a watchdog without a notify-socket is an error",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/data/overlay/watchdog`]: "2000\n" },
    finds: [
      `error watchdog /${WEB}/data/overlay/watchdog: is passed over: without notify-socket beside it the service ` +
      "cannot tell that it is alive",
    ],
    mended: { [`${WEB}/data/overlay/notify-socket`]: "" },
  },
  {
    name: "a file of data/overlay that means nothing is a warning",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/data/overlay/notify_socket`]: "" },
    finds: [`warning overlay-file /${WEB}/data/overlay/notify_socket: means nothing`],
  },
  {
    name: "what is no condition is an error",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/data/overlay/enabled-if`]: "WEB\nWEB = yes\n" },
    finds: [`error conditions /${WEB}/data/overlay/enabled-if: "WEB = yes" is no condition`],
    mended: { [`${WEB}/data/overlay/enabled-if`]: "WEB\nWEB=yes\n" },
  },
  {
    name: "more deaths than are remembered are a warning",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/max-death-tally`]: "4097\n" },
    finds: [`warning death-tally /${WEB}/max-death-tally:1: more than 4096 deaths are not remembered`],
    mended: { [`${WEB}/max-death-tally`]: "4096\n" },
  },
  {
    name: "a service of more than 16 MiB is an error",
    tree: { [`${WEB}/run`]: RUN, [`${WEB}/data/x/large`]: "x".repeat(16 * 1024 * 1024) },
    finds: [`error too-large /${WEB}: has more than 16 MiB, and is not started`],
    mended: { [`${WEB}/data/x/large`]: "" },
  },
  {
    name: "a service with all that it may have is as it should be",
    tree: {
      [`${WEB}/run`]: RUN,
      [`${WEB}/finish`]: RUN,
      [`${WEB}/down`]: "",
      [`${WEB}/essential`]: "",
      [`${WEB}/flag-newpidns`]: "",
      [`${WEB}/log/run`]: RUN,
      [`${WEB}/log/notification-fd`]: "3\n",
      [`${WEB}/data/notification-fd`]: "none",
      [`${WEB}/data/overlay/notify-socket`]: "main\n",
      [`${WEB}/data/overlay/watchdog`]: "30000\n",
      [`${WEB}/env/S6_X`]: "",
    },
    finds: [],
  },
]);

Deno.test("the cure of a value is for what is wrong with it", () => {
  const cureOf = (file: string, value: string): string[] => {
    const tree = { ...IMAGE, [`${WEB}/run`]: RUN, [`${WEB}/${file}`]: value };
    return withTree(tree, (root) => lintRoot(root).findings.map(({ cure }) => cure));
  };
  for (const blank of ["timeout-kill", "down-signal"]) deepEqual(cureOf(blank, " 5 "), ["write it without blanks"]);
  deepEqual(cureOf("timeout-kill", "-1"), ["write the number of milliseconds, and nothing else"]);
  deepEqual(cureOf("timeout-kill", "4294967296"), ["write a smaller number"]);
  deepEqual(cureOf("down-signal", "0"), ["write the name of a signal, as TERM or QUIT"]);
});
