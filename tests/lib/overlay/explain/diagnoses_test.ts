// The table of diagnoses: which facts lead to which, and what is said then.

import { deepEqual, equal, match } from "node:assert/strict";
import { diagnose, DIAGNOSES } from "../../../../lib/overlay/explain/diagnoses.ts";
import type { Facts, RunFile } from "../../../../lib/overlay/explain/facts.ts";
import type { ProcessStat } from "../../../../lib/process_stat.ts";
import { CHECK_ROWS, checkedFor, type Row } from "./check_rows.ts";
import { BARRED, factsWith, momentAt, programWith, runWith } from "./host.ts";

const TROUBLE = "unable to spawn ./run - waiting 10 seconds: No such file or directory";
const MISSING = { state: "down", wanted: "up", pid: null, trouble: TROUBLE } as const;

const failed = (run: Partial<RunFile>): Facts => factsWith(MISSING, { run: runWith(run) });

function ended(code: number, ranFor = 10, more: Partial<Facts> = {}): Facts {
  const lives = [1000, 20_000, 40_000].map((started) => ({
    pid: 20,
    started: momentAt(started),
    ended: momentAt(started + ranFor),
    end: `exited ${code}`,
    finish: null,
  }));
  const service = { state: "down", wanted: "up", pid: null, looping: true } as const;
  return factsWith({ ...service, lastExit: { code, signal: null, at: momentAt(40_000 + ranFor), told: false } }, {
    lives,
    ...more,
  });
}

function printed(line: string, more: Partial<Facts> = {}): Facts {
  const log = { directory: "/log", lines: ["secret", line, "secret"], unread: undefined };
  const output = [{ kind: "logger", command: "s6-overlay logs web", logs: [log] }] as const;
  return ended(1, 10, { output, ...more });
}

const stat = (name: string, pid: number): ProcessStat => ({
  pid,
  name,
  letter: "S",
  parent: 1,
  group: pid,
  session: pid,
  started: 0,
});

const ROWS: Readonly<Record<string, Row>> = {
  ...CHECK_ROWS,
  "a log without room": {
    facts: factsWith({ state: "up" }, { fullLog: "/var/log/web" }),
    name: "log-full",
    why: /^the file system of its log in \/var\/log\/web is full: /,
    cure: /df -i/,
  },
  "no file run": {
    facts: failed({ kind: "missing" }),
    name: "run-missing",
    why: /^there is no \/var\/run\/s6\/services\/web\/run$/,
    cure: /in the image, \/etc\/services\.d\/web\/run$/,
  },
  "a link that leads nowhere": {
    facts: failed({ kind: "missing", leadsTo: "/no/where" }),
    name: "run-missing",
    why: /^run is a link to \/no\/where, which does not exist$/,
    cure: /put \/no\/where into the image/,
  },
  "a directory": {
    facts: failed({ kind: "directory" }),
    name: "run-is-no-file",
    why: /run is a directory/,
    cure: /put the file itself/,
  },
  "an empty file": { facts: failed({ size: 0, head: "" }), name: "run-empty", why: /is empty/, cure: /#!\/bin\/sh/ },
  "a byte order mark": {
    facts: failed({ head: "\xef\xbb\xbf#!/bin/sh\n", interpreter: undefined }),
    name: "byte-order-mark",
    why: /byte order mark/,
    cure: /UTF-8 without one/,
  },
  "CRLF": {
    facts: failed({ head: "#!/bin/sh\r\necho\r\n", interpreter: undefined }),
    name: "crlf",
    why: /CRLF/,
    cure: /dos2unix/,
  },
  "no interpreter line": {
    facts: failed({ head: "echo\n", interpreter: undefined }),
    name: "no-shebang",
    why: /no #! line/,
    cure: /#!\/usr\/bin\/with-contenv sh/,
  },
  "a missing interpreter": {
    facts: failed({ interpreter: programWith({ path: "/bin/bash", kind: "missing" }) }),
    name: "interpreter-missing",
    why: /\/bin\/bash of run does not exist/,
    cure: /install \/bin\/bash/,
  },
  "an interpreter that with-contenv does not find": {
    facts: ended(127, 10, {
      run: runWith({ lookedUp: { by: "/usr/bin/with-contenv", name: "bash", isThere: false } }),
    }),
    name: "interpreter-missing",
    why: /with-contenv start bash, which is not in the image/,
    cure: /#!\/usr\/bin\/with-contenv sh/,
  },
  "another architecture": {
    facts: failed({ head: "\x7fELF", interpreter: undefined, foreignMachine: "riscv64", missingLoader: "/lib/ld.so" }),
    name: "exec-format",
    why: /run is a program for riscv64/,
    cure: /--platform/,
  },
  "a missing loader": {
    facts: failed({ head: "\x7fELF", interpreter: undefined, missingLoader: "/lib64/ld-linux-x86-64.so.2" }),
    name: "loader-missing",
    why: /it was built for a system with glibc$/,
    cure: /static one/,
  },
  "an interpreter's missing loader": {
    facts: failed({ interpreter: programWith({ path: "/opt/x", missingLoader: "/lib/ld-musl-x86_64.so.1" }) }),
    name: "loader-missing",
    why: /^the interpreter \/opt\/x of run is there, .* with musl$/,
    cure: /static one/,
  },
  "no mode to execute": {
    facts: failed({ mode: 0o644, mayExecute: false }),
    name: "permission",
    why: /^run is not executable$/,
    cure: /^chmod \+x /,
  },
  "another user's mode": {
    facts: failed({ mode: 0o700, uid: 7, mayExecute: false }),
    name: "permission",
    why: /belongs to user 7 and has mode 0700/,
    cure: /^chmod 755 /,
  },
  "noexec": {
    facts: failed({ head: "\x7fELF", interpreter: undefined, noexec: "/data", mayExecute: false }),
    name: "noexec",
    why: /on \/data, which is mounted noexec/,
    cure: /elsewhere/,
  },
  "a process that went into the background": {
    facts: ended(0, 10, { leftBehind: [stat("nginx", 30), stat("nginx", 31)] }),
    name: "forks",
    why: /exited 0 and left a process behind: nginx \(pid 30\) and 1 more/,
    cure: /daemon off;/,
  },
  "a port in use": {
    facts: printed("bind() to 0.0.0.0:80 failed (98: Address already in use)"),
    name: "port-in-use",
    why: /address or port .* is in use/,
    cure: /another port/,
  },
  "a port that an earlier copy has": {
    facts: printed("Error: listen EADDRINUSE: :::3000", { leftBehind: [stat("node", 30)] }),
    name: "port-in-use",
    why: /in use/,
    cure: /^end the earlier process \(node, pid 30\)/,
  },
  "a full disk": {
    facts: printed("write: No space left on device"),
    name: "no-space",
    why: /no space left/,
    cure: /df -h/,
  },
  "a port below 1024": {
    facts: printed("bind() to 0.0.0.0:80 failed (13: Permission denied)"),
    name: "permission-denied",
    why: /may not bind/,
    cure: /1024/,
  },
  "a file of another user": {
    facts: printed('open("/data/db.lock"): Permission denied', {
      run: runWith({ head: "#!/bin/execlineb -P\ns6-setuidgid www\nserver\n" }),
    }),
    name: "permission-denied",
    why: /^\/data\/db\.lock is not for www to use$/,
    cure: /fix-attrs\.d/,
  },
  "a missing program": {
    facts: printed("./run: line 3: gunicorn: not found"),
    name: "program-missing",
    why: /could not be executed/,
    cure: /install it/,
  },
  "exit code 125 of finish": {
    facts: factsWith({
      state: "down",
      wanted: "down",
      failed: true,
      lastExit: { code: 4, signal: null, at: momentAt(5), told: false },
    }),
    name: "failed-for-good",
    why: /finish script exited 125, .*: run exited 4$/,
    cure: /s6-overlay start /,
  },
  "an end at once": { facts: ended(3), name: "exits-at-once", why: /^run exited 3 at once/, cure: /printed last/ },
  "an end whose cause may be in the log": {
    facts: { ...ended(3), output: printed("nothing known").output },
    name: "exits-at-once",
    why: /^run exited 3 at once/,
    cure: /^see what it printed last, with s6-overlay logs web; started by hand/,
  },
  "an end that a shell tells of": { facts: ended(137), name: "exits-at-once", why: /exited 137/, cure: /memory/ },
  "a program that is not found": { facts: ended(127), name: "exits-at-once", why: /127/, cure: /was not found/ },
  "a logger that cannot write": {
    facts: ended(111, 10, { writesLog: true }),
    name: "exits-at-once",
    why: /111/,
    cure: /a oneshot that it depends on.*chown nobody/,
  },
  "an end after a while": {
    facts: ended(1, 5000),
    name: "ends-again-and-again",
    why: /exited 1 after 5 s, not for the first time/,
    cure: /printed last/,
  },
  "a finish that hangs": {
    facts: factsWith({ state: "finishing", since: momentAt(50_000), pid: 9 }, {
      deepest: { stat: stat("sleep", 10), activity: "sleeps for a set time" },
    }),
    name: "finish-hangs",
    why: /sleep \(pid 10\) sleeps for a set time; .* timeout-finish is 0/,
    cure: /timeout-finish limits it/,
  },
  "no readiness": {
    facts: factsWith({ ready: false }, { notification: { fd: 4, isOpen: false, hasSocket: false } }),
    name: "never-ready",
    why: /newline to descriptor 4, which it does not have open/,
    cure: /echo >&4/,
  },
  "no readiness that the boot waits for": {
    facts: factsWith({ ready: false, since: momentAt(59_000) }, {
      awaited: { names: ["web"], since: momentAt(59_000), until: null },
    }),
    name: "never-ready",
    why: /newline/,
    cure: /remove the file notification-fd/,
  },
  "deafness": {
    facts: factsWith({ wanted: "down", toldToEnd: momentAt(50_000) }),
    name: "will-not-end",
    why: /no timeout-kill$/,
    cure: /with exec/,
  },
  "a pause": { facts: factsWith({ paused: true }), name: "paused", why: /STOP/, cure: /s6-overlay signal CONT / },
  "a shortage": {
    facts: factsWith({
      ...MISSING,
      trouble: "unable to spawn ./run - waiting 60 seconds: Resource temporarily unavailable",
    }),
    name: "backing-off",
    why: /^run could not be started: Resource temporarily unavailable$/,
    cure: /--pids-limit/,
  },
  "a failure that is over": { facts: failed({}), name: "backing-off", why: /not be started/, cure: /overlay start / },
  "a failed boot": { facts: BARRED, name: "not-started", why: /it was kept back by db$/, cure: /-u change web$/ },
  "no supervisor": {
    facts: factsWith({ state: "unsupervised", wanted: "down", trouble: "unable to open it" }),
    name: "unsupervised",
    why: /unable to open it/,
    cure: /s6-svscanctl -a/,
  },
};

for (const [what, { facts, name, why, cure }] of Object.entries(ROWS)) {
  Deno.test(`a diagnosis of ${what}: ${name}`, () => {
    const found = diagnose(facts);
    equal(found?.name, name);
    match(found!.why, why);
    match(found!.cure, cure);
  });
}

Deno.test("each diagnosis has a row here, and a name of its own", () => {
  const names = DIAGNOSES.map(({ name }) => name);
  deepEqual([...names].sort(), [...new Set(Object.values(ROWS).map(({ name }) => name))].sort());
});

Deno.test("the line that shows the cause is told alone, and cut where it is long", () => {
  const found = diagnose(printed(`Address already in use ${"x".repeat(1000)}`));
  deepEqual([found?.evidence?.directory, found?.evidence?.command], ["/log", "s6-overlay logs web"]);
  match(found!.evidence!.text, /^Address already in use x{217}\.\.\.$/);
});

const FINE: Readonly<Record<string, Facts>> = {
  "a service that is up": factsWith({}),
  "what a service logs that does its work": { ...printed("Permission denied"), service: factsWith({}).service },
  "a check that may still succeed": { ...checkedFor(1000), now: momentAt(2500) },
  "readiness that may still come": factsWith({ ready: false, since: momentAt(57_000) }),
  "a finish that has just begun": factsWith({ state: "finishing", since: momentAt(59_500) }),
  "a service that is started only once": factsWith({ wanted: "down" }),
  "a file that is not for us to read": factsWith({ state: "starting" }),
};

for (const [what, facts] of Object.entries(FINE)) {
  Deno.test(`no diagnosis of ${what}`, () => equal(diagnose(facts), undefined));
}
