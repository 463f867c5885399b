// Rows about repositories of services: two stores, and sessions of the programs that work on a repository of them. What the
// original did was recorded (record_rc.ts), as Debian does not have it.

import { BOUND_SUPERVISOR } from "../surroundings/bound.ts";
import type { Given } from "./harness.ts";
import type { RcSession } from "./rc_tree.ts";

type Service = Readonly<Record<string, string>>;

const longrun = (more: Service = {}): Service => ({ type: "longrun\n", run: "#!/bin/sh\nexec sleep 1000\n", ...more });
const oneshot = (more: Service = {}): Service => ({ type: "oneshot\n", up: "", ...more });

/** By store and name. */
const SERVICES: Readonly<Record<string, Service>> = {
  "st1/base": longrun(),
  "st1/web": longrun({ dependencies: "base" }),
  "st1/job": oneshot({ dependencies: "web" }),
  "st1/vital": oneshot({ "flag-essential": "" }),
  "st1/good": longrun({ "flag-recommended": "" }),
  "st1/talker": longrun({ "producer-for": "listener" }),
  "st1/listener": longrun({ "consumer-for": "talker", "pipeline-name": "talk" }),
  "st1/grp": { type: "bundle\n", contents: "web\njob\n" },
  "st2/base": longrun({ "timeout-up": "70000" }),
  "st2/extra": oneshot({ dependencies: "good" }),
  "st2/more": { type: "bundle\n", contents: "extra\n" },
  "st3/wrong": oneshot({ dependencies: "nobody" }),
  "st4/odd": { type: "service\n" },
  "st5/only": longrun(),
};

export const REPOSITORY_FILES: Readonly<Record<string, Given>> = Object.fromEntries(
  Object.entries(SERVICES).flatMap(([service, files]) =>
    Object.entries(files).map(([name, content]) => [
      `${service}/${name}`,
      content.startsWith("#!") ? { content, mode: 0o755 } : content,
    ])
  ),
);

const PROGRAMS =
  "repo-init repo-list repo-sync set-new set-copy set-delete set-status set-change set-fix set-commit set-install"
    .split(" ");

// Each program that a session starts takes time, and there are many sessions: what the shell can do, it does itself.
const START = `
umask 022
export dir=$PWD
exec 2>&1
${PROGRAMS.map((name) => `${name.replace("-", "_")}() { s6-rc-${name} -r $dir/repo "$@"; }`).join("\n")}
without_cure() { grep -v "s6-rc-compile: info:"; }
status() { set_status "$@" | sort; }
db() { set=$1; shift; s6-rc-db -c repo/compiled/$set "$@" | sort; }
tree() {
  find repo -path 'repo/compiled/*/*' -prune -o -type l -printf '%p -> %l\\n' -o -printf '%m %p\\n' |
    sed -E "$level" | sort
}
scanning() {
  mkdir scan boot
  BOUND /usr/bin/s6-svscan scan >/dev/null 2>&1 & scanner=$!
  until /usr/bin/s6-svscanctl scan 2>/dev/null; do sleep 0.05; done
}
install() { set_install -c $dir/boot/current -l $dir/live "$@"; }
pid() { s6-svstat -o pid live/servicedirs/$1; }`;

const STOP = `
if test -d scan; then s6-svscanctl -t scan 2>/dev/null; wait $scanner; fi`;

/** What differs from run to run, and where programs lie. */
const LEVEL = "s#$dir#DIR#g; s/@[0-9a-f]{24}/@STAMP/g; s/:[A-Za-z0-9_-]{6}([^A-Za-z0-9_-]|\\$)/:XXXXXX\\1/g; " +
  "s#/usr/bin/s6-#s6-#g";

/**
 * The script of a session; the exit code of each line is printed behind it.
 * @param bound what stands before the command of the scanner
 */
export function repositoryScriptOf({ lines }: RcSession, bound: string = BOUND_SUPERVISOR): string {
  const steps = lines.map((line) => `${line}\necho "= $?"`).join("\n");
  const start = START.replace("BOUND", bound);
  return `${start}\nlevel="${LEVEL}"\n{\n${steps}\n${STOP}\n} </dev/null 2>&1 | sed -E "$level"`;
}
