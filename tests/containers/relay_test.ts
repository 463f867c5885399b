// S6_OUTPUT: whose a line is, that none is lost, doubled or mixed with another, whatever becomes of the relay and of its
// reader, and that nothing of it is there where it is not asked for.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Given } from "../harness.ts";
import { canIsolate } from "../namespace.ts";
import { boot } from "../container.ts";
import { commandLine, limited, type Quick, quickly, type Root, root, start } from "../quick.ts";

const ignore = !canIsolate;
const QUIET = { S6_VERBOSITY: "1" };
const PREFIX = { ...QUIET, S6_OUTPUT: "prefix" };
const JSON_LINES = { S6_OUTPUT: "json" };
const STAY = "exec sleep 1000";
const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

/** Says `count` lines of 100 bytes with their number, and what they are. */
const say = (what: string, count: number): string =>
  `seq -w 1 ${count} | sed "s/$/ ${what} ${"x".repeat(97 - what.length - String(count).length)}/"`;
const RELAY = "relay() { grep -l ^/command/s6-overlay-relay /proc/[1-9]*/cmdline 2>/dev/null | cut -d/ -f3; }";

/** The lines that begin so, without that. */
function linesOf(text: string, begin: string): string[] {
  return text.split("\n").filter((line) => line.startsWith(begin)).map((line) => line.slice(begin.length));
}

/** Each of the numbered lines is there once, in order. */
function complete(lines: readonly string[], what: string, count: number): void {
  const numbers = lines.filter((line) => line.includes(` ${what} x`)).map((line) => {
    equal(line.length, 99, line);
    return Number(line.slice(0, String(count).length));
  });
  equal(numbers.length, count, `${what}: ${numbers.length} of ${count} lines`);
  ok(numbers.every((number, at) => number === at + 1), `${what}: not in order`);
}

const command = (...lines: string[]): Pick<Quick, "argv"> => ({ argv: ["/init", "/bin/sh", "-c", lines.join("\n")] });
const within = (path: string): string => `until [ -e ${path} ]; do usleep 10000; done`;

Deno.test({
  name: "every line of services, their finish scripts, the container's scripts and the command has a name in front",
  ignore,
  fn: async () => {
    await using image = await root({
      "etc/cont-init.d/10-first": script("echo one; echo two >&2"),
      "etc/services.d/web/run": script(
        "echo three; echo four >&2; touch /run/up",
        "sleep 1000 & trap 'exit 7' TERM; wait",
      ),
      "etc/services.d/web/finish": script("echo $1"),
      "etc/services.d/logged/run": script("echo inside; echo outside >&2; touch /run/outside", STAY),
      "etc/services.d/logged/log/run": script('while read -r line; do echo "<$line>"; done'),
      "etc/cont-finish.d/90-last": script("echo five"),
    });
    const run = command(`${within("/run/up")}; ${within("/run/outside")}; echo six; echo seven >&2`);
    const { code, stdout, stderr } = await quickly(image, { environment: PREFIX, ...run });
    equal(code, 0);
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
      "s6-overlay: info: stopping: the command exited 0",
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
      script(`echo from ${at}; echo more`, "sleep 1000 &"),
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

const WRITERS = 3;
const COUNT = 35_000;

/** Services that write some 10 MB altogether, on both streams at once. */
function writers(): Record<string, Given> {
  return Object.fromEntries(Array.from({ length: WRITERS }, (_, at): [string, Given] => [
    `etc/services.d/w${at}/run`,
    script(`${say("out", COUNT)} & ${say("err", COUNT)} >&2; wait`, `touch /run/w${at}`, STAY),
  ]));
}

function allComplete(stdout: string, stderr: string): void {
  for (let at = 0; at < WRITERS; at++) {
    complete(linesOf(stdout, `w${at}: `), "out", COUNT);
    complete(linesOf(stderr, `w${at}: `), "err", COUNT);
  }
  ok(stdout.split("\n").slice(0, -1).every((line) => /^(w[0-9]|cmd): /.test(line)), "lines are whole");
}

const untilWritten = Array.from({ length: WRITERS }, (_, at) => within(`/run/w${at}`)).join("; ");

Deno.test({
  name: "several services that write at once: every line is there, whole, in order, and on its stream",
  ignore,
  fn: async () => {
    await using image = await root(writers());
    const { code, stdout, stderr } = await quickly(image, { environment: PREFIX, ...command(untilWritten) });
    equal(code, 0);
    allComplete(stdout, stderr);
  },
});

Deno.test({
  name: "a relay that is killed again and again loses no line and doubles none",
  ignore,
  fn: async () => {
    await using image = await root(writers());
    // Each a little later in its life, so that they are killed in the middle of whatever they do.
    const killing = `for delay in 40 60 80 100 130 160; do
      until pid=$(relay) && [ -n "$pid" ]; do usleep 5000; done
      usleep \${delay}000; kill -9 $pid && echo killed
    done`;
    const run = command(RELAY, killing, untilWritten);
    const { code, stdout, stderr } = await limited(start(image, { environment: PREFIX, ...run }), 100_000);
    equal(code, 0, stderr.slice(-1000));
    allComplete(stdout, stderr);
    equal(linesOf(stdout, "cmd: killed").length, 6);
  },
});

Deno.test({
  name: "what is printed in the last moments is there, also by a relay that is killed in them",
  ignore,
  fn: async () => {
    await using image = await root({
      "etc/services.d/web/run": script("trap 'exit' TERM", "touch /run/up", "sleep 1000 & wait"),
      "etc/services.d/web/finish": script(
        RELAY,
        "kill -9 $(relay)",
        `${say("out", 20_000)} & ${say("err", 20_000)} >&2; wait`,
      ),
      "etc/cont-finish.d/1": script(RELAY, say("last", 5000), "kill -9 $(relay)"),
    });
    const { code, stdout, stderr } = await quickly(image, { environment: PREFIX, ...command(within("/run/up")) });
    equal(code, 0);
    complete(linesOf(stdout, "web: "), "out", 20_000);
    complete(linesOf(stderr, "web: "), "err", 20_000);
    complete(linesOf(stdout, "cont-finish.d/1: "), "last", 5000);
    match(stderr, /\ns6-overlay: info: stopping: the command exited 0\n$/);
  },
});

Deno.test({
  name: "a reader that stops reading holds up what is printed and nothing else, and gets all of it when it goes on",
  ignore,
  fn: async () => {
    const count = 30_000;
    const write = `awk 'BEGIN { for (n = 1; n <= ${count}; n++) {
      printf "%05d out ${"x".repeat(89)}\\n", n
      if (n % 100 == 0) { fflush(); print n >"/run/progress"; close("/run/progress") }
    } }'`;
    await using image = await root({
      "etc/services.d/web/run": script(`${write}; touch /run/written`, STAY),
      "etc/services.d/quiet/run": script(STAY),
    });
    // The service is held up when it makes no progress for a while; process 1 goes on all the same.
    const held = `same=0; while [ $same -lt 10 ]; do
      usleep 50000; now=$(cat /run/progress 2>/dev/null)
      if [ -n "$now" ] && [ "$now" = "$before" ]; then same=$((same + 1)); else same=0; fi; before=$now
    done`;
    const restart = "s6-svc -wr -r /run/s6/services/quiet";
    const run = command(held, restart, "[ -e /run/written ] || echo held >&2", within("/run/written"));
    const [program, ...args] = commandLine(image, { environment: PREFIX, ...run });
    const child = new Deno.Command(program!, {
      args,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let stderr = "";
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += text;
      if (stderr.includes("cmd: held")) break;
    }
    complete(linesOf(await new Response(child.stdout).text(), "web: "), "out", count);
    equal((await child.status).code, 0);
  },
});

Deno.test({
  name: "a relay that stands still holds up neither process 1 nor, for longer than it may, the stop",
  ignore,
  fn: async () => {
    await using image = await root({ "etc/services.d/web/run": script("echo up; touch /run/up", STAY) });
    const environment = { ...PREFIX, S6_KILL_GRACETIME: "500" };
    const stop = command(RELAY, within("/run/up"), "kill -STOP $(relay)", "exit 5");
    const { code, stderr } = await quickly(image, { environment, ...stop });
    equal(code, 5);
    match(stderr, /^s6-overlay: warning: what was printed last is lost: it was not read in time$/m);
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
    ...command(within("/run/up"), "echo said; echo bad >&2"),
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
      "etc/services.d/web/run": script(`${say("out", 10_000)}; ${say("err", 10_000)} >&2; touch /run/up`, STAY),
    });
    for (const logging of ["1", "2"]) {
      const { log, stdout, stderr } = await logged(image, logging, "prefix");
      complete(linesOf(log, "web: "), "out", 10_000);
      complete(linesOf(log, "web: "), "err", 10_000);
      const commands = [linesOf(log, "cmd: "), linesOf(stdout, "cmd: "), linesOf(stderr, "cmd: ")].map((all) =>
        all.sort()
      );
      deepEqual(commands, logging === "1" ? [[], ["said"], ["bad"]] : [["bad", "said"], [], []]);
    }
    const { log } = await logged(image, "2", "json");
    for (const line of log.trimEnd().split("\n")) JSON.parse(line);
    ok(log.includes('"service":"cmd","stream":"stderr","text":"bad"}\n'), log.slice(-500));
  },
});

Deno.test({
  name: "as objects, everything is one, whatever is printed, up to the last line",
  ignore,
  fn: async () => {
    await using image = await root({
      "etc/fix-attrs.d/1": "/etc/passwd false root 0644 0755\n",
      "etc/cont-init.d/1": script("printf 'no end'"),
      "etc/cont-init.d/2": "#!/no/interpreter\n",
      "etc/services.d/web/run": script(
        "head -c 1000000 /bin/busybox; head -c 300000 /bin/busybox >&2; touch /run/up",
        STAY,
      ),
    });
    const environment = { ...JSON_LINES, S6_VERBOSITY: "5", S6_BEHAVIOUR_IF_STAGE2_FAILS: "1" };
    const { code, stdout, stderr } = await quickly(image, { environment, ...command(within("/run/up"), "exit 3") });
    equal(code, 3);
    const [out, err] = [stdout, stderr].map((text) => text.trimEnd().split("\n").map((line) => JSON.parse(line)));
    for (const { time, stream, service, text } of [...out!, ...err!]) {
      deepEqual([typeof service, typeof text, /^20..-..-..T..:..:..\.[0-9]{6}Z$/.test(time)], [
        "string",
        "string",
        true,
      ]);
      ok(stream === "stdout" || stream === "stderr");
    }
    ok(out!.every(({ stream }) => stream === "stdout") && err!.every(({ stream }) => stream === "stderr"));
    const binary = new TextDecoder().decode((await Deno.readFile(`${image.path}/bin/busybox`)).subarray(0, 1_000_000));
    const printed = out!.filter(({ service }) => service === "web").map(({ text, partial }) =>
      partial ? text : `${text}\n`
    );
    equal(printed.join("").replaceAll("\ufffd", ""), binary.replaceAll("\ufffd", ""));
    equal(out!.find(({ service }) => service === "cont-init.d/1").partial, true);
    equal(err!.at(-1).text, "s6-overlay: info: stopping: the command exited 3");
  },
});

Deno.test({
  name: "a question without an end of line is printed when nothing follows",
  ignore,
  fn: async () => {
    await using image = await root({});
    const container = start(image, {
      environment: PREFIX,
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
      "etc/services.d/web/run": script(run),
      "tmp/keep": "",
      "etc/services.d/web/finish": script("touch /tmp/ended; exit 125"),
    });
    await Deno.chmod(`${image.path}/tmp`, 0o1777);
    const { stdout, stderr } = await quickly(image, { environment: PREFIX, ...command(within("/tmp/up")) });
    deepEqual(linesOf(stdout, "web: "), ["anew", "left"], stderr);
  },
});

Deno.test({
  name: "plain is as it was: services have the container's own descriptors, and there is no further process",
  ignore,
  fn: async () => {
    const show = "ls -l /proc/$$/fd | sed -n 's/.* \\([12]\\) -> /\\1 /p' >/run/own";
    await using image = await root({ "etc/services.d/web/run": script(`${show}; touch /run/up`, STAY) });
    const compare =
      "ls -l /proc/1/fd | sed -n 's/.* \\([12]\\) -> /\\1 /p' >/run/first; cmp /run/own /run/first && echo same";
    const run = command(RELAY, within("/run/up"), compare, "echo relays: $(relay)", "ls /proc/1/fd | wc -l");
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
      names.map((name): [string, Given] => [`etc/services.d/${name}/run`, script(`echo "<${name}>"`, STAY)]),
    ));
    const run = "s6-svwait -t 20000 -u /run/s6/services/n*; echo waited $?";
    const argv = ["/bin/sh", "-c", `ulimit -n 128 && exec /init sh -c '${run}'`];
    const { code, stdout, stderr } = await quickly(image, { environment: PREFIX, argv });
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
    environment: { ...PREFIX, TERM: "vt100" },
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
