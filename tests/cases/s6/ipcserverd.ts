// Rows for cli/s6/ipcserverd.ts and s6-ipcserver: a server, and Debian's clients.

import type { Case } from "../../rows/harness.ts";

const CLIENT = "/usr/bin/s6-ipcclient";
/** Connects, prints what the server's program says, and goes when that ends. */
const ASK = `${CLIENT} sock sh -c 'cat <&6'`;

/** Pids are replaced, so that both say the same. */
const serving = (name: string, server: string, steps: string): Case => ({
  name,
  argv: [
    "sh",
    "-c",
    `${server} >ready 2>err & server=$!; until test -s ready; do kill -0 $server || exit 99; sleep 0.05; done
${steps}
wait $server; echo "server $?"; sed -E 's/pid [0-9]+/pid N/' err; rm err ready`,
  ],
});
const END = "kill $server";
/** Prints what the program has in its environment. */
const SEEN =
  `sh -c 'env | grep -E "^(PROTO|IPC)" | sort; readlink /proc/self/fd/1 | cut -c1-6; grep flags /proc/$$/fdinfo/0'`;
/** A program that lasts until a line comes. */
const LINE = "sh -c 'echo here; read line; echo $line'";
const waitFor = (pattern: string): string => `until grep -q '${pattern}' err; do sleep 0.05; done`;
/** A server that ends its programs may have seen them end, or not. */
const UNSEEN_ENDS = "sed -i -E '/end pid|status/d' err";

export const cases: readonly Case[] = [
  serving("s6-ipcserver runs a program for a client", "s6-ipcserver -1 sock echo hi", `${ASK}; ${END}`),
  serving("s6-ipcserver tells the program who the client is", `s6-ipcserver -1 sock ${SEEN}`, `${ASK}; ${END}`),
  {
    ...serving(
      "s6-ipcserver -v -P does not ask",
      `s6-ipcserver -v -P -1 sock ${SEEN}`,
      `${ASK}; ${waitFor("end pid")}; ${END}`,
    ),
    exception: "as from 2.13 on: 2.11.3 takes root for what it has not asked about",
    expect: {
      stdout: `IPCCONNNUM=
IPCREMOTEPATH=
PROTO=IPC
pipe:[
flags:\t02
server 0
s6-ipcserverd: info: starting
s6-ipcserverd: info: status: 0/40
s6-ipcserverd: info: allow ?:? pid N count ?/40
s6-ipcserverd: info: status: 1/40
s6-ipcserverd: info: end pid N uid ? exitcode 0
s6-ipcserverd: info: status: 0/40
s6-ipcserverd: info: received SIGTERM, quitting
s6-ipcserverd: info: exiting
`,
    },
  },
  serving(
    "s6-ipcserver tells the path of a client that has one",
    `s6-ipcserver -1 sock ${SEEN}`,
    `${CLIENT} -p own sock sh -c 'cat <&6'; ${END}`,
  ),
  serving(
    "s6-ipcserver -v tells of each connection",
    "s6-ipcserver -v -1 sock sh -c 'exit 3'",
    `${ASK}; ${waitFor("status: 0/40")}; ${waitFor("exitcode 3")}; ${END}`,
  ),
  serving(
    "s6-ipcserver -v tells of a program that was killed",
    "s6-ipcserver -v -1 -c 5 sock sh -c 'kill -9 $$'",
    `${ASK}; ${waitFor("end pid")}; ${END}`,
  ),
  {
    ...serving("s6-ipcserver of a program that does not exist", "s6-ipcserver -1 sock nope", `${ASK}; ${END}`),
    exception: "as from 2.12 on: 2.11.3 forks, and its child says so, though told to be quiet",
    expect: { stdout: "server 0\ns6-ipcserverd: warning: unable to exec nope: No such file or directory\n" },
  },
  serving("s6-ipcserver -q is quiet", "s6-ipcserver -q -1 -C 1 sock true", `${ASK}; ${END}`),
  {
    ...serving(
      "s6-ipcserver -C denies what is too much for one user",
      "s6-ipcserver -1 -c 5 -C 1 sock sh -c 'echo here; read line; echo $IPCCONNNUM $line'",
      `mkfifo go; ${CLIENT} sock sh -c 'read here <&6; echo $here; : >in; read x <go; echo bye >&7; cat <&6' & client=$!
until test -e in; do sleep 0.05; done; ${ASK}; echo denied; echo >go; wait $client; rm go in; ${END}`,
    ),
    exception: "the original adds the reason of an error that it has not met: Success",
    expect: { stdout: "here\ndenied\n1 bye\nserver 0\ns6-ipcserverd: info: deny 0:0 count 1/1\n" },
  },
  serving(
    "s6-ipcserver -c lets clients wait that are too many",
    "s6-ipcserver -v -1 -c 1 sock sh -c 'echo here; read line; exit 0'",
    `${CLIENT} sock sh -c 'read here <&6; echo first $here; exec 6<&-; : >in; until test -e out; do sleep 0.05; done; echo bye >&7' &
until test -e in; do sleep 0.05; done; ${CLIENT} sock sh -c 'echo two >&7; : >asked; cat <&6' & second=$!
until test -e asked; do sleep 0.05; done; : >out; wait $second; rm in asked out
until test "$(grep -c "end pid" err)" = 2; do sleep 0.05; done; ${END}`,
  ),
  serving(
    "s6-ipcserver ends by TERM, and leaves its programs alone",
    `s6-ipcserver -v -1 sock ${LINE}`,
    `${CLIENT} sock sh -c 'read here <&6; : >in; until test -e out; do sleep 0.05; done; echo bye >&7; cat <&6' &
client=$!; until test -e in; do sleep 0.05; done; kill $server; wait $server; : >out; wait $client; rm in out`,
  ),
  serving(
    "s6-ipcserver ends by QUIT, and ends its programs",
    `s6-ipcserver -v -1 sock ${LINE}`,
    `${CLIENT} sock sh -c 'read here <&6; : >in; cat <&6; echo over' & client=$!
until test -e in; do sleep 0.05; done; kill -QUIT $server; wait $server; wait $client; rm in; ${UNSEEN_ENDS}`,
  ),
  serving(
    "s6-ipcserver ends by ABRT, and kills",
    `s6-ipcserver -v -1 sock ${LINE}`,
    `${CLIENT} sock sh -c 'read here <&6; : >in; cat <&6; echo over' & client=$!
until test -e in; do sleep 0.05; done; kill -ABRT $server; wait $server; wait $client; rm in; ${UNSEEN_ENDS}`,
  ),
  serving(
    "s6-ipcserver passes HUP on as TERM",
    "s6-ipcserver -v -1 sock sh -c 'trap \"exit 4\" TERM; : >in; while :; do sleep 0.05; done'",
    `${ASK} & client=$!; until test -e in; do sleep 0.05; done; kill -HUP $server; wait $client; rm in; ${
      waitFor("end pid")
    }; ${END}`,
  ),
  serving(
    "s6-ipcserver gives up its ids",
    "s6-ipcserver -1 -u 12 -g 13 -G 14,15 sock sh -c 'id -u; id -g; id -G'",
    `chmod 755 .; ${ASK}; ${END}`,
  ),
  serving(
    "s6-ipcserver -U takes ids from the environment",
    "env UID=12 GID=13 GIDLIST=14 s6-ipcserver -1 -U sock sh -c 'id -u; id -g; id -G; echo $UID'",
    `chmod 755 .; ${ASK}; ${END}`,
  ),
  serving("s6-ipcserver -a gives the mode", "s6-ipcserver -1 -a 7700 sock true", `stat -c %a sock; ${END}`),
  {
    name: "s6-ipcserver -D leaves what is there alone",
    argv: ["s6-ipcserver", "-D", "sock", "true"],
    files: { sock: "" },
    stderr: true,
  },
  { name: "s6-ipcserver without a program", argv: ["s6-ipcserver", "sock"], stderr: true },
  { name: "s6-ipcserver with an unknown option", argv: ["s6-ipcserver", "-z", "sock", "true"], stderr: true },
  { name: "s6-ipcserverd of what is no socket", argv: ["s6-ipcserverd", "true"], stderr: true },
  { name: "s6-ipcserverd without a program", argv: ["s6-ipcserverd"], stderr: true },
  { name: "s6-ipcserverd without standard input", argv: ["sh", "-c", "s6-ipcserverd true <&-; echo $?"], stderr: true },
  ...["-c x", "-C x", "-v x", "-z"].map((option): Case => ({
    name: `s6-ipcserverd ${option}`,
    argv: ["s6-ipcserverd", ...option.split(" "), "true"],
    stderr: true,
  })),
];
