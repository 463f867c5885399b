// Rows for cli/s6/fdholder.ts: the clients, tried on Debian's holder. That ours serves Debian's clients, and our own, is
// for the rows of fdholderd.ts.

import { ATTEMPTS, holding, rule } from "./fdholderd.ts";
import type { Case } from "../../rows/harness.ts";

const THEIRS = "/usr/bin/s6-fdholder-daemon";
const held = (name: string, steps: string): Case => holding(name, THEIRS, steps);
const LIST = "/usr/bin/s6-fdholder-list sock";
const STORE = "/usr/bin/s6-fdholder-store sock";
const long = (length: number): string => "n".repeat(length);

/** The environment of 600 descriptors. */
const MANY = 'set --; for i in $(seq 0 599); do set -- "$@" S6_FD_$i=0 S6_FDID_$i=n$i; done; env \'S6_FD#=600\' "$@"';

const usage = (program: string, ...args: string[]): Case => ({
  name: `${program} wants ${args.length === 0 ? "more operands" : "no such option or value"}`,
  argv: [program, ...args],
  stderr: true,
});

export const cases: readonly Case[] = [
  held("s6-fdholder-store takes standard input", `echo hi >f; s6-fdholder-store sock a <f; echo $?; ${LIST}`),
  held(
    "s6-fdholder-store -d takes another descriptor",
    `echo hi >f; s6-fdholder-store -d 7 sock a 7<f; echo $?; ${LIST}`,
  ),
  held("s6-fdholder-store of a closed descriptor", `s6-fdholder-store -d 7 sock a; echo $?; ${LIST}`),
  held("s6-fdholder-store of a number that only a runtime has", "s6-fdholder-store -d 4 sock a; echo $?"),
  {
    ...held("s6-fdholder-store of closed standard input", `s6-fdholder-store sock a <&-; echo $?; ${LIST}`),
    exception: "the original stores its own connection, which gets the number of the standard input",
    expect: { stdout: "1\n" },
  },
  held("s6-fdholder-store under a name that is taken", `${STORE} a; s6-fdholder-store sock a; echo $?`),
  held(
    "s6-fdholder-store -T has an end",
    `s6-fdholder-store -T 2000 sock a; echo $?; ${LIST}; until test -z "$(${LIST})"; do sleep 0.05; done; echo gone`,
  ),
  held("s6-fdholder-store -t has time enough", `s6-fdholder-store -t 10000 sock a; echo $?; ${LIST}`),
  held("s6-fdholder-store under the longest name", `s6-fdholder-store sock ${long(255)}; echo $?; ${LIST}`),
  held("s6-fdholder-store under a longer one", `s6-fdholder-store sock ${long(256)}; echo $?; ${LIST}`),
  held("s6-fdholder-store under an empty one", `s6-fdholder-store sock ''; echo $?; ${LIST}`),
  held(
    "s6-fdholder-list quotes what is no printable ASCII",
    `${STORE} "$(printf 'a\\007\\b\\t\\n\\v\\f\\r\\\\ "x\\001\\037\\177\\377')"; ${STORE} b; s6-fdholder-list sock; echo $?`,
  ),
  held("s6-fdholder-list -t of nothing", "s6-fdholder-list -t 10000 sock; echo $?"),
  held(
    "s6-fdholder-retrieve gives a program the descriptor",
    `echo hi >f; ${STORE} a <f; s6-fdholder-retrieve -t 10000 sock a cat; echo $?; ${LIST}`,
  ),
  held(
    "s6-fdholder-retrieve -D leaves nothing behind",
    `echo hi >f; ${STORE} a <f; s6-fdholder-retrieve -D sock a cat; echo $?; ${LIST}`,
  ),
  held("s6-fdholder-retrieve of an unknown name", "s6-fdholder-retrieve sock a echo no; echo $?"),
  held("s6-fdholder-retrieve of a longer name than there are", `s6-fdholder-retrieve sock ${long(256)} true; echo $?`),
  held("s6-fdholder-retrieve for a missing program", `${STORE} a; s6-fdholder-retrieve sock a nope; echo $?`),
  held(
    "s6-fdholder-retrieve goes on with a program of ours",
    `echo hi >f; ${STORE} a <f; s6-fdholder-retrieve sock a s6-fdholder-store sock b; echo $?; ${LIST}`,
  ),
  held("s6-fdholder-delete closes", `${STORE} a; s6-fdholder-delete -t 10000 sock a; echo $?; ${LIST}`),
  {
    ...held("s6-fdholder-delete names the identifier", "s6-fdholder-delete sock a 2>&1; echo $?"),
    exception: "the original (2.11.3) names the socket",
    expect: { stdout: "s6-fdholder-delete: fatal: unable to delete fd for id a: No such file or directory\n1\n" },
  },
  held("s6-fdholder-delete of an unknown name", "s6-fdholder-delete sock a; echo $?"),
  held(
    "s6-fdholder-getdump describes all in the environment",
    `${STORE} a; ${STORE} 'b c'; s6-fdholder-getdump -t 10000 sock env | grep -a '^S6_FD[#I]' | sort`,
  ),
  held(
    "s6-fdholder-getdump gives limits to what has one",
    `${STORE} a; /usr/bin/s6-fdholder-store -T 100000000 sock b; s6-fdholder-getdump sock env | grep ^S6_FDL | cut -c1-20`,
  ),
  held(
    "s6-fdholder-getdump opens the descriptors",
    `echo hi >f; ${STORE} a <f; s6-fdholder-getdump sock sh -c 'cat <&$S6_FD_0'; echo $?`,
  ),
  held("s6-fdholder-getdump of nothing", "s6-fdholder-getdump sock env | grep ^S6_"),
  held("s6-fdholder-getdump for a missing program", "s6-fdholder-getdump sock nope; echo $?"),
  held(
    "s6-fdholder-setdump gives what the environment describes",
    `env 'S6_FD#=2' S6_FD_0=7 S6_FDID_0=x S6_FD_1=0 S6_FDID_1=y s6-fdholder-setdump -t 10000 sock 7<rules/uid/0/allow;` +
      `echo $?; ${LIST}; /usr/bin/s6-fdholder-retrieve sock x wc -c`,
  ),
  held(
    "s6-fdholder-setdump knows limits",
    `env 'S6_FD#=1' S6_FD_0=0 S6_FDID_0=x S6_FDLIMIT_0=@4000000090000000000000ffrest s6-fdholder-setdump sock;` +
      "echo $?; /usr/bin/s6-fdholder-getdump sock env | grep ^S6_FDL",
  ),
  held("s6-fdholder-setdump of nothing", "env 'S6_FD#=0' s6-fdholder-setdump sock; echo $?"),
  ...[
    ["a count that is none", "'S6_FD#=1x'"],
    ["a missing descriptor", "'S6_FD#=1' S6_FDID_0=x"],
    ["a descriptor that is no number", "'S6_FD#=1' S6_FD_0=x S6_FDID_0=x"],
    ["a missing name", "'S6_FD#=1' S6_FD_0=0"],
    ["an empty name", "'S6_FD#=1' S6_FD_0=0 S6_FDID_0="],
    ["a limit that is none", "'S6_FD#=1' S6_FD_0=0 S6_FDID_0=x S6_FDLIMIT_0=4000"],
    ["a closed descriptor", "'S6_FD#=1' S6_FD_0=9 S6_FDID_0=x"],
  ].map(([what, variables]) =>
    held(`s6-fdholder-setdump of ${what}`, `env ${variables} s6-fdholder-setdump sock; echo $?`)
  ),
  { name: "s6-fdholder-setdump without a count", argv: ["s6-fdholder-setdump", "sock"], stderr: true },
  {
    ...held(
      "a dump of more than a call can send goes in several",
      `${MANY} s6-fdholder-setdump sock; echo $?; ${LIST} | wc -l`,
    ),
    exception: "the original puts 255 into one call, and the system takes 253",
    expect: { stdout: "0\n600\n", code: 0 },
  },
  {
    ...holding(
      "so it comes from our holder",
      "s6-fdholder-daemon",
      `${MANY} s6-fdholder-setdump sock; for all in s6-fdholder-getdump /usr/bin/s6-fdholder-getdump; do $all sock ` +
        "sh -c 'env | grep -c S6_FDID; test -e /proc/self/fd/$S6_FD_599; echo $?'; done",
    ),
    exception: "the original puts 255 into one call, and the system takes 253",
    expect: { stdout: "600\n0\n600\n0\n", code: 0 },
  },
  ...["10000", "10000:", ":10000", "10000:10000", ":"].map((times) =>
    held(
      `s6-fdholder-transferdump -t ${times} copies to another holder`,
      `${STORE} a; ${STORE} b; ${THEIRS} -1 -i rules two >ready2 & q=$!; until test -s ready2; do sleep 0.05; done;` +
        `until ${LIST} | grep -q b; do sleep 0.05; done; s6-fdholder-transferdump -t ${times} sock two; echo $?;` +
        "/usr/bin/s6-fdholder-list two; kill $q; wait $q; rm ready2 two two.lock",
    )
  ),
  held("s6-fdholder-transferdump from nobody", "s6-fdholder-transferdump nope sock; echo $?"),
  held("s6-fdholder-transferdump to nobody", "s6-fdholder-transferdump sock nope; echo $?"),
  ...["list sock", "delete sock a", "store sock a", "retrieve sock a true", "getdump sock true"].map((call): Case => ({
    name: `s6-fdholder-${call} without a holder`,
    argv: [`s6-fdholder-${call.split(" ")[0]}`, ...call.split(" ").slice(1)],
    stderr: true,
  })),
  {
    name: "s6-fdholder-list by a path that is too long for a socket",
    argv: ["s6-fdholder-list", "s".repeat(108)],
  },
  {
    name: "s6-fdholder-list of a file that is no socket",
    argv: ["s6-fdholder-list", "f"],
    files: { f: "" },
    stderr: true,
  },
  {
    name: "s6-fdholder-list -t gives up on a holder that says nothing",
    argv: ["sh", "-c", "s6-ipcserver-socketbinder sock s6-fdholder-list -t 2000 sock; echo $?; rm sock sock.lock"],
    stderr: true,
  },
  usage("s6-fdholder-store", "sock"),
  usage("s6-fdholder-store", "-z"),
  usage("s6-fdholder-store", "-d", "x", "sock", "a"),
  usage("s6-fdholder-store", "-t", "x", "sock", "a"),
  usage("s6-fdholder-store", "-T", "x", "sock", "a"),
  usage("s6-fdholder-retrieve", "sock", "a"),
  usage("s6-fdholder-retrieve", "-z"),
  usage("s6-fdholder-list"),
  usage("s6-fdholder-list", "-z"),
  usage("s6-fdholder-delete", "sock"),
  usage("s6-fdholder-delete", "-z"),
  usage("s6-fdholder-getdump", "sock"),
  usage("s6-fdholder-getdump", "-z"),
  usage("s6-fdholder-setdump"),
  usage("s6-fdholder-setdump", "-z"),
  usage("s6-fdholder-transferdump", "sock"),
  usage("s6-fdholder-transferdump", "-z"),
  usage("s6-fdholder-transferdump", "-t", "", "a", "b"),
  usage("s6-fdholder-transferdump", "-t", "1:x", "a", "b"),
  usage("s6-fdholder-transferdump", "-t", "1:2:3", "a", "b"),
  {
    ...holding(
      "s6-fdholder-daemon -t counts from what a client did last",
      "s6-fdholder-daemon -t 1500",
      "/usr/bin/s6-ipcclient sock sh -c \"for part in '\\0\\0' '\\0\\1' '\\0'; do printf \\$part >&7; sleep 0.6; done; " +
        "printf '\\0L' >&7; head -c 11 <&6 | wc -c\"",
    ),
    exception: "the original wants a message whole",
    expect: { stdout: "11\n", code: 0 },
  },
  holding("a client that is not let in is told so", THEIRS, "s6-fdholder-list sock; echo $?", {
    "rules/uid/0/deny": "",
  }),
  holding("a client without rights may do nothing", THEIRS, ATTEMPTS, rule("uid/0", {})),
];
