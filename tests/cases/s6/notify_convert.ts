// Rows for cli/s6/notify_convert.ts. The programs are of s6 2.15, which Debian 12 does not have.

import type { Case, Given } from "../../rows/harness.ts";

const FROM_SOCKET = "s6-notify-fd-from-socket";
const FROM_DESCRIPTOR = "s6-notify-socket-from-fd";

/** A client of the protocol: sends each of its words. */
const SAY: Given = {
  content: `#!/usr/bin/perl
use Socket;
my $address = $ENV{NOTIFY_SOCKET};
$address =~ s/^@/\\0/;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die;
for my $word (@ARGV) { send($socket, $word =~ s/\\\\n/\\n/gr, 0, pack_sockaddr_un($address)) // die "$!" }
`,
  mode: 0o755,
};
/** A server of it: prints what comes first on the socket of its first word, and runs the others. */
const HEAR: Given = {
  content: `#!/usr/bin/perl
use Socket;
my $address = shift;
$ENV{NOTIFY_SOCKET} = $address;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die;
bind($socket, pack_sockaddr_un($address =~ s/^@/\\0/r)) or die "$!";
my $pid = fork;
if ($pid == 0) { exec @ARGV; exit 127 }
recv($socket, my $message, 4096, 0);
print $message =~ s/MAINPID=$pid\\n/its pid\\n/r;
waitpid $pid, 0;
unlink $address;
`,
  mode: 0o755,
};

const row = (name: string, command: string, stdout: string, files: Case["files"] = {}, tells?: string): Case => ({
  name,
  argv: ["sh", "-c", command],
  files: { say: SAY, hear: HEAR, ...files },
  leaves: [],
  ...(tells === undefined ? {} : { tells }),
  expect: { stdout },
});

/**
 * The daemon sends a message, and what comes of it is told. The watcher has the pipe until it ends, whose end is the end
 * of the row.
 */
const says = (name: string, daemon: string, isReady: boolean, tells?: string): Case =>
  row(`${FROM_SOCKET} ${name}`, `${FROM_SOCKET} -3 4 ${daemon} 4>&1 >&2 | wc -l`, isReady ? "1\n" : "0\n", {}, tells);

const wrong = (command: string, code: number, tells: string, files: Case["files"] = {}): Case =>
  row(`${command} fails with ${code}`, `${command}; echo $?`, `${code}\n`, files, tells);
const AS_NOBODY = "s6-setuidgid nobody ./say READY=1";

export const cases: readonly Case[] = [
  says("tells the supervisor", "./say READY=1", true),
  says("takes a newline behind it", "./say 'READY=1\\n'", true),
  says("takes it among other lines", "./say 'STATUS=x\\nREADY=1\\nMAINPID=1'", true),
  says("takes it behind other messages", "./say '' STATUS=x RELOADING=1 READY=1", true),
  says("tells once", "./say READY=1 READY=1 READY=1", true),
  says("takes it from a child that has ended", "sh -c './say READY=1; exit 3'", true),
  // Of a daemon that has ended nothing tells whose it was: it lives until the watcher has ended.
  row(
    `${FROM_SOCKET} takes it from a child of the user that the daemon has become`,
    `mkfifo f; ${FROM_SOCKET} -3 4 s6-setuidgid nobody sh -c './say READY=1; cat f' 4>&1 >&2 | { wc -l; : >f; }`,
    "1\n",
  ),
  says("ignores a message of another user", `sh -c '${AS_NOBODY}; exit 0'`, false, "warning: ignored that pid "),
  says("hears the daemon behind it", `sh -c '${AS_NOBODY}; exec ./say READY=1'`, true, "warning: ignored that pid "),
  says("takes it with -f", "-f ./say READY=1", true),
  says("ignores what is not quite it", "./say READY=10 READY=0 XREADY=1 ready=1", false),
  says("ends with the daemon", "true", false),
  says("ends with the daemon, with -f", "-f true", false),
  row(
    `${FROM_SOCKET} gives up in time`,
    `mkfifo f; ${FROM_SOCKET} -3 4 -t 10 cat f 4>&1 >&2 | { wc -l; : >f; }`,
    "0\n",
    {},
    "timed out waiting",
  ),
  row(
    `${FROM_SOCKET} withholds the descriptor, and tells an abstract name`,
    `${FROM_SOCKET} -3 4 sh -c 'echo $NOTIFY_SOCKET | cut -c1; test -e /dev/fd/4; echo $?' 4>/dev/null`,
    "@\n1\n",
  ),
  row(
    `${FROM_SOCKET} finds the descriptor in the service directory`,
    `${FROM_SOCKET} ./say READY=1 5>&1 >&2 | wc -l`,
    "1\n",
    { "notification-fd": "5\n" },
  ),
  row(
    `${FROM_SOCKET} takes long options`,
    `${FROM_SOCKET} --notification-fd=4 --timeout=10000 --no-doublefork ./say READY=1 4>&1 >&2 | wc -l`,
    "1\n",
  ),
  row(`${FROM_SOCKET} notifies standard input`, `${FROM_SOCKET} -3 0 ./say READY=1 0>&1 >&2 | wc -l`, "1\n"),
  ...["", "-f"].map((option) =>
    row(
      `${FROM_SOCKET} ${option} has ${option === "" ? "no" : "a"} child of the daemon`,
      `${FROM_SOCKET} ${option} -3 4 sh -c 'cat /proc/$$/task/$$/children; exit 0' 4>/dev/null | wc -w`,
      option === "" ? "1\n" : "2\n",
    )
  ),
  row(
    `${FROM_SOCKET} understands ${FROM_DESCRIPTOR}`,
    `mkfifo f; ${FROM_SOCKET} -3 4 ${FROM_DESCRIPTOR} -d 3 sh -c 'echo >&3; exec cat f' 4>&1 >&2 | { read line; echo ready; : >f; }`,
    "ready\n",
  ),
  wrong(`${FROM_SOCKET}`, 100, "usage:"),
  wrong(`${FROM_SOCKET} true`, 111, "./notification-fd"),
  wrong(`${FROM_SOCKET} true`, 100, "invalid ./notification-fd", { "notification-fd": "x\n" }),
  wrong(`${FROM_SOCKET} -3 x true`, 100, "notification-fd must be an unsigned integer"),
  wrong(`${FROM_SOCKET} -t x -3 1 true`, 100, "timeout must be an unsigned integer"),
  wrong(`${FROM_SOCKET} -3 7 true`, 111, "Bad file descriptor"),
  wrong(`${FROM_SOCKET} -3 1 ./missing`, 127, "./missing"),
  wrong(`${FROM_SOCKET} -z true`, 100, "unrecognized short option: z"),
  wrong(`${FROM_SOCKET} --timeout true`, 100, "unrecognized boolean option: --timeout"),

  row(`${FROM_DESCRIPTOR} sends a message`, `./hear sock ${FROM_DESCRIPTOR} echo ready`, "READY=1\nits pid\n"),
  row(`${FROM_DESCRIPTOR} to an abstract name`, `./hear @$$ ${FROM_DESCRIPTOR} echo ready`, "READY=1\nits pid\n"),
  row(
    `${FROM_DESCRIPTOR} waits for a newline`,
    `./hear sock ${FROM_DESCRIPTOR} sh -c 'printf a; printf b; printf "c\\nmore"'`,
    "READY=1\nits pid\n",
  ),
  row(
    `${FROM_DESCRIPTOR} -d waits on another descriptor`,
    `./hear sock ${FROM_DESCRIPTOR} -d 7 sh -c 'echo first; echo >&7'`,
    "first\nREADY=1\nits pid\n",
  ),
  row(`${FROM_DESCRIPTOR} -f sends too`, `./hear sock ${FROM_DESCRIPTOR} -f echo ready`, "READY=1\nits pid\n"),
  row(
    `${FROM_DESCRIPTOR} takes long options`,
    `./hear sock ${FROM_DESCRIPTOR} --notification-fd=7 --timeout=10000 --no-doublefork sh -c 'echo >&7'`,
    "READY=1\nits pid\n",
  ),
  row(
    `${FROM_DESCRIPTOR} takes the variable away`,
    `NOTIFY_SOCKET=none ${FROM_DESCRIPTOR} -d 7 sh -c 'echo "\${NOTIFY_SOCKET-none set}"'`,
    "none set\n",
  ),
  row(
    `${FROM_DESCRIPTOR} -k leaves it`,
    `NOTIFY_SOCKET=here ${FROM_DESCRIPTOR} -k -d 7 sh -c 'echo "\${NOTIFY_SOCKET-none set}"'`,
    "here\n",
  ),
  row(
    `${FROM_DESCRIPTOR} --keep-environment leaves it`,
    `NOTIFY_SOCKET=here ${FROM_DESCRIPTOR} --keep-environment -d 7 sh -c 'echo "\${NOTIFY_SOCKET-none set}"'`,
    "here\n",
  ),
  row(
    `${FROM_DESCRIPTOR} without the variable is the program`,
    `${FROM_DESCRIPTOR} -d 7 sh -c 'test -e /dev/fd/7; echo $?'`,
    "1\n",
  ),
  row(
    `${FROM_DESCRIPTOR} where nothing listens warns, and the daemon goes on`,
    `NOTIFY_SOCKET=none ${FROM_DESCRIPTOR} -d 7 sh -c 'echo >&7; echo on' 2>&1 | sort | head -n 1`,
    "on\n",
  ),
  row(
    `${FROM_DESCRIPTOR} says nothing of a daemon that ends unready`,
    `NOTIFY_SOCKET=none ${FROM_DESCRIPTOR} -d 7 printf end 2>&1 | cat`,
    "end",
  ),
  row(
    `${FROM_DESCRIPTOR} gives up in time`,
    `mkfifo f; NOTIFY_SOCKET=none ${FROM_DESCRIPTOR} -d 7 -t 10 cat f 2>&1 >/dev/null | { head -n 1; : >f; }`,
    `${FROM_DESCRIPTOR}: fatal: timed out waiting for notification\n`,
  ),
  wrong(`${FROM_DESCRIPTOR}`, 100, "usage:"),
  wrong(`${FROM_DESCRIPTOR} -d x true`, 100, "notification-fd must be an unsigned integer"),
  wrong(`${FROM_DESCRIPTOR} -t x true`, 100, "timeout must be an unsigned integer"),
  wrong(`${FROM_DESCRIPTOR} ./missing`, 127, "./missing"),
];
