// S6_OUTPUT: whose a line is, in all its forms, and that nothing of it is there where it is not asked for.

import { shell } from "../rows/harness.ts";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { boot } from "../surroundings/container.ts";
import type { Given } from "../rows/harness.ts";
import { command, complete, linesBehind, QUIET, RELAY, say, STAY, untilThere, WITH_NAMES } from "./named_lines.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { quickly, type Root, root, start } from "../surroundings/quick.ts";

const ignore = !canIsolate;

interface LineObject {
  readonly time: string;
  readonly service: string;
  readonly stream: string;
  readonly text: string;
  readonly partial?: boolean;
}

function objectsIn(text: string): LineObject[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test({
  name: "every line of services, their finish scripts, the container's scripts and the command has a name in front",
  ignore,
  fn: async () => {
    await using image = await root({
      "etc/cont-init.d/10-first": shell("echo one; echo two >&2"),
      "etc/services.d/web/run": shell(
        "echo three; echo four >&2; touch /run/up",
        "sleep 1000 & trap 'exit 7' TERM; wait",
      ),
      "etc/services.d/web/finish": shell("echo $1"),
      "etc/services.d/logged/run": shell("echo inside; echo outside >&2; touch /run/outside", STAY),
      "etc/services.d/logged/log/run": shell('while read -r line; do echo "<$line>"; done'),
      "etc/cont-finish.d/90-last": shell("echo five"),
    });
    const run = command(`${untilThere("/run/up")}; ${untilThere("/run/outside")}; echo six; echo seven >&2`);
    const { code, stdout, stderr, cause } = await quickly(image, { environment: WITH_NAMES, ...run });
    deepEqual([code, cause], [0, "the command exited 0"]);
    deepEqual(stdout.split("\n").sort(), [
      "",
      "cmd: six",
      "cont-finish.d/90-last: five",
      "cont-init.d/10-first: one",
      "logged/log: <inside>",
      "web: 7",
      "web: three",
    ]);
    deepEqual(stderr.split("\n").sort(), [
      "",
      "cmd: seven",
      "cont-init.d/10-first: two",
      "logged: outside",
      "web: four",
    ]);
  },
});

Deno.test({
  name: "what a script has printed comes before the line about its end",
  ignore,
  fn: async () => {
    const scripts = Array.from({ length: 10 }, (_, at): [string, Given] => [
      `etc/cont-init.d/${at}`,
      shell(`echo from ${at}; echo more`, "sleep 1000 &"),
    ]);
    await using image = await root(Object.fromEntries(scripts));
    const { stdout } = await quickly(image, { environment: { S6_OUTPUT: "prefix" }, ...command("echo said") });
    for (let at = 0; at < 10; at++) {
      const lines = [`[cont-init.d] ${at}: executing... `, `cont-init.d/${at}: from ${at}`, `cont-init.d/${at}: more`];
      ok(stdout.includes(`${[...lines, `[cont-init.d] ${at}: exited 0.`].join("\n")}\n`), stdout);
    }
    ok(stdout.includes("cmd: said\n[cmd] /bin/sh exited 0\n"), stdout);
  },
});

/** What the catch-all logger has. */
async function logged(
  image: Root,
  logging: string,
  mode: string,
): Promise<{ log: string; stdout: string; stderr: string }> {
  const environment = { ...QUIET, S6_OUTPUT: mode, S6_LOGGING: logging, S6_LOGGING_SCRIPT: "n20 s16000000" };
  const { code, stdout, stderr } = await quickly(image, {
    environment,
    ...command(untilThere("/run/up"), "echo said; echo bad >&2"),
  });
  equal(code, 0, stderr);
  const directory = `${image.path}/var/log/s6-uncaught-logs`;
  const log = await Deno.readTextFile(`${directory}/current`);
  await Deno.remove(directory, { recursive: true });
  return { log, stdout, stderr };
}

Deno.test({
  name: "lines have their names in the catch-all logger too, and the command keeps the container's output if it is to",
  ignore,
  fn: async () => {
    await using image = await root({
      "etc/services.d/web/run": shell(`${say("out", 10_000)}; ${say("err", 10_000)} >&2; touch /run/up`, STAY),
    });
    for (const logging of ["1", "2"]) {
      const { log, stdout, stderr } = await logged(image, logging, "prefix");
      complete(linesBehind(log, "web: "), "out", 10_000);
      complete(linesBehind(log, "web: "), "err", 10_000);
      const commands = [linesBehind(log, "cmd: "), linesBehind(stdout, "cmd: "), linesBehind(stderr, "cmd: ")].map((
        all,
      ) => all.sort());
      deepEqual(commands, logging === "1" ? [[], ["said"], ["bad"]] : [["bad", "said"], [], []]);
    }
    const { log } = await logged(image, "2", "json");
    for (const line of log.trimEnd().split("\n")) JSON.parse(line);
    ok(log.includes('"service":"cmd","stream":"stderr","text":"bad"}\n'), log.slice(-500));
  },
});

Deno.test({
  name: "as objects, everything is one, up to the last line",
  ignore,
  fn: async () => {
    await using image = await root({
      "etc/fix-attrs.d/1": "/etc/passwd false root 0644 0755\n",
      "etc/cont-init.d/1": shell("printf 'no end'"),
      "etc/cont-init.d/2": "#!/no/interpreter\n",
      "etc/services.d/web/run": shell("echo out; echo err >&2; touch /run/up", STAY),
    });
    const environment = { S6_OUTPUT: "json", S6_VERBOSITY: "5", S6_BEHAVIOUR_IF_STAGE2_FAILS: "1" };
    const { code, stdout, stderr } = await quickly(image, { environment, ...command(untilThere("/run/up"), "exit 3") });
    equal(code, 3);
    const [out, err] = [stdout, stderr].map(objectsIn);
    for (const { time, stream, service, text } of [...out!, ...err!]) {
      deepEqual([typeof service, typeof text, /^20..-..-..T..:..:..\.[0-9]{6}Z$/.test(time)], [
        "string",
        "string",
        true,
      ]);
      ok(stream === "stdout" || stream === "stderr");
    }
    ok(out!.every(({ stream }) => stream === "stdout") && err!.every(({ stream }) => stream === "stderr"));
    equal(out!.find(({ service }) => service === "cont-init.d/1")?.partial, true);
    equal(err!.at(-1)?.text, "s6-overlay: info: stopping: the command exited 3");
  },
});

Deno.test({
  name: "what the relay complains of is an object too",
  ignore,
  fn: async () => {
    await using image = await root({ "etc/services.d/web/run": shell("echo out; touch /run/up", STAY) });
    const environment = { S6_OUTPUT: "json" };
    const [program, ...args] = command(untilThere("/run/up")).argv!;
    const argv = ["/bin/sh", "-c", 'exec "$@" >/dev/full', "full", program!, ...args];
    const { code, stderr } = await quickly(image, { environment, argv });
    equal(code, 0, stderr);
    const lost = objectsIn(stderr).filter(({ text }) => text.includes("is printed on descriptor 1 is lost"));
    deepEqual(lost.map(({ service }) => service), ["s6-overlay"], stderr);
  },
});

Deno.test({
  name: "whatever bytes are printed, they are in objects",
  ignore,
  fn: async () => {
    await using image = await root({
      "etc/services.d/web/run": shell(
        "head -c 1000000 /bin/busybox; head -c 300000 /bin/busybox >&2; touch /run/up",
        STAY,
      ),
    });
    const environment = { S6_OUTPUT: "json", S6_VERBOSITY: "5" };
    const { stdout, stderr } = await quickly(image, { environment, ...command(untilThere("/run/up")) });
    const file = await Deno.readFile(`${image.path}/bin/busybox`);
    for (const [text, size] of [[stdout, 1_000_000], [stderr, 300_000]] as const) {
      const printed = objectsIn(text).filter(({ service }) => service === "web")
        .map(({ text, partial }) => partial ? text : `${text}\n`);
      const binary = new TextDecoder().decode(file.subarray(0, size));
      equal(printed.join("").replaceAll("\ufffd", ""), binary.replaceAll("\ufffd", ""));
    }
  },
});

Deno.test({
  name: "a question without an end of line is printed when nothing follows",
  ignore,
  fn: async () => {
    await using image = await root({});
    const container = start(image, {
      environment: WITH_NAMES,
      ...command("printf 'which? '; until [ -e /run/go ]; do usleep 10000; done"),
    });
    await container.printed("cmd: which? \n");
    Deno.kill(container.pid, "SIGKILL");
    await container.ended;
  },
});

Deno.test({
  name: "a service of another user can open its standard output anew, and what it leaves behind still has its name",
  ignore,
  fn: async () => {
    // What is left behind goes on when its service has ended for good.
    const left = "(until [ -e /tmp/ended ]; do usleep 10000; done; echo left; touch /tmp/up) &";
    const run = `exec s6-setuidgid nobody sh -c 'echo anew >/dev/stdout; ${left} exit'`;
    await using image = await root({
      "etc/services.d/web/run": shell(run),
      "tmp/keep": "",
      "etc/services.d/web/finish": shell("touch /tmp/ended; exit 125"),
    });
    await Deno.chmod(`${image.path}/tmp`, 0o1777);
    const { stdout, stderr } = await quickly(image, { environment: WITH_NAMES, ...command(untilThere("/tmp/up")) });
    deepEqual(linesBehind(stdout, "web: "), ["anew", "left"], stderr);
  },
});

Deno.test({
  name: "plain is as it was: services have the container's own descriptors, and there is no further process",
  ignore,
  fn: async () => {
    const show = "ls -l /proc/$$/fd | sed -n 's/.* \\([12]\\) -> /\\1 /p' >/run/own";
    await using image = await root({ "etc/services.d/web/run": shell(`${show}; touch /run/up`, STAY) });
    const compare =
      "ls -l /proc/1/fd | sed -n 's/.* \\([12]\\) -> /\\1 /p' >/run/first; cmp /run/own /run/first && echo same";
    const run = command(RELAY, untilThere("/run/up"), compare, "echo relays: $(relay)", "ls /proc/1/fd | wc -l");
    const of = async (output: Record<string, string>): Promise<string> =>
      (await quickly(image, { environment: { ...QUIET, ...output }, ...run })).stdout;
    const [plain, unset] = [await of({ S6_OUTPUT: "plain" }), await of({})];
    match(plain, /^same\nrelays:\n[0-9]+\n$/);
    equal(plain, unset);
  },
});

Deno.test({
  name: "a value that is none is told once, with those that there are",
  ignore,
  fn: async () => {
    await using image = await root({});
    const { stdout, stderr } = await quickly(image, {
      environment: { ...QUIET, S6_OUTPUT: "xml" },
      ...command("echo a"),
    });
    equal(stdout, "a\n");
    deepEqual(stderr.split("\n").filter((line) => line.includes("warning")), [
      's6-overlay: warning: S6_OUTPUT="xml": it can be plain, prefix, json; using the default, plain',
    ]);
  },
});

Deno.test({
  name: "where descriptors run out, services start all the same, and one line tells whose lines have no name",
  ignore,
  fn: async () => {
    const names = Array.from({ length: 12 }, (_, at) => `n${at}`);
    await using image = await root(Object.fromEntries(
      names.map((name): [string, Given] => [
        `etc/services.d/${name}/run`,
        shell(`echo "<${name}>"; : >/run/said-${name}`, STAY),
      ]),
    ));
    const said = names.map((name) => untilThere(`/run/said-${name}`)).join("; ");
    const run = `s6-svwait -t 20000 -u /run/s6/services/n*; echo waited $?; ${said}`;
    const argv = ["/bin/sh", "-c", `ulimit -n 128 && exec /init sh -c '${run}'`];
    const { code, stdout, stderr } = await quickly(image, { environment: WITH_NAMES, argv });
    equal(code, 0, stderr);
    match(stdout, /^(cmd: )?waited 0$/m);
    for (const name of names) ok(stdout.includes(`<${name}>\n`), stdout + stderr);
    const told = stderr.split("\n").filter((line) => line.includes("no descriptors are left"));
    ok(told.length > 0, stdout + stderr);
    equal(new Set(told).size, told.length, stderr);
  },
});

Deno.test("a command at a terminal keeps it, while services have their names", async () => {
  await using container = await boot({
    terminal: true,
    environment: { ...WITH_NAMES, TERM: "vt100" },
    arguments: ["/bin/sh"],
    files: { "etc/services.d/web/run": "#!/bin/sh\necho three; exec sleep 1000\n" },
  });
  await container.printed("web: three");
  await container.type("test -t 0 -a -t 1 -a -t 2 && echo terminal-$((1+2))\n");
  await container.printed("terminal-3");
  await container.type("exit 4\n");
  const { code, stdout } = await container.ended;
  equal(code, 4);
  ok(!stdout.includes("cmd: "), stdout);
});
