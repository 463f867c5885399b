// Signals to process 1 of an image of generation 3, and a command that receives them.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { firstProcess, limited, type Root, start } from "../surroundings/quick.ts";
import { insideOf } from "../surroundings/inside.ts";
import { SIGNALS } from "../../lib/overlay/signals/signals.ts";
import { oneshotFiles, scriptFile, story, user } from "./generation_3.ts";

const LATER = { ...oneshotFiles("a"), ...user("a"), "etc/cont-finish.d/1": scriptFile("echo the last script") };
const RECEIVED = { S6_CMD_RECEIVE_SIGNALS: "1" };
const STAY = "while :; do sleep 0.01; done";
/** Says what it hears, and ends with 9 for one signal. */
const hearing = (end: string): string =>
  Object.keys(SIGNALS).filter((name) => name !== "RTMIN3").map((name) =>
    `trap 'echo heard ${name}; ${name === end ? "exit 9" : ""}' ${name}`
  ).join("; ");

interface Live {
  readonly container: ReturnType<typeof start>;
  readonly send: (name: string) => void;
}

async function up(root: Root, command: string, environment: Readonly<Record<string, string>>): Promise<Live> {
  const container = start(root, { argv: ["/init", "/bin/sh", "-c", command], environment });
  await container.printed("begun\n");
  const pid = await firstProcess(container);
  return { container, send: (name) => Deno.kill(pid, `SIG${name}` as Deno.Signal) };
}

story(
  "a command that receives signals gets each of them, INT as well, and its code is the container's",
  LATER,
  async (root) => {
    const { container, send } = await up(root, `${hearing("TERM")}; echo begun; ${STAY}`, RECEIVED);
    for (const name of ["USR1", "USR2", "PWR", "WINCH", "QUIT", "INT", "TERM"]) {
      send(name);
      await container.printed(`heard ${name}\n`);
    }
    const { code, stdout } = await limited(container);
    equal(code, 9, stdout);
    match(stdout, /heard TERM\n(.*\n)*the last script\n/);
  },
);

story("one that does not heed the signal by which containers are stopped ends all the same", LATER, async (root) => {
  const environment = { ...RECEIVED, S6_SERVICES_GRACETIME: "300", S6_KILL_GRACETIME: "300" };
  const { container, send } = await up(root, `${hearing("")}; echo begun; ${STAY}`, environment);
  send("TERM");
  const { code, stdout, stderr, cause } = await limited(container, 20_000);
  deepEqual([code, cause], [0, "TERM"]);
  match(stdout, /heard TERM\n(.*\n)*the last script\n/);
  match(stderr, /^s6-overlay: info: the command has not ended within 300 ms of TERM: stopping the container$/m);
});

story("where the command has not begun, or is none, the signal has its usual effect", {
  ...LATER,
  "etc/cont-init.d/1": scriptFile(`echo begun; ${STAY}`),
}, async (root) => {
  const { container, send } = await up(root, "echo the command", RECEIVED);
  send("TERM");
  const { stdout } = await limited(container);
  ok(!stdout.includes("the command"), stdout);
  match(stdout, /the last script/);
});

for (const name of ["TERM", "INT", "QUIT", "USR1", "USR2", "PWR", "WINCH"]) {
  story(`${name} stops a container of generation 3, whose exit code is 0`, LATER, async (root) => {
    const { container, send } = await up(root, `echo begun; ${STAY}`, {});
    send(name);
    const { code, stdout, cause } = await limited(container);
    deepEqual([code, cause], [0, name]);
    match(stdout, /the last script/);
  });
}

const ORDER: readonly (readonly [string, Readonly<Record<string, string>>, file: boolean, heard: RegExp])[] = [
  ["a setting comes first", { ...RECEIVED, S6_SIGNAL_USR1: "send USR2 command" }, true, /^heard USR2$/m],
  ["then a file", RECEIVED, true, /^the file$/m],
  ["then the command that receives signals", RECEIVED, false, /^heard USR1$/m],
];

for (const [what, environment, hasFile, heard] of ORDER) {
  story(`what a signal means: ${what}`, LATER, async (root) => {
    const file = "/run/service/.s6-svscan/SIGUSR1";
    const lay = `printf '#!/bin/sh\\necho the file\\n' >${file}; chmod 755 ${file}`;
    const command = `${hearing("TERM")}; ${hasFile ? lay : ":"}; echo begun; ${STAY}`;
    const { container, send } = await up(root, command, environment);
    send("USR1");
    await container.printed(/[a-zA-Z].*/.exec(heard.source)![0].replace("$", "\n"));
    send("TERM");
    const { code, stdout } = await limited(container);
    deepEqual([code, ["heard USR1", "heard USR2", "the file"].filter((line) => stdout.includes(`${line}\n`)).length], [
      9,
      1,
    ], stdout);
  });
}

const RECEIVABLE = ["TERM", "QUIT", "INT", "USR1", "USR2", "PWR", "WINCH"];

story("so it is for each signal: the command that receives it, a file, a setting", LATER, async (root) => {
  const files = "/run/service/.s6-svscan";
  // The files and the settings come while the container runs, one kind after the other.
  const command = `${hearing("")}; echo begun; until [ -e /run/files ]; do sleep 0.01; done
    for name in ${RECEIVABLE.join(" ")}; do
      printf '#!/bin/sh\necho file %s\n' $name >${files}/SIG$name; chmod 755 ${files}/SIG$name
    done; echo files are there; until [ -e /run/settings ]; do sleep 0.01; done
    for name in ${RECEIVABLE.join(" ")}; do
      printf 'send ALRM command' >/run/s6/container_environment/S6_SIGNAL_$name
    done; trap 'echo heard the setting' ALRM; echo settings are there; ${STAY}`;
  const environment = { ...RECEIVED, S6_SERVICES_GRACETIME: "50000", S6_KILL_GRACETIME: "200" };
  const { container, send } = await up(root, `${command}`, environment);
  const inside = await insideOf(container);
  for (const name of RECEIVABLE) {
    send(name);
    await container.printed(`heard ${name}\n`);
  }
  await inside.sh("touch /run/files");
  await container.printed("files are there\n");
  for (const name of RECEIVABLE) {
    send(name);
    await container.printed(`file ${name}\n`);
  }
  await inside.sh("touch /run/settings");
  await container.printed("settings are there\n");
  for (const [count] of RECEIVABLE.entries()) {
    send(RECEIVABLE[count]!);
    await container.printed("heard the setting\n", count + 1);
  }
  await inside.sh("/run/s6/basedir/bin/halt");
  const { stdout, stderr } = await limited(container, 60_000);
  const told = stdout.slice(0, stdout.lastIndexOf("heard the setting"));
  for (const name of RECEIVABLE) {
    equal(told.match(new RegExp(`^(?:heard|file) ${name}$`, "gm"))?.length, 2, stdout + stderr);
  }
});

story("in an image of generation 2 a command receives no signal by that setting", {
  "etc/cont-finish.d/1": scriptFile("echo the last script"),
}, async (root) => {
  const { container, send } = await up(root, `${hearing("TERM")}; echo begun; ${STAY}`, RECEIVED);
  send("TERM");
  const { code, stdout } = await limited(container);
  equal(code, 0);
  ok(stdout.indexOf("the last script") < stdout.indexOf("heard TERM"), stdout);
});
