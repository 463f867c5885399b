// Rows for cli/s6/ipc_access.ts.

import type { Case } from "../../rows/harness.ts";

const TREE =
  `mkdir -p r/uid/0/env r/uid/5 r/gid/7 r/gid/9 exec/uid/0/env; : >r/uid/0/allow; : >r/gid/7/allow; : >r/uid/5/deny
: >r/gid/9/allow; : >r/gid/9/deny; echo bar >r/uid/0/env/FOO; : >r/uid/0/env/GONE; : >exec/uid/0/allow
echo bar >exec/uid/0/env/FOO; printf 'importas -i F FOO echo "from exec" $F \\n' >exec/uid/0/exec`;
const SEEN = `sh -c 'env | grep -E "^(PROTO|IPC|UNIX|FOO|GONE)" | sort'`;

/** The program as a server calls it: what it says, with pids replaced, and its exit code. */
const judged = (name: string, command: string, told = "PROTO=IPC IPCREMOTEEUID=0 IPCREMOTEEGID=0"): Case => ({
  name: `s6-ipcserver-access ${name}`,
  argv: [
    "sh",
    "-c",
    `${TREE}\n( env GONE=1 IPCREMOTEPATH=p IPCCONNNUM=1 ${told} s6-ipcserver-access ${command}; echo $? ) 2>err
sed -E 's/pid [0-9]+/pid N/' err; rm -r err r exec`,
  ],
});
const uid = (number: string, gid = "0"): string => `PROTO=IPC IPCREMOTEEUID=${number} IPCREMOTEEGID=${gid}`;

/** A program with these variables, and what it says. */
const limited = (name: string, told: string, program = "echo hi"): Case => ({
  name: `s6-connlimit ${name}`,
  argv: ["sh", "-c", `env ${told} s6-connlimit ${program} 2>&1; echo $?`],
});

export const cases: readonly Case[] = [
  judged("lets in whom a rule names, with its variables", `-v2 -l here -i r ${SEEN}`),
  judged("-E takes away what describes the connection", `-v2 -E -l here -i r ${SEEN}`),
  judged("-E -e leaves it", `-E -e -l here -i r ${SEEN}`),
  judged("tells of it", "-l here -i r echo hi"),
  judged("-v0 does not", "-v0 -l here -i r echo hi"),
  judged("-v2 warns if there are no rules", "-v2 -l here echo hi"),
  judged("without rules lets everyone in", `-l here ${SEEN}`, uid("1234", "5678")),
  judged("runs the command of a rule", "-l here -i exec echo no"),
  judged("denies whom a rule denies", "-v2 -l here -i r echo no", uid("5")),
  judged("denies without a word", "-l here -i r echo no", uid("5")),
  judged("denies whom no rule names", "-v2 -l here -i r echo no", uid("6", "8")),
  judged("looks at the group", "-v2 -l here -i r echo hi", uid("6", "7")),
  judged("allows before it denies", "-v2 -l here -i r echo hi", uid("6", "9")),
  judged("denies all where there is no directory", "-v2 -l here -i none echo no"),
  judged("takes the last of -i and -x", "-v2 -l here -i r -x none echo no"),
  judged("-x of a file that is not there", "-v2 -l here -x none echo no"),
  judged("goes by another protocol", `-v2 -l here -i r ${SEEN}`, "PROTO=UNIX UNIXREMOTEEUID=0 UNIXREMOTEEGID=0"),
  judged("wants a protocol", "-l here -i r echo no", "A=b"),
  judged("wants a user", "-l here -i r echo no", "PROTO=IPC IPCREMOTEEGID=0"),
  judged("wants a group", "-l here -i r echo no", "PROTO=IPC IPCREMOTEEUID=0"),
  judged("wants numbers", "-l here -i r echo no", uid("x")),
  judged("wants numbers of groups", "-l here -i r echo no", uid("0", "''")),
  judged("wants them without rules too", "-l here echo no", uid("x")),
  judged("of a missing program", "-l here -i r nope"),
  judged("asks the socket for its name", "-i r echo no </dev/null"),
  {
    name: "s6-ipcserver-access behind a server",
    argv: [
      "sh",
      "-c",
      `${TREE}\n/usr/bin/s6-ipcserver -1 sock s6-ipcserver-access -v0 -i r ${SEEN} >ready & server=$!
until test -s ready; do sleep 0.05; done; /usr/bin/s6-ipcclient sock sh -c 'cat <&6'; kill $server; wait $server; rm -r ready r exec`,
    ],
  },
  { name: "s6-ipcserver-access without a program", argv: ["s6-ipcserver-access"], stderr: true },
  { name: "s6-ipcserver-access with an unknown option", argv: ["s6-ipcserver-access", "-z", "true"], stderr: true },
  { name: "s6-ipcserver-access -v of no number", argv: ["s6-ipcserver-access", "-v", "x", "true"], stderr: true },
  limited("lets in what is below the limit", "PROTO=X XCONNMAX=4 XCONNNUM=3"),
  limited("lets in what is at it", "PROTO=X XCONNMAX=3 XCONNNUM=3"),
  limited("denies what is above", "PROTO=X XCONNMAX=3 XCONNNUM=4"),
  limited("has no limit by itself", "PROTO=X XCONNNUM=3"),
  limited("wants a protocol", "A=b"),
  limited("wants a protocol that is not empty", "PROTO="),
  limited("wants a number", "PROTO=X XCONNMAX=3"),
  limited("wants a number that is one", "PROTO=X XCONNMAX=3 XCONNNUM=3x"),
  limited("wants a limit that is one", "PROTO=X XCONNMAX=a XCONNNUM=3"),
  limited("takes no options", "PROTO=X XCONNNUM=3", "-- echo hi"),
  limited("of nothing", "PROTO=X XCONNNUM=3", ""),
];
