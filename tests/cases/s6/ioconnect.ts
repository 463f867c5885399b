// Rows for cli/s6/ioconnect.ts.

import type { Case } from "../../rows/harness.ts";

const script = (name: string, text: string, more: Partial<Case> = {}): Case => ({
  name,
  argv: ["bash", "-c", text],
  ...more,
});

const BACK = { files: { in: "back\n" } };

// One end of a pair of sockets is the connection. What comes out of the other shows that each direction is ended alone.
const SOCKETS = `
socketpair(my $mine, my $its, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
pipe(my $in, my $feed) and pipe(my $print, my $out) or die;
my $child = fork;
if (!$child) {
  POSIX::dup2(fileno $in, 0); POSIX::dup2(fileno $out, 1);
  POSIX::dup2(fileno $its, 6); POSIX::dup2(fileno $its, 7);
  exec "s6-ioconnect" or die;
}
close $_ for $its, $in, $out;
syswrite $feed, "there\\n"; close $feed;
print "got $_" while <$mine>;
syswrite $mine, "back\\n"; shutdown $mine, 1;
print "printed $_" while <$print>;
waitpid $child, 0; print $? >> 8, "\\n";
`;

const rows: readonly Case[] = [
  script("s6-ioconnect copies standard input to descriptor 7", "s6-ioconnect 6</dev/null 7>out", { stdin: "a\nb" }),
  script("s6-ioconnect copies descriptor 6 to standard output", "s6-ioconnect </dev/null 6<in 7>/dev/null", BACK),
  script("s6-ioconnect copies both ways", "s6-ioconnect 6<in 7>out", { ...BACK, stdin: "there" }),
  script("s6-ioconnect -r and -w name other descriptors", "s6-ioconnect -r 8 -w 9 8<in 9>out", {
    ...BACK,
    stdin: "there",
  }),
  script("s6-ioconnect takes the options of old scripts", "s6-ioconnect -0167 </dev/null 6<in 7>/dev/null", BACK),
  script(
    "s6-ioconnect copies much",
    "head -c 3000000 /dev/zero | s6-ioconnect 6< <(head -c 2000000 /dev/zero) 7>out | wc -c; wc -c <out; rm out",
  ),
  script("s6-ioconnect ends a pipe when its input has ended", "s6-ioconnect 6</dev/null 7> >(cat; echo end)", {
    stdin: "a\n",
  }),
  script(
    "s6-ioconnect goes on one way when the other is broken",
    "exec 6< <(until test -e go; do sleep 0.05; done; echo back); " +
      "{ yes | head -c 1000000; touch go; } | s6-ioconnect 7> >(exit 0); echo $?; rm -f go",
  ),
  {
    ...script(
      "s6-ioconnect leaves its descriptors blocking",
      "mkfifo p; exec 7<>p 8>out; s6-ioconnect <&7 6</dev/null 7>&8 & echo a >&7; until [ -s out ]; do sleep 0.05; done; " +
        "for fd in 7 8; do while read -r word value; do [ $word != flags: ] || echo $((0$value & 04000)); " +
        "done </proc/$$/fdinfo/$fd; done; kill $!; rm p out",
    ),
    exception: "the original makes them non-blocking",
    expect: { stdout: "0\n0\n" },
  },
  script("s6-ioconnect writes to a full disk", "echo a | s6-ioconnect 6</dev/null 7>/dev/full; echo $?"),
  script("s6-ioconnect -t ends when nothing comes", "s6-ioconnect -t 100 6</dev/null 7>/dev/null < <(exec sleep 2)"),
  script(
    "s6-ioconnect -t counts from what came last",
    "s6-ioconnect -t 700 6</dev/null 7>out < <(for i in 1 2 3; do sleep 0.3; echo $i; done)",
  ),
  script("s6-ioconnect of a descriptor that is closed", "s6-ioconnect 6<&- 7>/dev/null </dev/null", { stderr: true }),
  script("s6-ioconnect of several that are", "s6-ioconnect 6<&- 7>&- </dev/null", { stderr: true }),
  script("s6-ioconnect -r of one that is closed", "s6-ioconnect -r 8 7>/dev/null </dev/null", { stderr: true }),
  script("s6-ioconnect of a directory", "s6-ioconnect 6<in 7>/dev/null <.", { ...BACK, stderr: true }),
  { name: "s6-ioconnect -t of a word", argv: ["s6-ioconnect", "-t", "x"], stderr: true },
  { name: "s6-ioconnect -r of a word", argv: ["s6-ioconnect", "-r", "x"], stderr: true },
  { name: "s6-ioconnect with an unknown option", argv: ["s6-ioconnect", "-z"], stderr: true },
];

export const cases: readonly Case[] = [
  ...rows,
  { name: "s6-ioconnect half-closes sockets", argv: ["perl", "-MSocket", "-MPOSIX", "-e", SOCKETS] },
];
