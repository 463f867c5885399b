// Many calls of programs, each in a place where something does not work: one shell makes them all, in namespaces of its
// own. There the file system is read-only but for an empty directory for each call, so that no program, and no mistake in
// one, reaches the machine. Needs root.

import { byteString } from "../../lib/bytes.ts";
import { ownNamespaces } from "../../scripts/namespaces.ts";
import { BOUND } from "../surroundings/bound.ts";
import { staticProgram } from "../surroundings/static_program.ts";

/** Shell words that change the surroundings and become the program; `run` and what is behind it is the program. */
export const SURROUNDINGS = {
  "as usual": 'run "$@"',
  "standard input closed": 'run "$@" <&-',
  "standard output closed": 'run "$@" >&-',
  "standard error closed": 'run "$@" 2>&-',
  "all closed": 'run "$@" <&- >&- 2>&-',
  "no environment": 'exec /usr/bin/env -i /mnt/limited "$LIMIT" -- "$@"',
  "no directory": 'mkdir gone && cd gone && rmdir ../gone && run "$@"',
  "a full disk": 'run "$@" >/dev/full',
  "nowhere to write at all": 'run "$@" >/dev/full 2>/dev/full',
  "a directory that cannot be written": 'cd /mnt/unwritable && run "$@"',
  "a directory that cannot be read":
    'cd /mnt/unreadable && run /usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups "$@"',
} as const;

export type SweptSurroundings = keyof typeof SURROUNDINGS;

export interface SweptCall {
  readonly program: string;
  readonly surroundings: SweptSurroundings;
  readonly words: readonly string[];
}

/** How a call ended. */
export interface SweptEnd {
  /** The exit code, or 137 if it had to be killed. */
  readonly code: number;
  readonly stderr: string;
}

/** Seconds after which a call hangs, however slow the machine is. */
const LIMIT = 20;

// Frames of execline, so that programs that need one get further. A shell would not pass these variables on.
const FRAME = "'#=2' 0=s 1=a 2=";

/** A program that is started by a call, or many at once beforehand, costs as much as what is called. */
const BEGIN = (home: string, limited: string, calls: number): string => `
mount -o remount,bind,ro /
mount -t tmpfs -o mode=755 none /mnt
cp ${limited} /mnt/limited
mkdir /mnt/home /mnt/unwritable /mnt/calls ${Array.from({ length: calls }, (_, at) => `/mnt/calls/${at + 1}`).join(" ")}
mkdir -m 700 /mnt/unreadable
mount --bind ${home} /mnt/home
# Where nobody else may enter the directory of this checkout, its first part is hidden behind an empty one.
if ! setpriv --reuid 65534 --regid 65534 --clear-groups test -x ${home}/command; then
  mount -t tmpfs -o mode=755 none /${home.split("/")[1]}
  mkdir -p ${home}
  mount --bind /mnt/home ${home}
fi
mount -t tmpfs -o ro none /mnt/unwritable
mount -o remount,bind,ro /dev
LIMIT=${LIMIT}
number=0
run() { exec /mnt/limited "$LIMIT" ${FRAME} -- "$@"; }
call() {
  number=$((number + 1))
  how=$1
  shift
  (cd /mnt/calls/$number; eval "$how") </dev/null 2>&1 >/dev/null
  printf '\\0%d\\0' $?
}
`;

// Below an init that prints nothing, as what it prints would come between.
const BELOW = 'mount -t tmpfs run /run && S6_VERBOSITY=0 S6_ANSWER_CALLS=$1 exec "$0" sh';

/** Our /init as process 1, and whether it answers calls. */
export interface BelowInit {
  readonly init: string;
  readonly answers: boolean;
}

/** Makes the calls one after another. */
export async function sweep(
  home: string,
  calls: readonly SweptCall[],
  below?: BelowInit,
): Promise<SweptEnd[]> {
  const lines = calls.map(({ program, surroundings, words }) =>
    ["call", SURROUNDINGS[surroundings], program, ...words].map((word, at) => at === 0 ? word : quoted(word)).join(" ")
  );
  const begin = BEGIN(home, await staticProgram("limited"), calls.length);
  const [first = "", ...args] = [...BOUND, ...ownNamespaces("pid", "proc", "uts", "ipc", "net"), "sh"];
  if (below !== undefined) args.push("-c", BELOW, below.init, below.answers ? "1" : "0");
  const child = new Deno.Command(first, {
    args,
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`set -e\n${begin}set +e\n${lines.join("\n")}\n`));
  await writer.close();
  const { stdout, stderr } = await child.output();
  const parts = byteString(stdout).split("\0");
  if (parts.length !== 2 * calls.length + 1) {
    throw new Error(`${lines.join("\n")}\n${byteString(stderr)}${byteString(stdout)}`);
  }
  return calls.map((_, index) => ({ code: Number(parts[2 * index + 1]), stderr: parts[2 * index]! }));
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
