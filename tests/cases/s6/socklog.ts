// Rows for cli/s6/socklog.ts. Messages are sent one by one, each when the line of the one before it is there: the
// original (2.11.3) mixes up what comes at once.

import type { Case } from "../../rows/harness.ts";

/** Sends a message, in which \n and \0 stand for these bytes, to a path or to a port of 127.0.0.1. */
const SEND = String.raw`use Socket;
my ($to, $text) = @ARGV;
$text =~ s/\\([n0])/$1 eq "n" ? "\n" : "\0"/ge;
my $inet = $to =~ /^[0-9]+$/;
socket(my $s, $inet ? PF_INET : PF_UNIX, SOCK_DGRAM, 0) or die;
send($s, $text, 0, $inet ? pack_sockaddr_in($to, inet_aton("127.0.0.1")) : pack_sockaddr_un($to)) // die "$!";
`;

/** Starts s6-socklog as $!, ready to receive. */
const START = "mkfifo ready; s6-socklog -d 3 $options 3>ready >out & read line <ready; rm ready; ";
const LINES = 'send() { perl send $to "$1"; n=$((n + 1)); until [ $(wc -l <out) -ge $n ]; do sleep 0.05; done; }; ';
const END = "kill $!; wait $!; echo $?; cat out";

function received(name: string, options: string, messages: readonly string[], more: Partial<Case> = {}): Case {
  const sends = messages.map((message) => `send '${message}'; `).join("");
  const env = { options: `-x s ${options}`, to: "s", n: "0" };
  return { name, argv: ["sh", "-c", START + LINES + sends + END], files: { send: SEND }, env, ...more };
}

/** A wrong call, or one that fails at once. */
function fails(words: string, name = words, more: Partial<Case> = {}): Case {
  return { name, argv: words.split(" "), stderr: true, ...more };
}

const a = (count: number): string => "a".repeat(count);
const every = (values: readonly number[]): string[] => values.map((value) => `<${value}>x`);
const LONG = [1018, 1019, 1020, 1021, 1022, 1023, 1024].flatMap((n) => [`<13>${a(n)}`, `${a(n)}\\n`, a(n)]);

const socklog: readonly Case[] = [
  received("s6-socklog prints a message", "", ["<13>hello"]),
  received("s6-socklog knows all facilities", "", every(Array.from({ length: 26 }, (_, at) => at * 8))),
  received("s6-socklog knows all priorities", "", every([0, 1, 2, 3, 4, 5, 6, 7])),
  received("s6-socklog takes off ends and replaces the rest of them", "", [
    "<13>a\\nb\\0c\\n\\0\\n",
    "\\n",
    "\\0\\0",
    "a\\n",
  ]),
  received("s6-socklog leaves what is no code", "", [
    "plain",
    "<13",
    "<>x",
    "<x>y",
    "< 13>z",
    "<+13>z",
    "<-1>z",
    "<13> z",
  ]),
  received("s6-socklog knows where a code is too large", "", ["<013>z", "<4294967295>z", "<4294967296>z", "<1000>q"]),
  received("s6-socklog of bytes that are no text", "", ["<13>\t\x01\x7f\x80\xff"]),
  received("s6-socklog cuts long messages", "", LONG),
  received("s6-socklog -l sets the longest message", "-l 100", [a(99), a(100), a(101), a(102), a(400)]),
  received("s6-socklog -l is 76 at least", "-l 5", [a(76), a(77), a(78)]),
  received("s6-socklog -l is a megabyte at most", "-l 99999999", [a(2000)]),
  received("s6-socklog -r leaves codes alone", "-r", ["<13>raw\\n\\0", "x\\ny"]),
  received("s6-socklog -t is of no account where all is written", "-t 1", ["a"]),
  received("s6-socklog ignores operands", "extra words", ["a"]),
  {
    ...received("s6-socklog of an empty message", "", ["", "<13>a"]),
    exception: "the original (2.11.3) ends at an empty message",
    expect: { stdout: "0\n\nuser.notice: a\n", code: 0 },
  },
  received("s6-socklog takes the place of a file", "", ["a"], { files: { send: SEND, s: "x" } }),
  {
    name: "s6-socklog may be sent to by every user, whatever the umask",
    argv: ["sh", "-c", `umask 077; ${START} ls -l s s.lock | cut -c1-10; ${END}`],
    env: { options: "-x s" },
  },
  {
    name: "s6-socklog follows no link for its lock",
    argv: ["sh", "-c", "ln -s elsewhere s.lock; s6-socklog -x s </dev/null; echo $?; ls"],
    leaves: [],
    exception: "the original makes the file that the link leads to",
    expect: { stdout: "111\ns.lock\n", code: 0 },
  },
  {
    name: "s6-socklog does not share a path",
    argv: ["sh", "-c", `${START} s6-socklog -x s; echo $?; ${END}`],
    env: { options: "-x s" },
    stderr: true,
  },
  {
    name: "s6-socklog comes after one that was killed",
    argv: ["sh", "-c", `${START} kill -9 $!; wait $!; ${START} ${END}`],
    env: { options: "-x s" },
  },
  {
    name: "s6-socklog -U becomes the user of the environment",
    argv: ["sh", "-c", `${START} grep -E '^([UG]id|Groups)' /proc/$!/status; ${END}`],
    env: { options: "-x s -U", UID: "5", GID: "6", GIDLIST: "7,8" },
  },
  {
    name: "s6-socklog -u, -g and -G set ids",
    argv: ["sh", "-c", `${START} grep -E '^([UG]id|Groups)' /proc/$!/status; ${END}`],
    env: { options: "-x s -u 5 -g 6 -G 7,8" },
  },
  received("s6-socklog as another user goes on as it was told to", "-u 5 -g 6 -l 80 -r -t 9", ["<13>raw", a(100)]),
  {
    name: "s6-socklog loses nothing that waits for its reader",
    argv: [
      "sh",
      "-c",
      "mkfifo ready out; s6-socklog -d 3 -x s >out 3>ready & exec 4<out; read line <ready; " +
      "for i in 1 2 3; do perl send s $(printf %01000d $i); done; kill $!; cut -c990- <&4 & wait; rm ready out",
    ],
    files: { send: SEND },
  },
  {
    name: "s6-socklog -t limits how long it waits for its reader",
    argv: [
      "sh",
      "-c",
      "mkfifo ready out; s6-socklog -t 50 -l 100000 -d 3 -x s >out 3>ready & exec 4<out; read line <ready; " +
      "perl send s $(printf %090000d 0); until [ $(dd bs=1 count=1 <&4 2>/dev/null) = 0 ]; do :; done; " +
      "kill $!; wait $!; echo $?; rm ready out",
    ],
    files: { send: SEND },
    exception: "the original (2.11.3) sits in a write, and waits for ever",
    expect: { stdout: "99\n", code: 0 },
  },
  {
    name: "s6-socklog -i listens to the internet",
    argv: ["sh", "-c", `${START} ${LINES} send '<13>raw'; send 'x\\ny'; ${END} | sed 's/_[0-9]*:/_PORT:/'`],
    files: { send: SEND },
    env: { options: "-i 127.0.0.1_45140", to: "45140", n: "0" },
    exception: "the original (2.11.3) prints the address as bytes",
    expect: { stdout: "0\n127.0.0.1_PORT: user.notice: raw\n127.0.0.1_PORT: x~y\n", code: 0 },
  },
  {
    name: "s6-socklog -i takes a colon behind an old address",
    argv: ["sh", "-c", `${START} ${END}`],
    env: { options: "-i 127.0.0.1:45141" },
  },
  fails("s6-socklog -i 192.0.2.1_45142"),
  fails("s6-socklog -i 127.0.0.1_"),
  fails("s6-socklog -i 127.0.0.1_99999"),
  fails("s6-socklog -i 127.0.0.1_80x"),
  fails("s6-socklog -i 127.0.0_514"),
  fails("s6-socklog -i localhost"),
  fails("s6-socklog -x no/such/s"),
  fails("s6-socklog -x ."),
  fails("s6-socklog -z"),
  fails("s6-socklog -l x"),
  fails("s6-socklog -t x"),
  fails("s6-socklog -u x"),
  { ...fails("s6-socklog -u 4294967295"), exception: "the original says why it cannot", expect: { code: 111 } },
  fails("s6-socklog -g x"),
  fails("s6-socklog -G x"),
  fails("s6-socklog -d x"),
  fails("s6-socklog -d 2 -x s"),
  fails("s6-socklog -d 9 -x s"),
  fails("s6-socklog -U -x s"),
  {
    name: "s6-socklog -U with a wrong id",
    argv: ["s6-socklog", "-U", "-x", "s"],
    env: { UID: "x", GID: "1", GIDLIST: "" },
  },
  { name: "s6-socklog without an output", argv: ["sh", "-c", "s6-socklog -x s >&-"], stderr: true },
];

const INPUT = [
  "<13>hello\n<14>a\0b\n\n\0plain\n<192>x\n<1000>y\n<99999999999>z\n<0013>w\n<13\n<>\n<x>\n",
  `<191>${a(9000)}\n<13>\xff\t\n<13>unfinished`,
].join("");

function filtered(words: string, stdin = INPUT, env: Record<string, string> = {}): Case {
  return { name: `${words} of ${stdin.length} bytes`, argv: words.split(" "), stdin, env };
}

const ucspilogd: readonly Case[] = [
  filtered("ucspilogd"),
  filtered("ucspilogd", ""),
  filtered("ucspilogd", "<13>a\n"),
  filtered("ucspilogd A B E U", INPUT, { A: "aa", B: "b\nb", E: "" }),
  filtered("ucspilogd -D nobody U A", INPUT, { A: "aa" }),
  filtered("ucspilogd -D  U"),
  filtered("ucspilogd -- -x"),
  {
    name: "ucspilogd of a torn line",
    argv: ["sh", "-c", "(printf '<1'; sleep 0.1; printf '3>a'; sleep 0.1; echo b) | ucspilogd"],
  },
  fails("ucspilogd -D"),
  fails("ucspilogd -z"),
  { name: "ucspilogd without an input", argv: ["sh", "-c", "ucspilogd <&-"], stderr: true },
  {
    name: "ucspilogd without room for its output",
    argv: ["sh", "-c", "ucspilogd >/dev/full"],
    stdin: INPUT,
    stderr: true,
    exception: "the original says that it cannot read",
    expect: { code: 111, stderr: "ucspilogd: fatal: unable to write to stdout: No space left on device\n" },
  },
];

export const cases: readonly Case[] = [...socklog, ...ucspilogd];
