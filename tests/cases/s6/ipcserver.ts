// Rows for cli/s6/ipcserver.ts.

import type { Case } from "../../rows/harness.ts";

/** Runs it, and tells the exit code. */
const bind = (name: string, command: string): Case => ({ name, argv: ["sh", "-c", `umask 027; ${command}; echo $?`] });
const BINDER = "s6-ipcserver-socketbinder";
/** What the standard input is: accepting, listening, non-blocking. */
const TELL = "sh -c 'ls -l /proc/self/fd/0 | grep -o socket; grep ^flags /proc/self/fdinfo/0'";

/** A client of a socket that listens. */
const client = (name: string, command: string): Case => bind(name, `/usr/bin/${BINDER} sock s6-ipcclient ${command}`);
const SEEN = "sh -c 'env | grep -E ^PROTO\\|^IPC; ls -l /proc/self/fd/6 /proc/self/fd/7 | grep -o socket'";

export const cases: readonly Case[] = [
  bind(`${BINDER} makes a socket for everybody`, `${BINDER} sock ${TELL}`),
  bind(`${BINDER} -a gives the mode`, `${BINDER} -a 0700 sock true`),
  bind(`${BINDER} -B is blocking`, `${BINDER} -B sock ${TELL}`),
  bind(`${BINDER} leaves the umask alone`, `${BINDER} sock sh -c umask`),
  bind(`${BINDER} listens`, `${BINDER} -b 1 sock /usr/bin/s6-ipcclient sock echo connected`),
  bind(`${BINDER} -b 0 does not listen`, `${BINDER} -b 0 sock /usr/bin/s6-ipcclient sock echo connected`),
  bind(`${BINDER} replaces a socket`, `${BINDER} sock true; ${BINDER} sock echo again`),
  bind(`${BINDER} -d replaces a file`, `echo >sock; ${BINDER} -Dd sock echo again`),
  bind(`${BINDER} -D replaces nothing`, `${BINDER} -D sock true; ${BINDER} -D sock echo again`),
  bind(`${BINDER} does not replace a directory`, `mkdir sock; ${BINDER} sock echo again`),
  bind(
    `${BINDER} minds the lock of another one`,
    `/usr/bin/s6-setlock sock.lock ${BINDER} sock echo bound`,
  ),
  {
    ...bind(`${BINDER} follows no link for its lock`, `ln -s elsewhere sock.lock; ${BINDER} sock true; ls`),
    leaves: [],
    exception: "the original makes the file that the link leads to",
    expect: { stdout: "sock.lock\n0\n", code: 0 },
  },
  bind(`${BINDER} -m -b 0 makes one for datagrams`, `${BINDER} -m -b 0 sock ${TELL}`),
  bind(`${BINDER} -m cannot listen`, `${BINDER} -m sock true`),
  bind(`${BINDER} -M makes one for streams`, `${BINDER} -mM sock true`),
  bind(`${BINDER} one in another`, `${BINDER} a ${BINDER} b ${TELL}`),
  bind(`${BINDER} where there is no directory`, `${BINDER} no/sock true`),
  bind(`${BINDER} of the longest path`, `${BINDER} -D ${"s".repeat(107)} true`),
  bind(`${BINDER} of a longer path`, `${BINDER} -D ${"s".repeat(108)} true`),
  client("s6-ipcclient connects descriptors 6 and 7", `sock ${SEEN}`),
  client("s6-ipcclient -p binds its own end", `-p own sock ${SEEN}`),
  client("s6-ipcclient -l tells another name", `-l name -p own sock ${SEEN}`),
  client("s6-ipcclient -l cuts a long name", `-l ${"n".repeat(200)} sock ${SEEN}`),
  client("s6-ipcclient -q is quiet, -Q not so, and -v not at all", `-q -Q -v sock ${SEEN}`),
  client(
    "s6-ipcclient in front of a program of ours",
    "sock fdmove 0 6 sh -c 'echo hi >&7; ls -l /proc/self/fd/0 | grep -o socket'",
  ),
  client("s6-ipcclient does not bind what is there", "-p sock sock echo connected"),
  client("s6-ipcclient does not bind where there is no directory", "-p no/own sock echo connected"),
  client("s6-ipcclient for a missing program", "sock nope"),
  { name: "s6-ipcclient where nothing is", argv: ["s6-ipcclient", "sock", "true"], stderr: true },
  { name: "s6-ipcclient of a file", argv: ["s6-ipcclient", "sock", "true"], files: { sock: "" }, stderr: true },
  { name: "s6-ipcclient without a program", argv: ["s6-ipcclient", "sock"], stderr: true },
  { name: "s6-ipcclient with an unknown option", argv: ["s6-ipcclient", "-z", "sock", "true"], stderr: true },
  { name: `${BINDER} for a missing program`, argv: [BINDER, "sock", "nope"], stderr: true },
  { name: `${BINDER} without a program`, argv: [BINDER, "sock"], stderr: true },
  { name: `${BINDER} with an unknown option`, argv: [BINDER, "-z", "sock", "true"], stderr: true },
  { name: `${BINDER} -a of no mode`, argv: [BINDER, "-a", "8", "sock", "true"], stderr: true },
  { name: `${BINDER} -b of no number`, argv: [BINDER, "-b", "x", "sock", "true"], stderr: true },
];
