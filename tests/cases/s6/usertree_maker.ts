// Rows for cli/s6/usertree_maker.ts. The scripts of the original spell out where its programs lie, which differs.

import type { Case } from "../../rows/harness.ts";

const LEVEL = "find svc -name run | xargs sed -i -E 's,^/usr/(lib/execline/)?bin/,,; s,\\{ /usr/lib/execline/bin/,{ ,'";

function making(name: string, ...options: readonly string[]): Case {
  return calling(name, ...options, "ska", "/var/log/ska", "svc");
}

function calling(name: string, ...words: readonly string[]): Case {
  const script = `s6-usertree-maker "$@"; code=$?; test ! -e svc || ${LEVEL}; exit $code`;
  return { name, argv: ["sh", "-c", script, "sh", ...words], stderr: true };
}

export const cases: readonly Case[] = [
  making("s6-usertree-maker makes a service"),
  ...["/run/${UID}/s", "${HOME}/", "/", '/a"b${X}\\q y'].map((path) =>
    making(`s6-usertree-maker -d ${path}`, "-d", path)
  ),
  ...["", "service", "${HOME}", "${UID}/s", "$HOME/s"].map((path) =>
    making(`s6-usertree-maker -d '${path}'`, "-d", path)
  ),
  making("s6-usertree-maker -p", "-p", "${HOME}/bin:/bin"),
  making("s6-usertree-maker -p of nothing", "-p", ""),
  making("s6-usertree-maker -E", "-E", "/etc/env"),
  making("s6-usertree-maker -e", "-E", "/etc/env", "-e", "A", "-e", 'b"c'),
  making("s6-usertree-maker -e without -E", "-e", "A"),
  making("s6-usertree-maker -e of no name", "-e", "a=b"),
  making("s6-usertree-maker with all options of a logger", "-lbob", "-t3", "-n5", "-s5000", "-S9000", "-Px"),
  ...["0", "1", "2", "4", "x"].map((stamp) => making(`s6-usertree-maker -t ${stamp}`, "-t", stamp)),
  making("s6-usertree-maker -r", "-r", "a/b"),
  making("s6-usertree-maker -r of a pipeline", "-r", "a/b/c", "-l", "bob"),
  ...["a", "", "/", "/b", "a/", "a//c", "a/b/", "a/b/c/d", "a/a"].map((names) =>
    making(`s6-usertree-maker -r '${names}'`, "-r", names)
  ),
  ...["n", "s", "S"].map((letter) => making(`s6-usertree-maker -${letter} of a word`, `-${letter}`, "x")),
  making("s6-usertree-maker with several mistakes", "-d", "x", "-t", "9", "-r", "a"),
  making("s6-usertree-maker with two mistakes", "-t", "9", "-r", "a"),
  calling("s6-usertree-maker with a mistake in a number first", "-n", "x", "ska", "log", "svc"),
  calling("s6-usertree-maker quotes", 'a"b\\', '/l g"$x', "svc"),
  calling("s6-usertree-maker with a relative log directory", "-t", "9", "ska", "log", "svc"),
  calling("s6-usertree-maker with an unknown option", "-z"),
  calling("s6-usertree-maker without a directory", "ska", "/log"),
  calling("s6-usertree-maker where nothing can be", "ska", "/log", "nope/svc"),
  { ...making("s6-usertree-maker where something is"), files: { "svc/x": "" } },
  {
    name: "s6-usertree-maker -P of several words",
    argv: ["sh", "-c", `s6-usertree-maker -P 'a "b"' ska /l svc; tail -n 1 svc/log/run`],
    leaves: [],
    exception: "the original does not quote the prefix",
    expect: { stdout: 's6-log -bd3 -- t n10 s1000000 "pa \\"b\\"" "/l"\n', code: 0 },
  },
];
