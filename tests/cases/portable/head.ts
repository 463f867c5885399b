// Rows for cli/portable/head.ts.

import type { Case } from "../../rows/harness.ts";
import { fails, misused, prints, row } from "./rows.ts";

const script = (text: string): string[] => ["sh", "-c", text];
const TWELVE = Array.from({ length: 12 }, (_, at) => `${at + 1}\n`).join("");
const n = { files: { n: TWELVE } };
const from = (stdin: string): { stdin: string } => ({ stdin });

const head: readonly Case[] = [
  prints("s6-head n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", 0, n),
  prints("s6-head -3 n", "1\n2\n3\n", 0, n),
  prints("s6-head -n 2 n", "1\n2\n", 0, n),
  prints("s6-head -n 99 n", TWELVE, 0, n),
  prints("s6-head -n 0 n", "", 0, n),
  prints("s6-head -c 5 n", "1\n2\n3", 0, n),
  prints("s6-head -Sc 3 n", "1\n2", 0, n),
  prints("s6-head -2 n n", "==> n <==\n1\n2\n\n==> n <==\n1\n2\n", 0, n),
  prints("s6-head -2 n nope", "==> n <==\n1\n2\n\n==> nope <==\n", 111, n),
  prints("s6-head -1 - n", "==> - <==\nx\n\n==> n <==\n1\n", 0, { ...n, stdin: "x\ny\n" }),
  prints("s6-head -n 5", "a\nb\nc", 0, from("a\nb\nc")),
  prints("s6-head -12 n", "", 100, n),
  prints("s6-head -1 -n 2 n", "", 100, n),
  prints("s6-head -n x n", "", 100, n),
  row(["sh", "-c", "cat n | { s6-head -S -2; head -1; }"], { stdout: "1\n2\n3\n", code: 0 }, n),
  ...[4, 5, 6, 7, 8, 9].map((count) => prints(`s6-head -${count} n`, TWELVE.slice(0, 2 * count), 0, n)),
  ...misused("s6-head", "[ -S ] [ -1..9 | -n lines | -c chars ] [ file... ]", 0),
  fails("s6-head nope", "s6-head: fatal: unable to open nope for reading: No such file or directory", 111),
  fails("s6-head d", "s6-head: fatal: unable to head d: Is a directory", 111, { files: { "d/a": "" } }),
  prints("s6-head -n 4294967295 n", TWELVE, 0, n),
  prints("s6-head -n 4294967296 n", "", 100, n),
  prints("s6-head -n -1 n", "", 100, n),
  prints("s6-head -c -1 n", "", 100, n),
  prints("s6-head -- -1", "x\n", 0, { files: { "-1": "x\n" } }),
  row(script("s6-head <&-"), { stderr: "s6-head: fatal: unable to head stdin: Bad file descriptor\n", code: 111 }),
  row(script("s6-head -1 n >/dev/full"), {
    stderr: "s6-head: fatal: unable to write to stdout: No space left on device\n",
    code: 111,
  }, n),
  // Where it stops is where the next one goes on, in a pipe and in a file.
  row(script("seq 30000 | { s6-head -S -n 12345 | tail -1; head -1; }"), { stdout: "12345\n12346\n", code: 0 }),
  row(script("seq 300 > f; { s6-head -Sn 7 | tail -1; s6-head -Sc 3; s6-head -S1; } < f"), {
    stdout: "7\n8\n99\n".replace("99", "9"),
    code: 0,
  }),
  row(script("seq 99999 | s6-head -c 70000 | md5sum; seq 99999 | head -c 70000 | md5sum"), { code: 0 }),
];

const tail: readonly Case[] = [
  prints("s6-tail n", "3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", 0, n),
  prints("s6-tail -3", "10\n11\n12\n", 0, from(TWELVE)),
  prints("s6-tail -n 2 n", "11\n12\n", 0, n),
  prints("s6-tail -n -2 n", "11\n12\n", 0, n),
  prints("s6-tail -n +11 n", "11\n12\n", 0, n),
  prints("s6-tail -n +0 n", TWELVE, 0, n),
  prints("s6-tail -n 0 n", "", 0, n),
  prints("s6-tail -n 99 n", TWELVE, 0, n),
  prints("s6-tail -n +99 n", "", 0, n),
  prints("s6-tail -c 5 n", "1\n12\n", 0, n),
  prints("s6-tail -c +26 n", "2\n", 0, n),
  prints("s6-tail -c +0 n", TWELVE, 0, n),
  prints("s6-tail -2", "\n\n", 0, from("a\n\n\n")),
  prints("s6-tail", "", 0, from("")),
  prints("s6-tail -1", "b", 0, { ...from("a\nb"), exception: "the original loses a last line without an end" }),
  prints("s6-tail -1 -2", "", 100),
  ...[4, 5, 6, 7, 8, 9].map((count) => prints(`s6-tail -${count}`, "a\n".repeat(count), 0, from("a\n".repeat(12)))),
  ...misused("s6-tail", "[ -c chars | -n lines | -1..9 ] [ file ]", 0),
  prints("s6-tail -", "a\n", 0, { ...from("a\n"), exception: "the original knows no file -" }),
  prints("s6-tail n nope", "3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", 0, n),
  prints("s6-tail -c 0 n", "", 0, n),
  prints("s6-tail -c -3 n", "12\n", 0, n),
  prints("s6-tail -n +1 n", TWELVE, 0, n),
  prints("s6-tail -c +1 n", TWELVE, 0, n),
  prints("s6-tail -n x n", "", 100, n),
  prints("s6-tail -c +x n", "", 100, n),
  prints("s6-tail -2", "\nb\n", 0, from("a\n\nb\n")),
  prints("s6-tail -c 3", "b\nc", 0, from("a\nb\nc")),
  fails("s6-tail nope", "s6-tail: fatal: unable to open nope for reading: No such file or directory", 111),
  fails("s6-tail d", "s6-tail: fatal: unable to tail d: Is a directory", 111, { files: { "d/a": "" } }),
  row(script("s6-tail <&-"), { stderr: "s6-tail: fatal: unable to tail stdin: Bad file descriptor\n", code: 111 }),
  row(script("s6-tail n >/dev/full"), {
    stderr: "s6-tail: fatal: unable to write to stdout: No space left on device\n",
    code: 111,
  }, n),
  // Larger than what is read at once, from a file and from a pipe, and from the middle of a file.
  ...["-n 5", "-n 50000", "-n 500000", "-n 0", "-c 7", "-c 400000", "-c 0", "-n +40000", "-c +300001"].map((amount) =>
    row(
      script(`seq 99999 >a; for i in x y; do s6-tail ${amount} a; cat a | s6-tail ${amount}; done >b
      for i in x y; do tail ${amount} a; cat a | tail ${amount}; done | cmp - b`),
      { stdout: "", code: 0 },
    )
  ),
  row(script("seq 99999 >a; { dd bs=500000 count=1 >/dev/null 2>&1; s6-tail -n 99999; } <a >b; wc -c <b"), {
    stdout: "88888\n",
    code: 0,
  }),
  row(script("seq 99999 >a; { dd bs=500000 count=1 >/dev/null 2>&1; s6-tail -c 99999; } <a | wc -c"), {
    stdout: "88888\n",
    code: 0,
  }),
  row(script("printf %s '' >a; yes abcdefgh | head -c 99999 >a; s6-tail -2 a"), {
    stdout: "abcdefgh\nabcdefgh\n".slice(0, 18),
    code: 0,
  }),
  row(script("s6-tail -1 /proc/self/status | grep -c nonvoluntary"), { stdout: "1\n", code: 0 }),
];

export const cases: readonly Case[] = [...head, ...tail];
