// What keeps a script, a service or a program from running, told in one line each: what, why, and what to do. The kernel says
// "No such file or directory" of files that are there, and the number of a signal says nothing to people.

import { equal, match, ok } from "node:assert/strict";
import { byteString } from "../../lib/bytes.ts";
import { boot, ENGINE, runToEnd } from "../surroundings/container.ts";
import type { Given } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, quickly, type Root, root, start } from "../surroundings/quick.ts";

const script = (content: string, interpreter = "/bin/sh"): Given => ({
  content: `#!${interpreter}\n${content}\n`,
  mode: 0o755,
});
const program = (content: string): Given => ({ content, mode: 0o755 });

/** A program of this machine's whose loader is in no busybox image. */
const LINKED = byteString(await Deno.readFile("/bin/ls"));
const MACHINE = 18;
/** The same, said to be for a machine that is none. */
const FOREIGN = `${LINKED.slice(0, MACHINE)}\xf3\0${LINKED.slice(MACHINE + 2)}`;
const MARKED = "\xef\xbb\xbf#!/bin/sh\necho x\n";

interface Situation {
  readonly given: Given;
  readonly code: 126 | 127;
  readonly told: RegExp;
}

const LOADER = /the loader \/\S*ld-linux\S* is not in the image: it was built for a system with glibc \(take /;

const SITUATIONS: Readonly<Record<string, Situation>> = {
  "is a directory": {
    given: { directory: 0o755 },
    code: 126,
    told: /Permission denied: it is a directory, and nothing in it is looked for: /,
  },
  "is a link that leads nowhere": {
    given: { link: "/no/where" },
    code: 127,
    told: /No such file or directory: it is a link to \/no\/where, which does not exist$/,
  },
  "begins with a byte order mark": {
    given: program(MARKED),
    code: 126,
    told: /begins with a byte order mark, .* \(save it as UTF-8 without one\)$/,
  },
  "needs a loader that is not there": {
    given: program(LINKED),
    code: 127,
    told: new RegExp(`No such file or directory: it is there, but ${LOADER.source}`),
  },
  "has an interpreter whose loader is not there": {
    given: script("echo", "/opt/linked"),
    code: 127,
    told: new RegExp(`No such file or directory: its interpreter /opt/linked is there, but ${LOADER.source}`),
  },
  "is for another architecture": {
    given: program(FOREIGN),
    code: 126,
    told: /Exec format error: it is a program for riscv64, which does not run here: take the one for this machine's /,
  },
};

const nameOf = (what: string): string => what.replaceAll(" ", "-");

function files(): Record<string, Given> {
  const all: Record<string, Given> = { "opt/linked": program(LINKED) };
  for (const [what, { given }] of Object.entries(SITUATIONS)) {
    all[`etc/cont-init.d/${nameOf(what)}`] = given;
    all[`etc/services.d/${nameOf(what)}/run`] = given;
    all[`opt/${nameOf(what)}`] = given;
  }
  return all;
}

function story(name: string, given: Readonly<Record<string, Given>>, work: (root: Root) => Promise<void>): void {
  const fn = async (): Promise<void> => {
    await using made = await root(given);
    await work(made);
  };
  Deno.test({ name, ignore: !canIsolate, fn });
}

story("a script, a service and a command that cannot run say what is wrong with them", files(), async (root) => {
  const container = start(root, {});
  await container.printed("[services.d] done.\n");
  for (const [what, { told }] of Object.entries(SITUATIONS)) {
    const name = nameOf(what);
    await container.printed(`s6-supervise ${name}: warning: `);
    const lines = container.stderr.split("\n").filter((line) => line.includes(name));
    const beginnings = [
      `cont-init.d/${name}: fatal: unable to exec `,
      `s6-supervise ${name}: warning: unable to spawn`,
    ];
    equal(lines.length, beginnings.length, lines.join("\n"));
    for (const [at, beginning] of beginnings.entries()) {
      ok(lines[at]!.startsWith(beginning), lines[at]);
      match(lines[at]!, told, lines[at]);
    }
  }
  Deno.kill(container.pid, "SIGKILL");
  await limited(container);
  for (const [what, { told, code }] of Object.entries(SITUATIONS)) {
    const ended = await quickly(root, { argv: ["/init", `/opt/${nameOf(what)}`] });
    equal(ended.code, code, what);
    match(ended.stderr.split("\n").find((line) => line.startsWith("s6-overlay: fatal: unable to exec /opt/"))!, told);
  }
});

story("a program at the end of a chain says what is wrong with it, and under the chain's name", {
  "opt/linked": program(LINKED),
  "etc/cont-init.d/chain": script("s6-setuidgid nobody /opt/linked", "/command/execlineb -P"),
  "etc/cont-init.d/shell": script("s6-setuidgid nobody /opt/linked"),
}, async (root) => {
  const { stderr } = await quickly(root, { argv: ["/init", "true"] });
  const lines = stderr.trimEnd().split("\n");
  equal(lines.length, 2, stderr);
  for (const line of lines) {
    match(line, new RegExp(`^s6-setuidgid: fatal: unable to exec /opt/linked: .*${LOADER.source}`));
  }
});

story("entries of services.d that are no services are told of", {
  "etc/services.d/bare/data/file": "",
  "etc/services.d/broken": { link: "/no/where" },
}, async (root) => {
  const { stderr } = await quickly(root, { argv: ["/init", "true"] });
  match(stderr, /^services\.d: warning: \/etc\/services\.d\/bare has no run, which is what is started: put /m);
  match(stderr, /^services\.d: warning: \/etc\/services\.d\/broken is a link to \/no\/where, which does not exist: /m);
});

story("a logger that cannot make its directory names its service, its user and the directory", {
  "etc/services.d/web/run": script("exec sleep 1000"),
  "etc/services.d/web/log/run": script("exec logutil-service /var/log/web"),
}, async (root) => {
  const container = start(root, {});
  const cure = "mkdir -p /var/log/web && chown nobody /var/log/web\n";
  await container.printed(
    "s6-log: fatal: unable to mkdir /var/log/web: Permission denied: the logger of service web runs as user 65534 (nobody), " +
      `which may not write there: make it in a script of cont-init.d, ${cure}`,
  );
  Deno.kill(container.pid, "SIGKILL");
  await limited(container);
});

story("a longrun of s6-rc that cannot make its log directory has a oneshot for that named", {
  "etc/s6-overlay/s6-rc.d/log/type": "longrun\n",
  "etc/s6-overlay/s6-rc.d/log/run": script("exec logutil-service /var/log/web"),
  "etc/s6-overlay/user-bundles.d/user/contents.d/log": "",
}, async (root) => {
  const container = start(root, {});
  await container.printed(
    "s6-log: fatal: unable to mkdir /var/log/web: Permission denied: the logger of service log runs as ",
  );
  await container.printed(
    "make it in a oneshot that it depends on, mkdir -p /var/log/web && chown nobody /var/log/web\n",
  );
  Deno.kill(container.pid, "SIGKILL");
  await limited(container);
});

story("a command without a name is told from a directory", {}, async (root) => {
  const { code, stderr } = await quickly(root, { argv: ["/init", "", "x"] });
  equal(code, 126);
  match(stderr, /^s6-overlay: fatal: unable to exec : Permission denied: its name is empty, as where a variable /m);
});

story("what a signal has killed is told by the signal's number", {
  "etc/cont-init.d/1": script("kill -9 $$"),
  "etc/cont-finish.d/1": script("kill -15 $$"),
  "etc/cont-finish.d/2": script("exec sleep 1000"),
}, async (root) => {
  const environment = { S6_KILL_FINISH_MAXTIME: "100" };
  const { code, stdout } = await quickly(root, { environment, argv: ["/init", "sh", "-c", "kill -9 $$"] });
  equal(code, 137);
  match(stdout, /^\[cont-init\.d\] 1: exited 265 \(killed by signal 9\)\.$/m);
  match(stdout, /^\[cmd\] sh exited 265 \(killed by signal 9\)$/m);
  match(stdout, /^\[cont-finish\.d\] 1: exited 111 \(killed by signal 15\)\.$/m);
  match(stdout, /^\[cont-finish\.d\] 2: exited 99 \(killed as its time was over\)\.$/m);
});

story("a profile that is missing is told of, with those that are there", {
  "etc/cont-profile.d/web/services.d/x/run": script("exec sleep 1000"),
  "etc/cont-profile.d/db/services.d/x/run": script("exec sleep 1000"),
}, async (root) => {
  const with_ = (profile: string): ReturnType<typeof quickly> =>
    quickly(root, { environment: { S6_RUNTIME_PROFILE: profile }, argv: ["/init", "true"] });
  match(
    (await with_("wbe")).stderr,
    /^s6-init: warning: S6_RUNTIME_PROFILE is "wbe", but there is no directory \/etc\/cont-profile\.d\/wbe: .*has db, web$/m,
  );
  equal((await with_("web")).stderr, "");
});

story("a variable that is no setting is told of, with the one that may be meant", {}, async (root) => {
  const environment = { S6_KILL_GRACE_TIME: "3", S6_OVERLAY_VERSION: "3", S6_VERBOSITY: "2", S6_SIGNAL_HUP: "ignore" };
  const { stderr } = await quickly(root, { environment, argv: ["/init", "true"] });
  const line =
    "s6-overlay: warning: S6_KILL_GRACE_TIME is not a setting and has no effect; did you mean S6_KILL_GRACETIME?\n";
  equal(stderr, line);
});

Deno.test({
  name: "another user's script that root may not touch, without capabilities, is reported with its owner and mode",
  ignore: ENGINE === "namespaces",
  fn: async () => {
    const files = {
      "etc/cont-init.d/theirs": script("echo x"),
      "etc/services.d/theirs/run": script("exec sleep 1000"),
    };
    const prepare = "for file in /etc/cont-init.d/theirs /etc/services.d/theirs/run; do " +
      "chown 1000:1000 $file; chmod 700 $file; done";
    const setting = { withoutCapabilities: true, files, prepare };
    const told = /theirs.*belongs to user 1000 and has mode 0700.*\(chmod 755 it, .*DAC_OVERRIDE/;
    const { stderr } = await runToEnd({ ...setting, arguments: ["true"] });
    match(stderr, told);
    await using container = await boot(setting);
    await container.printed("services.d: warning: theirs: ");
    match(container.stderr, /^services\.d: warning: theirs: .*belongs to user 1000 and has mode 0700/m);
  },
});
