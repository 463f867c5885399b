// Rows for cli/s6/instance_maker.ts. The scripts of the original spell out where its programs lie, which differs.

import type { Case, Given } from "../../rows/harness.ts";

const TEMPLATE: Readonly<Record<string, Given>> = {
  "tpl/run": { content: "#!/bin/sh\nexec sleep 1000\n", mode: 0o750 },
  "tpl/log/run": { content: "#!/bin/sh\nexec cat\n", mode: 0o755 },
  "tpl/data": { directory: 0o700 },
  "tpl/link": { link: "nowhere" },
};

const LEVEL = "find svc -name run ! -path '*/template/*' | xargs sed -i -E 's,^/usr/(lib/execline/)?bin/,,'";

function making(name: string, ...options: readonly string[]): Case {
  return {
    name,
    argv: [
      "sh",
      "-c",
      `s6-instance-maker "$@" tpl svc; code=$?; test ! -e svc || ${LEVEL}; exit $code`,
      "sh",
      ...options,
    ],
    files: TEMPLATE,
    stderr: true,
  };
}

const PREFIXED = making("s6-instance-maker -P of several words", "-L", "/l", "-P", 'a "b" ');

export const cases: readonly Case[] = [
  making("s6-instance-maker makes a service"),
  ...["1", "20", "90000", "999999"].map((most) => making(`s6-instance-maker -c ${most}`, "-c", most)),
  making("s6-instance-maker -u", "-u", "bob"),
  making("s6-instance-maker -u of nobody", "-u", ""),
  making("s6-instance-maker -L", "-L", "/var/log/x"),
  making("s6-instance-maker with all options of a logger", "-L/l", "-lbob", "-t2", "-n5", "-s5000", "-S9000", "-Px"),
  ...["0", "1", "2", "3"].map((stamp) => making(`s6-instance-maker -t ${stamp}`, "-L", "/l", "-t", stamp)),
  making("s6-instance-maker takes large sizes", "-L", "/l", "-s", "99999999999", "-S", "18446744073709551615"),
  making("s6-instance-maker takes zeroes", "-L", "/l", "-n", "0", "-s", "0", "-S", "0"),
  making("s6-instance-maker quotes", "-u", 'a"b', "-L", '/a"b\\n$x y', "-l", "c\\"),
  making("s6-instance-maker -P", "-L", "/l", "-P", "web:"),
  {
    ...PREFIXED,
    argv: [
      ...PREFIXED.argv.slice(0, 2),
      's6-instance-maker "$@" tpl svc; tail -n 1 svc/log/run',
      ...PREFIXED.argv.slice(3),
    ],
    exception: "the original does not quote the prefix",
    expect: { stdout: 's6-log -bd3 -- t n10 s1000000 "pa \\"b\\" " "/l"\n', code: 0 },
  },
  making("s6-instance-maker ignores a logger's options without a logger", "-l", "bob", "-t", "2", "-n", "5", "-P", "x"),
  making("s6-instance-maker -r of a service", "-r", "foo"),
  making("s6-instance-maker -r of a service and a logger", "-r", "foo/foo-log", "-L", "/l", "-l", "bob", "-u", "alice"),
  making("s6-instance-maker -r of a pipeline", "-r", "foo/foo-log/foo-pipe", "-L", "/l"),
  making("s6-instance-maker -r of a service twice", "-r", "foo/foo", "-L", "/l"),
  ...["a//b", "a/", "a/b/", "a/b/c/d"].map((names) => making(`s6-instance-maker -r ${names}`, "-L", "/l", "-r", names)),
  making("s6-instance-maker -r of nothing", "-r", ""),
  making("s6-instance-maker -r of a service without a logger", "-r", "foo", "-L", "/l"),
  {
    ...making("s6-instance-maker -r of a logger without a directory", "-r", "foo/bar"),
    stderr: false,
  },
  ...["-c", "-t", "-n", "-s", "-S"].map((option) => making(`s6-instance-maker ${option} of a word`, option, "x")),
  making("s6-instance-maker -n of too much", "-n", "99999999999"),
  making("s6-instance-maker -S of too much", "-S", "99999999999999999999"),
  making("s6-instance-maker -t of 4", "-t", "4"),
  making("s6-instance-maker -L of a relative path", "-L", "l"),
  making("s6-instance-maker -L of nothing", "-L", ""),
  making("s6-instance-maker with an unknown option", "-z"),
  { name: "s6-instance-maker without a directory", argv: ["s6-instance-maker", "tpl"], files: TEMPLATE, stderr: true },
  {
    name: "s6-instance-maker of a template that is missing",
    argv: ["s6-instance-maker", "nope", "svc"],
    leaves: ["svc"],
  },
  {
    name: "s6-instance-maker of a file",
    argv: ["s6-instance-maker", "tpl/run", "svc"],
    files: TEMPLATE,
    leaves: ["svc"],
  },
  {
    name: "s6-instance-maker of a directory that is there",
    argv: ["s6-instance-maker", "tpl", "svc"],
    files: { ...TEMPLATE, "svc/x": "" },
    stderr: true,
  },
  {
    name: "s6-instance-maker in a directory that is missing",
    argv: ["s6-instance-maker", "tpl", "a/svc"],
    files: TEMPLATE,
    stderr: true,
  },
];
