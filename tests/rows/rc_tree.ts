// Rows on a live set of services: sources are compiled, and made live under Debian's own s6-svscan; then a session goes on.
// What the original said to each session was recorded (record_rc.ts), as Debian does not have it.

import { BOUND_SUPERVISOR } from "../surroundings/bound.ts";
import type { Case, Given } from "./harness.ts";

/** A session: its name, and lines of shell. In them `rc` is s6-rc with the live directory. */
export interface RcSession {
  readonly name: string;
  readonly lines: readonly string[];
}

const longrun = (run: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  type: "longrun",
  run: `#!/bin/sh\n${run}\n`,
  ...more,
});
const oneshot = (up: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  type: "oneshot",
  up,
  ...more,
});
const NOTIFIES = { "notification-fd": "3" };

/** The services of all sessions. */
const SERVICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plain: longrun("exec sleep 1000"),
  ready: longrun("echo >&3; exec sleep 1000", { ...NOTIFIES, dependencies: "plain" }),
  never: longrun("exec sleep 1000", { ...NOTIFIES, "timeout-up": "300" }),
  failing: longrun("exit 1", { ...NOTIFIES, finish: "#!/bin/sh\nexit 125\n" }),
  stubborn: longrun("trap '' TERM; echo >&3; while :; do sleep 1000; done", {
    ...NOTIFIES,
    "timeout-down": "300",
    "timeout-kill": "1000",
  }),
  waiting: longrun("sleep 1000; echo >&3", NOTIFIES),
  hello: oneshot("echo hello up", {
    down: 'echo hello down "a  b"',
    reload: "echo hello reload",
    dependencies: "ready",
  }),
  behind: oneshot("echo behind up", { down: "echo behind down", dependencies: "hello" }),
  reading: oneshot("cat", { down: "sh -c \"echo $RC_NAME; echo $1; pwd | sed 's/.*server//; s/.*runner$/runner/'\"" }),
  held: oneshot(
    'sh -c "trap \\"echo TERM >> told\\" TERM; echo begun >> begun; until test -e go; do sleep 0.05; done"',
  ),
  limited: oneshot("sleep 1000", { "timeout-up": "200" }),
  killed: oneshot('sh -c "kill -9 \\$\\$"'),
  missing: oneshot("no-such-program"),
  nothing: oneshot(""),
  refusing: oneshot("", { down: 'sh -c "exit 4"', dependencies: "nothing" }),
  lost: oneshot("", { dependencies: "failing" }),
  "more-lost": oneshot("", { dependencies: "lost" }),
  kept: oneshot("echo kept up", { down: "echo kept down", "flag-essential": "", dependencies: "nothing" }),
  above: oneshot("", { dependencies: "kept" }),
  nested: oneshot("s6-rc -b -l ../.. -u change plain"),
  several: { type: "bundle", contents: "hello\nnothing\n" },
};

const FILES: Readonly<Record<string, Given>> = Object.fromEntries(
  Object.entries(SERVICES).flatMap(([service, files]) =>
    Object.entries(files).map(([name, content]) => [
      `src/${service}/${name}`,
      content.startsWith("#!") ? { content, mode: 0o755 } : content,
    ])
  ),
);

/** With its programs from PATH the runner is the same for ours and the original. */
const RUNNER = `#!/bin/sh
exec 2>&1 1>&3 3>&-
exec s6-ipcserver-socketbinder -- s s6-ipcserverd -1 -- s6-ipcserver-access -v0 -E -l0 -i data/rules -- \
s6-sudod -t 30000 -- s6-rc-oneshot-run -l ../.. --
`;

const startWith = (bound: string): string => `
umask 022
export PATH=$PATH:/usr/libexec dir=$PWD
exec 2>&1
mkdir scan
s6-rc-compile db src
cp runner db/servicedirs/s6rc-oneshot-runner/run
${bound} /usr/bin/s6-svscan scan >/dev/null 2>&1 & scanner=$!
until /usr/bin/s6-svscanctl scan 2>/dev/null; do sleep 0.05; done
rc() { s6-rc -l $dir/live "$@"; }
status() { s6-svstat -o up,wantedup live/servicedirs/$1; }
until_there() { until test -s $1; do sleep 0.05; done; }`;

const INIT = `s6-rc-init -c $dir/db -l $dir/live $dir/scan`;

const STOP = `
touch go
s6-svscanctl -t scan 2>/dev/null
wait $scanner`;

/** What differs from run to run, and where programs lie. */
const LEVEL = "s#$dir#DIR#g; s/s6-rc-init:[A-Za-z0-9]{6}/s6-rc-init:XXXXXX/g; s#/usr/bin/s6-#s6-#g";

/**
 * The script of a session; the exit code of each line is printed behind it.
 * @param bound what stands before the command of the scanner
 */
export function scriptOf({ lines }: RcSession, bound: string = BOUND_SUPERVISOR): string {
  const steps = lines.map((line) => line.endsWith("&") ? line : `${line}\necho "= $?"`).join("\n");
  return `${startWith(bound)}\n${INIT}\n{\n${steps}\n} </dev/null 2>&1 | sed -E "${LEVEL}"\n${STOP}`;
}

export const RC_FILES: Readonly<Record<string, Given>> = { ...FILES, runner: { content: RUNNER, mode: 0o755 } };

/** A row that does as was recorded. */
export function onServices(session: RcSession, recorded: string | undefined): Case {
  if (recorded === undefined) throw new Error(`the session "${session.name}" is not recorded`);
  return {
    name: session.name,
    argv: ["sh", "-c", scriptOf(session)],
    files: RC_FILES,
    leaves: [],
    expect: { stdout: recorded },
  };
}
