// Every setting, with each of its values, by what a container does with it. Those for failing initialization, and the
// words in front of the command, are in life_test.ts too.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { durationInWords } from "../../lib/overlay/durations.ts";
import { SETTINGS } from "../../lib/overlay/settings.ts";
import { boot, runToEnd, type Setting } from "../surroundings/container.ts";

const TRUE = ["/bin/true"];

function sh(...lines: string[]): string {
  return ["#!/bin/sh", ...lines, ""].join("\n");
}

/** Everything printed but the lines of the stages. */
function own(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("["));
}

Deno.test("a value that is no number gets one line, whatever else is set, and the default is used", async () => {
  const numbers = Object.values(SETTINGS).filter(({ type }) => type !== "text");
  const environment = Object.fromEntries(numbers.map(({ variable }) => [variable, "soon"]));
  // with-contenv and printcontenv say nothing; fix-attrs, which reads a setting by itself, tells of that one.
  const files = {
    "etc/cont-init.d/01": "#!/usr/bin/with-contenv sh\nprintcontenv S6_SYNC_DISKS\nfix-attrs </dev/null\n",
    "etc/services.d/work/run": "#!/usr/bin/with-contenv sh\nexec sleep 1000\n",
  };
  const { code, stdout, stderr } = await runToEnd({ files, environment, arguments: ["/bin/echo", "command"] });
  equal(code, 0);
  deepEqual(own(stdout), ["soon", "command"]);
  const lines = numbers.map((row) =>
    `s6-overlay: warning: ${row.variable}="soon": not a number; using the default, ${Number(row.default)}`
  );
  deepEqual(own(stderr).filter((line) => !line.startsWith("fix-attrs: ")).sort(), lines.sort());
  deepEqual(own(stderr).filter((line) => line.startsWith("fix-attrs: ")).length, 1, stderr);
});

for (const value of ["-1", "1.5", "0x10", "1 000", " ", "a\nb", "y".repeat(100)]) {
  Deno.test(`${JSON.stringify(value.slice(0, 20))} is no number`, async () => {
    const { stderr } = await runToEnd({ environment: { S6_KILL_GRACETIME: value }, arguments: TRUE });
    match(stderr, /^s6-overlay: warning: S6_KILL_GRACETIME="[ -~]{1,63}": not a number; using the default, 3000\n$/);
  });
}

Deno.test("a number of 16 digits is too large", async () => {
  const { stderr } = await runToEnd({ environment: { S6_KILL_GRACETIME: "9".repeat(16) }, arguments: TRUE });
  const told = '="9999999999999999": a larger number than can be; using the default, 3000\n';
  equal(stderr, `s6-overlay: warning: S6_KILL_GRACETIME${told}`);
});

Deno.test("an empty value is none, and a very large number is a number", async () => {
  const environment = { S6_KILL_GRACETIME: "", S6_SERVICES_GRACETIME: "999999999999999", S6_KEEP_ENV: "" };
  const { code, stderr } = await runToEnd({ environment, arguments: TRUE });
  deepEqual([code, stderr], [0, ""]);
});

for (const value of ["0", "1", "2"]) {
  Deno.test(`S6_KEEP_ENV=${value}`, async () => {
    const kept = value !== "0";
    const show = "echo ${GREETING-none}; printcontenv GREETING | od -c | head -n 1; ls /var/run/s6 | grep cont; true";
    const files = {
      "etc/cont-init.d/01": sh(show),
      "etc/services.d/work/run": sh("echo ${GREETING-none} >/proc/1/fd/1; echo >&3; exec sleep 1000"),
      "etc/services.d/work/notification-fd": "3\n",
      "etc/cont-finish.d/01": sh("echo ${GREETING-none}"),
    };
    const environment = { S6_KEEP_ENV: value, GREETING: "hi", S6_CMD_WAIT_FOR_SERVICES: "1" };
    const { stdout, stderr } = await runToEnd({ files, environment, arguments: ["/bin/sh", "-c", "echo $GREETING"] });
    equal(stderr, "");
    const seen = kept ? "hi" : "none";
    const printed = kept ? ["0000000   h   i"] : ["0000000   h   i  \\n", "container_environment"];
    deepEqual(own(stdout).sort(), [...printed, seen, seen, seen, "hi"].sort());
  });
}

for (const [limit, ending] of [["100", "99 (killed as its time was over)"], ["0", "0"]] as const) {
  Deno.test(`S6_KILL_FINISH_MAXTIME=${limit}`, async () => {
    const files = {
      "etc/cont-finish.d/1": sh(limit === "0" ? "sleep 0.2" : "sleep 1000"),
      "etc/cont-finish.d/2": sh(""),
    };
    const { stdout } = await runToEnd({ files, environment: { S6_KILL_FINISH_MAXTIME: limit }, arguments: TRUE });
    ok(
      stdout.includes(`1: exited ${ending}.\n[cont-finish.d] 2: executing... \n[cont-finish.d] 2: exited 0.\n`),
      stdout,
    );
  });
}

for (const limit of ["0", "100"]) {
  Deno.test(`S6_SERVICES_GRACETIME=${limit} and S6_KILL_GRACETIME=${limit}`, async () => {
    const files = { "etc/services.d/work/run": sh("trap '' TERM HUP", "echo up", "while :; do sleep 1000; done") };
    const environment = { S6_SERVICES_GRACETIME: limit, S6_KILL_GRACETIME: limit };
    await using container = await boot({ files, environment });
    await container.printed("up\n");
    const { code, stdout, stderr } = await container.stop(60);
    equal(code, 0);
    const shown = durationInWords(Number(limit));
    match(stderr, new RegExp(`^s6-svwait: fatal: timed out after ${shown} waiting for work$`, "m"));
    match(stderr, new RegExp(`^s6-finish: warning: still alive after ${shown}: \\d+ `, "m"));
    match(stdout, /KILL signal and exiting\.\n$/);
  });
}

for (
  const [script, line] of [["n20 s1000000 T", /^\d{4}-\d\d-\d\d [\d:.]+ {2}hello$/m], [
    "-. +h  n2\ts4096\n",
    /^hello$/m,
  ]] as const
) {
  Deno.test(`S6_LOGGING_SCRIPT=${JSON.stringify(script)}`, async () => {
    const files = {
      "etc/services.d/work/run": sh("echo skipped; echo hello", "exec sleep 1000"),
      "etc/services.d/work/log/run": sh("exec logutil-service /home/log"),
    };
    const wait = "until grep -q hello /home/log/current 2>/dev/null; do usleep 10000; done; cat /home/log/current";
    const environment = { S6_LOGGING_SCRIPT: script };
    const prepare = "chown nobody /home";
    const { stdout } = await runToEnd({ files, environment, prepare, arguments: ["/bin/sh", "-c", wait] });
    match(stdout, line);
    equal(stdout.includes("skipped"), script.startsWith("n20"));
  });
}

const FIRST_WORDS: Readonly<Record<string, { words: string[]; prints: string[]; code: number }>> = {
  "": { words: ["/bin/echo", "word"], prints: ["word"], code: 0 },
  "/bin/echo": { words: ["word"], prints: ["word"], code: 0 },
  "/bin/echo\nalone": { words: [], prints: ["alone"], code: 0 },
  "\n/bin/echo\n\na b\n": { words: ["c"], prints: ["a b c"], code: 0 },
  "/bin/echo -n": { words: ["word"], prints: [], code: 127 },
};

for (const [value, { words, prints, code }] of Object.entries(FIRST_WORDS)) {
  Deno.test(`S6_CMD_ARG0=${JSON.stringify(value)} in front of ${words.length} words`, async () => {
    const ended = await runToEnd({ environment: { S6_CMD_ARG0: value }, arguments: words });
    deepEqual([ended.code, own(ended.stdout)], [code, prints], ended.stderr);
  });
}

for (const [value, mode] of [["0", "644"], ["1", "600"]] as const) {
  Deno.test(`S6_FIX_ATTRS_HIDDEN=${value}`, async () => {
    const files = {
      "etc/fix-attrs.d/01": "/data true root 0600 0700\n",
      "data/.hidden/file": { content: "", mode: 0o644 },
    };
    const command = ["/bin/stat", "-c", "%a", "/data/.hidden/file"];
    const { stdout } = await runToEnd({ files, environment: { S6_FIX_ATTRS_HIDDEN: value }, arguments: command });
    deepEqual(own(stdout), [mode]);
  });
}

for (const limit of ["5000", "0"]) {
  Deno.test(`S6_CMD_WAIT_FOR_SERVICES=1: the command runs when services are up, or ready, within ${limit} ms`, async () => {
    const files = {
      "etc/services.d/ready/run": sh("sleep 0.2; echo ready; echo >&3; exec sleep 1000"),
      "etc/services.d/ready/notification-fd": "3\n",
      "etc/services.d/down/run": sh("echo never"),
      "etc/services.d/down/down": "",
    };
    const environment = { S6_CMD_WAIT_FOR_SERVICES: "1", S6_CMD_WAIT_FOR_SERVICES_MAXTIME: limit };
    const { stdout, stderr } = await runToEnd({ files, environment, arguments: ["/bin/echo", "command"] });
    match(stdout, /\nready\n\[services\.d\] done\.\ncommand\n/);
    equal(stderr, "");
  });
}

for (const [behaviour, code] of [["0", 0], ["1", 0], ["2", 1]] as const) {
  Deno.test(`S6_CMD_WAIT_FOR_SERVICES_MAXTIME is over, with S6_BEHAVIOUR_IF_STAGE2_FAILS=${behaviour}`, async () => {
    const files = {
      "etc/services.d/never/run": sh("exec sleep 1000"),
      "etc/services.d/never/notification-fd": "3\n",
    };
    const environment = {
      S6_CMD_WAIT_FOR_SERVICES: "1",
      S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "100",
      S6_BEHAVIOUR_IF_STAGE2_FAILS: behaviour,
    };
    const ended = await runToEnd({ files, environment, arguments: ["/bin/echo", "command"] });
    equal(ended.code, code);
    equal(ended.stderr, "s6-svwait: fatal: timed out after 100 ms waiting for never\n");
    equal(/^command$/m.test(ended.stdout), behaviour !== "2");
    equal(ended.stdout.includes("init-stage2 failed"), behaviour === "1");
    ok(!ended.stdout.includes("[services.d] done."));
  });
}

for (const [value, kind] of [["0", "symbolic link"], ["1", "directory"]] as const) {
  Deno.test(`S6_READ_ONLY_ROOT=${value}`, async () => {
    const files = { "etc/cont-init.d/01": sh("stat -c %F /var/run/s6/etc/*.d") };
    const { stdout } = await runToEnd({ files, environment: { S6_READ_ONLY_ROOT: value }, arguments: TRUE });
    deepEqual(own(stdout), [kind, kind, kind, kind]);
  });
}

for (const value of ["0", "1"]) {
  Deno.test(`S6_SYNC_DISKS=${value}`, async () => {
    const { stdout } = await runToEnd({ environment: { S6_SYNC_DISKS: value }, arguments: TRUE });
    equal(/for services\.\n\[s6-finish\] syncing disks\.\n\[s6-finish\] sending/.test(stdout), value === "1");
  });
}

Deno.test("S6_RUNTIME_PROFILE", async () => {
  const files = {
    "etc/cont-init.d/01": sh("echo usual init"),
    "etc/cont-finish.d/01": sh("echo usual finish"),
    "etc/cont-profile.d/web/cont-init.d/01": sh("echo init"),
    "etc/cont-profile.d/web/fix-attrs.d/01": "/etc/passwd false root 0600 -\n",
    "etc/cont-profile.d/web/services.d/work/run": sh("echo service; echo >&3; exec sleep 1000"),
    "etc/cont-profile.d/web/services.d/work/notification-fd": "3\n",
    "etc/cont-profile.d/web/cont-finish.d/01": sh("echo finish"),
  };
  const environment = { S6_RUNTIME_PROFILE: "web", S6_CMD_WAIT_FOR_SERVICES: "1" };
  const { stdout } = await runToEnd({ files, environment, arguments: ["/bin/stat", "-c", "%a", "/etc/passwd"] });
  deepEqual(own(stdout).sort(), ["600", "finish", "init", "service"]);
  const unknown = await runToEnd({
    files,
    environment: { S6_RUNTIME_PROFILE: "no" },
    arguments: ["/bin/echo", "command"],
  });
  deepEqual(own(unknown.stdout), ["command"]);
});

const HOOK = "S6_STAGE2_HOOK";
const hooked = (value: string, more: Setting = {}): Setting => ({
  ...more,
  files: {
    "opt/hook": sh('echo "hook $# $1 ${GREETING-none}"', "echo 'echo added' >>/etc/cont-init.d/01", "exit ${2:-0}"),
    "etc/cont-init.d/01": sh("echo init"),
  },
  environment: { [HOOK]: value, GREETING: "hello", ...more.environment },
  arguments: ["/bin/echo", "command"],
});

Deno.test(`${HOOK} runs first, and may change what is to come`, async () => {
  const { code, stdout, stderr } = await runToEnd(hooked("/opt/hook word"));
  // Its own line is on standard output, and that of the overlay is not.
  deepEqual([code, stderr], [0, "s6-init: info: hook /opt/hook word exited 0\n"]);
  deepEqual(own(stdout), ["hook 1 word none", "init", "added", "command"]);
  match(stdout, /^hook 1 word none\n\[s6-init\] making/);
});

Deno.test(`${HOOK} is one command with words and patterns of names, not a line for a shell`, async () => {
  const { stdout } = await runToEnd(hooked("  with-contenv /opt/hook /opt/h*k ; $GREETING '"));
  deepEqual(own(stdout).slice(0, 1), ["hook 4 /opt/hook hello"]);
  deepEqual(own((await runToEnd(hooked("/bin/echo /no*thing $GREETING 'a"))).stdout)[0], "/no*thing $GREETING 'a");
});

for (const [behaviour, code, printed] of [["0", 0, 3], ["1", 0, 6], ["2", 5, 1]] as const) {
  Deno.test(`${HOOK} that fails, with S6_BEHAVIOUR_IF_STAGE2_FAILS=${behaviour}`, async () => {
    const environment = { S6_BEHAVIOUR_IF_STAGE2_FAILS: behaviour };
    const ended = await runToEnd(hooked("/opt/hook word 5", { environment }));
    equal(ended.code, code);
    const lines = own(ended.stdout).filter((line) => line !== "added");
    equal(lines.length, printed, ended.stdout);
    const level = behaviour === "2" ? "fatal" : "warning";
    match(ended.stderr, new RegExp(`^s6-init: ${level}: hook /opt/hook word 5 exited 5$`, "m"));
  });
}

Deno.test(`${HOOK} that does not exist is reported`, async () => {
  const { code, stdout, stderr } = await runToEnd(hooked("/no/hook"));
  deepEqual([code, own(stdout)], [0, ["init", "command"]]);
  equal(
    stderr,
    "s6-init: fatal: unable to exec /no/hook: No such file or directory\ns6-init: warning: hook /no/hook exited 127\n",
  );
});
