// The diagnoses of `s6-overlay explain` in real containers: for each of them a situation in which it applies, and what is
// said then.

import { shell } from "../rows/harness.ts";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { byteString } from "../../lib/bytes.ts";
import type { Explanation } from "../../lib/overlay/explain/explanation.ts";
import { of, story } from "./explained.ts";
import type { Given } from "../rows/harness.ts";

const program = (content: string): Given => ({ content, mode: 0o755 });

/** A program of this machine's whose loader is in no busybox image. */
const LINKED = byteString(await Deno.readFile("/bin/ls"));
const MACHINE = 18;
/** The same, said to be for a machine that is none. */
const FOREIGN = `${LINKED.slice(0, MACHINE)}\xf3\0${LINKED.slice(MACHINE + 2)}`;

interface Situation {
  /** Files of the service directory. */
  readonly files: Readonly<Record<string, Given>>;
  /** The diagnosis, and what is said. */
  readonly is: string;
  readonly why: RegExp;
  readonly cure: RegExp;
  readonly line?: RegExp;
}

/** Prints a line and fails; its logger writes it. */
function printing(name: string, ...lines: string[]): Record<string, Given> {
  return {
    run: shell("exec 2>&1", "echo 'MARKER of the log'", ...lines),
    "log/run": shell(`exec logutil-service /var/log/${name}`),
  };
}

/** Readiness that is found out by data/check. */
const CHECKED: Readonly<Record<string, Given>> = {
  run: shell("exec s6-notifyoncheck -n 0 -w 100 sleep 1000"),
  "notification-fd": "3\n",
};

const SITUATIONS: Readonly<Record<string, Situation>> = {
  norun: { files: { data: "" }, is: "run-missing", why: /there is no .*\/norun\/run/, cure: /services\.d\/norun\/run/ },
  directory: { files: { "run/x": "" }, is: "run-is-no-file", why: /run is a directory/, cure: /file itself/ },
  empty: { files: { run: program("") }, is: "run-empty", why: /is empty/, cure: /#!\/bin\/sh/ },
  marked: {
    files: { run: program("\xef\xbb\xbf#!/bin/sh\n") },
    is: "byte-order-mark",
    why: /byte order mark/,
    cure: /UTF-8/,
  },
  noshebang: { files: { run: program("echo\n") }, is: "no-shebang", why: /no #! line/, cure: /with-contenv sh/ },
  nointerpreter: {
    files: { run: program("#!/no/such\n") },
    is: "interpreter-missing",
    why: /interpreter \/no\/such of run does not exist/,
    cure: /install \/no\/such/,
  },
  nobash: {
    files: { run: program("#!/usr/bin/with-contenv bash\n") },
    is: "interpreter-missing",
    why: /with-contenv start bash/,
    cure: /with-contenv sh/,
  },
  loader: { files: { run: program(LINKED) }, is: "loader-missing", why: /a system with glibc/, cure: /static/ },
  foreign: { files: { run: program(FOREIGN) }, is: "exec-format", why: /for riscv64/, cure: /architecture/ },
  mode: {
    files: { run: program("#!/opt/plain\n") },
    is: "permission",
    why: /interpreter \/opt\/plain of run is not executable/,
    cure: /chmod \+x \/opt\/plain/,
  },
  noexec: { files: { run: { link: "/data/program" } }, is: "noexec", why: /on \/data, which is mounted/, cure: /exec/ },
  forks: {
    files: { run: shell("setsid sleep 1000 </dev/null >/dev/null 2>&1 &") },
    is: "forks",
    why: /left a process behind: sleep \(pid \d+\)/,
    cure: /foreground/,
  },
  port: {
    files: printing("port", "echo 'bind() to 0.0.0.0:80 failed (98: Address already in use)'", "exit 1"),
    is: "port-in-use",
    why: /in use/,
    cure: /another port/,
    line: /^bind\(\) to 0\.0\.0\.0:80 failed \(98: Address already in use\)$/,
  },
  full: {
    files: printing("full", "echo x >/dev/full", "exit 1"),
    is: "no-space",
    why: /no space left/,
    cure: /df -h/,
    line: /No space left on device$/,
  },
  denied: {
    files: printing("denied", "exec s6-setuidgid nobody sh -c 'cat /root/private/file'"),
    is: "permission-denied",
    why: /^\/root\/private\/file is not for nobody to use$/,
    cure: /fix-attrs\.d/,
    line: /Permission denied$/,
  },
  program: {
    files: printing("program", "gunicorn"),
    is: "program-missing",
    why: /could not be executed/,
    cure: /install it/,
    line: /gunicorn: not found$/,
  },
  failed: {
    files: { run: shell("exit 4"), finish: shell("exit 125") },
    is: "failed-for-good",
    why: /exited 125, .*: run exited 4/,
    cure: /s6-overlay start failed/,
  },
  exits: { files: { run: shell("exit 3") }, is: "exits-at-once", why: /run exited 3 at once/, cure: /by hand/ },
  killed: { files: { run: shell("kill -9 $$") }, is: "exits-at-once", why: /was killed by KILL/, cure: /memory/ },
  logger: {
    files: { run: shell("exec sleep 1000"), "log/run": shell("exec logutil-service /no/where") },
    is: "exits-at-once",
    why: /exited 111/,
    cure: /chown nobody/,
  },
  ends: {
    files: { run: shell("sleep 2.5", "exit 1") },
    is: "ends-again-and-again",
    why: /exited 1 after 2[.0-9]* s/,
    cure: /by hand/,
  },
  finish: {
    files: { run: shell("exit 0"), finish: shell("sleep 1000", "true"), "timeout-finish": "0\n" },
    is: "finish-hangs",
    why: /sleep \(pid \d+\) .*timeout-finish is 0/,
    cure: /timeout-finish/,
  },
  unready: {
    files: { run: shell("exec sleep 1000 3>&-"), "notification-fd": "3\n" },
    is: "never-ready",
    why: /descriptor 3, which it does not have open/,
    cure: /echo >&3/,
  },
  locked: {
    files: { run: shell("exec sleep 1000"), "lock-fd": "9000000\n" },
    is: "backing-off",
    why: /service-lock/,
    cure: /lock-fd has a number that is beyond the limit of open files .* such as 3,/,
  },
  beyond: {
    files: { run: shell("exec sleep 1000"), "notification-fd": "9000000\n" },
    is: "backing-off",
    why: /unable to copy descriptor \d+ to 9000000/,
    cure: /notification-fd .* beyond the limit of open files .* such as 3,/,
  },
  hanging: {
    files: { ...CHECKED, "data/check": shell("sleep 1000", "true") },
    is: "check-hangs",
    why: /the check of its readiness by s6-notifyoncheck has not ended for .*: sleep \(pid \d+\) /,
    cure: /-n 0 -t 2000\. .*cd .*\/hanging, \.\/data\/check; echo \$\?/,
  },
  failing: {
    files: { ...CHECKED, "data/check": shell("exit 1") },
    is: "check-fails",
    why: /checks its readiness again and again, and no check has exited 0$/,
    cure: /cd .*\/failing, \.\/data\/check/,
  },
  givenup: {
    files: { ...CHECKED, run: shell("exec s6-notifyoncheck -d -w 10 sleep 1000"), "data/check": shell("exit 1") },
    is: "check-given-up",
    why: /which run calls, checks no more/,
    cure: /^-n 0 has it check as often as it takes/,
  },
};

/** Made by a script of the boot, as what lies in services.d is put right when it is copied. */
const MADE: Readonly<Record<string, Omit<Situation, "files">>> = {
  crlf: { is: "crlf", why: /CRLF/, cure: /dos2unix/ },
  plain: { is: "permission", why: /^run is not executable$/, cure: /chmod \+x/ },
};

const PREPARE = shell(
  "for name in port full denied program; do mkdir -p /var/log/$name; chown nobody /var/log/$name; done",
  "mkdir -p /data /root/private; echo x >/root/private/file; chmod 700 /root /root/private",
  "mount -t tmpfs -o noexec data /data; cp /bin/busybox /data/program",
  "mkdir -p /run/s6/services/crlf /run/s6/services/plain",
  "printf '#!/bin/sh\\r\\nexec sleep 1000\\r\\n' >/run/s6/services/crlf/run; chmod +x /run/s6/services/crlf/run",
  "cp /bin/busybox /run/s6/services/plain/run; chmod 644 /run/s6/services/plain/run",
);

function filesOf(situations: Readonly<Record<string, Situation>>): Record<string, Given> {
  const all: Record<string, Given> = {
    "opt/plain": { content: "x", mode: 0o644 },
    "etc/cont-init.d/prepare": PREPARE,
    "etc/services.d/good/run": shell("exec sleep 1000"),
  };
  for (const [name, { files }] of Object.entries(situations)) {
    for (const [file, given] of Object.entries(files)) all[`etc/services.d/${name}/${file}`] = given;
  }
  return all;
}

/** A situation is about the service, but for that of a logger. */
const shown = (name: string): string => name === "logger" ? "logger/log" : name;

story("each diagnosis is found in a container where it applies", filesOf(SITUATIONS), {}, async (container) => {
  const expected: Record<string, Omit<Situation, "files">> = { ...SITUATIONS, ...MADE };
  const names = Object.keys(expected);
  const found = await container.until((found) =>
    names.every((name) => of(shown(name), found)?.diagnosis === expected[name]!.is)
  );
  for (const [name, { why, cure, line }] of Object.entries(expected)) {
    const told = of(shown(name), found)!;
    match(told.why ?? "", why, name);
    match(told.cure ?? "", cure, name);
    if (line === undefined) equal(told.evidence, null, name);
    else match(told.evidence!.text, line);
    equal(told.asWanted, false);
  }
  equal(of("good", found), undefined);
  const port =
    /\nport is down since .*, wanted up\.\n {2}why: {4}the address .*\n {2}line: {3}bind\(\).*\(\/var\/log\/port: s6-overlay logs port\)\n {2}cure: /;
  const { code, stdout } = await container.untilText(port);
  equal(code, 1);
  match(stdout, /^The container is running its command, since \d\d:\d\d:\d\d \(/);
  match(stdout, port);
  match(stdout, /\n {2}waits: {2}for its next start.*, until \d\d:\d\d:\d\d \(in /);
  ok(!stdout.includes("MARKER"), "only the line that shows the cause is printed");
});

story(
  "a line in the catch-all log counts for the service that has ended with it",
  {
    "etc/services.d/port/run": shell("echo 'Error: listen EADDRINUSE :::80' >&2", "exit 1"),
    "etc/services.d/other/run": shell("sleep 0.4", "exit 3"),
  },
  { environment: { S6_LOGGING: "1" } },
  async (container) => {
    const found = await container.until((found) =>
      of("port", found)?.diagnosis === "port-in-use" && of("other", found)?.diagnosis === "exits-at-once"
    );
    const { directory, command } = of("port", found)!.evidence!;
    deepEqual([directory, command], ["/var/log/s6-uncaught-logs", "s6-overlay logs s6-svscan-log"]);
    const output = "the catch-all logger, in /var/log/s6-uncaught-logs: s6-overlay logs s6-svscan-log";
    equal(of("other", found)!.outputPlace, output);
  },
);

for (const mode of ["prefix", "json"]) {
  story(
    `with S6_OUTPUT=${mode} the last lines of services without a logger count, also when their relay is killed`,
    {
      "etc/services.d/port/run": shell("echo 'MARKER of the log'; echo 'bind: Address already in use' >&2; exit 1"),
      "etc/services.d/good/run": shell("echo 'bind: Address already in use'", "exec sleep 1000"),
      "etc/services.d/other/run": shell("exit 1"),
    },
    { environment: { S6_OUTPUT: mode } },
    async (container) => {
      const isFound = (found: Explanation): boolean =>
        of("port", found)?.diagnosis === "port-in-use" && of("other", found)?.diagnosis === "exits-at-once" &&
        of("good", found) === undefined;
      const found = await container.until(isFound);
      const evidence = { directory: null, command: null, text: "bind: Address already in use" };
      deepEqual(of("port", found)!.evidence, evidence);
      const line = /\n {2}line: {3}bind: Address already in use {3}\(docker logs, kubectl logs\)\n/;
      const { stdout } = await container.untilText(line);
      match(stdout, line);
      ok(!stdout.includes("MARKER"), "only the line that shows the cause is printed");
      const relay = "grep -l ^/command/s6-overlay-relay /proc/[1-9]*/cmdline | cut -d/ -f3";
      await container.run(["/bin/sh", "-c", `kill -9 $(${relay})`]);
      await container.until(isFound);
      // Those who may look only are not shown lines.
      const { stdout: others } = await container.run(["s6-overlay", "explain"], 65534);
      ok(!others.includes("bind"), others);
    },
  );
}
