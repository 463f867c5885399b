// Rows in which a live set of services goes over to another database. A session changes a copy of the sources, compiles it, and
// updates. What the original did was recorded (record_rc.ts), as Debian does not have it.

import { BOUND_SUPERVISOR } from "../surroundings/bound.ts";
import type { Given } from "./harness.ts";
import type { RcSession } from "./rc_tree.ts";

type Service = Readonly<Record<string, string>>;

const longrun = (more: Service = {}): Service => ({ type: "longrun", run: "#!/bin/sh\nexec sleep 1000\n", ...more });
const oneshot = (name: string, more: Service = {}): Service => ({
  type: "oneshot",
  up: `echo ${name} up`,
  down: `echo ${name} down`,
  ...more,
});

/** The services of all sessions. */
const SERVICES: Readonly<Record<string, Service>> = {
  base: longrun({ "notification-fd": "3", run: "#!/bin/sh\necho >&3\nexec sleep 1000\n" }),
  leaning: longrun({ dependencies: "base" }),
  above: oneshot("above", { dependencies: "leaning" }),
  alone: longrun({ "data/word": "old\n" }),
  once: oneshot("once"),
  staying: oneshot("staying", { down: 'sh -c "exit 4"' }),
  slow: oneshot("slow", { down: "sleep 1000" }),
  vital: oneshot("vital", { "flag-essential": "" }),
  vein: longrun({ "flag-essential": "" }),
  talker: longrun({ "producer-for": "listener" }),
  listener: longrun({ run: "#!/bin/sh\nexec cat\n", "consumer-for": "talker", "pipeline-name": "talk" }),
  both: { type: "bundle", contents: "alone\nonce\n" },
};

export const RC_UPDATE_FILES: Readonly<Record<string, Given>> = Object.fromEntries(
  Object.entries(SERVICES).flatMap(([service, files]) =>
    Object.entries(files).map(([name, content]) => [
      `src/${service}/${name}`,
      content.startsWith("#!") ? { content, mode: 0o755 } : content,
    ])
  ),
);

/** Compiles a source; generated scripts find programs by PATH, so that they are the same for ours and the original. */
const COMPILED = `
compiled() {
  s6-rc-compile db-$1 $1 || return
  for d in db-$1/servicedirs/*; do
    read -r first <$d/run
    case $first in *execlineb*) ;; *) continue ;; esac
    mkdir -p $d/data
    sed 's#/command/##g; s#/usr/lib/execline/bin/##g; s#/usr/libexec/##g; s#/usr/bin/##g' $d/run >$d/data/own
    printf '#!/bin/sh\\nexec execlineb %s ./data/own "$@"\\n' "\${first##* }" >$d/run
  done
}`;

const startWith = (scanner: string): string => `
umask 022
export PATH=$PATH:/usr/libexec dir=$PWD
exec 2>&1
mkdir scan
${COMPILED}
compiled src
cp -r src new
${scanner} scan >scanner-said 2>&1 & scanner=$!
until /usr/bin/s6-svscanctl scan 2>/dev/null; do sleep 0.05; done
rc() { s6-rc -l $dir/live "$@"; }
update() { compiled new && s6-rc-update -l $dir/live "$@" $dir/db-new; }
again() { s6-rc-update -l $dir/live "$@"; }
pid() { s6-svstat -o pid live/servicedirs/$1; }
mark() { for n; do eval "pid_$n=$(pid $n)"; done; }
same() { eval "old=\\$pid_$1"; if test "$old" = "$(pid \${2:-$1})"; then echo same; else echo another; fi; }
held() { s6-fdholder-list live/servicedirs/s6rc-fdholder/s | sort; }
s6-rc-init -c $dir/db-src -l $dir/live $dir/scan`;

const STOP = `
s6-svscanctl -t scan 2>/dev/null
wait $scanner`;

/** What differs from run to run, and where programs lie. */
const LEVEL = "s#$dir#DIR#g; s/s6-rc-(init|update):[A-Za-z0-9]{6}/s6-rc-\\\\1:XXXXXX/g; s#/usr/bin/s6-#s6-#g";

/**
 * The script of a session; the exit code of each line is printed behind it.
 * @param bound what stands before the command of the scanner
 */
export function updateScriptOf(
  { lines }: RcSession,
  bound: string = BOUND_SUPERVISOR,
  scanner = "/usr/bin/s6-svscan",
): string {
  const steps = lines.map((line) => `${line}\necho "= $?"`).join("\n");
  return `${startWith(`${bound} ${scanner}`)}\n{\n${steps}\n} </dev/null 2>&1 | sed -E "${LEVEL}"\n${STOP}`;
}
