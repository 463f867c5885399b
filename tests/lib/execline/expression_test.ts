// Test expressions over a handful of made-up files.

import { equal, throws } from "node:assert/strict";
import { evaluate, type Subject } from "../../../lib/execline/expression.ts";
import type { FileStatus } from "../../../lib/os/os.ts";

function file(change: Partial<FileStatus> = {}): FileStatus {
  const times = { modified: 5_000_000_000n, accessed: 5_000_000_000n };
  return { kind: "file", mode: 0o644, uid: 1, gid: 2, size: 1, links: 1, device: 1, inode: 1, ...times, ...change };
}

const FILES: Readonly<Record<string, FileStatus>> = {
  f: file(),
  same: file(),
  empty: file({ size: 0, inode: 2 }),
  newer: file({ modified: 6_100_000_000n, inode: 3 }),
  dir: file({ kind: "directory", mode: 0o1755, inode: 4 }),
  set: file({ mode: 0o6755, uid: 9, gid: 9, inode: 5 }),
  fifo: file({ kind: "fifo" }),
  socket: file({ kind: "socket" }),
  block: file({ kind: "block" }),
  character: file({ kind: "character" }),
};

const subject: Subject = {
  find: (path) => FILES[path],
  findLink: (path) => path === "link" ? file({ kind: "link" }) : FILES[path],
  mayRead: (path) => path === "f",
  mayWrite: (path) => path === "f",
  mayExecute: (path) => path === "dir",
  isTerminal: (fd) => fd === 0,
  variable: (name) => name === "V" ? "" : undefined,
  uid: 1,
  gid: 2,
};

function value(expression: string): boolean {
  return evaluate(expression.split(" ").map((word) => word === "''" ? "" : word), subject);
}

function all(expected: boolean, ...expressions: string[]): void {
  for (const expression of expressions) equal(value(expression), expected, expression);
}

function errors(...expressions: string[]): void {
  for (const expression of expressions) throws(() => value(expression), { code: 100 }, expression);
}

Deno.test("no expression is false, a word is true unless it is empty", () => {
  equal(evaluate([], subject), false);
  all(true, "a", "\\-n", "\\!");
  all(false, "''");
});

Deno.test("file tests", () => {
  all(true, "-e f", "-f f", "-s f", "-d dir", "-k dir", "-u set", "-g set", "-p fifo", "-S socket", "-b block");
  all(true, "-c character", "-L link", "-h link", "-r f", "-w f", "-x dir", "-O f", "-U f", "-G f", "-N newer");
  all(false, "-e nope", "-f dir", "-s empty", "-d f", "-k f", "-u f", "-g f", "-p f", "-S f", "-b f", "-c f", "-L f");
  all(false, "-r dir", "-w dir", "-x f", "-O set", "-G set", "-N f", "-e link");
});

Deno.test("tests of two files", () => {
  all(true, "newer -nt f", "f -ot newer", "f -nt nope", "nope -ot f", "f -ef same");
  all(false, "f -nt newer", "f -nt same", "nope -nt f", "f -ot nope", "f -ef empty", "f -ef nope", "nope -ef nope");
});

Deno.test("tests of words", () => {
  all(true, "-n a", "-z ''", "-v V", "-t 0", "a = a", "a != b", "a < b", "a <= a", "b > a", "b >= a", "abc =~ ^a.c$");
  all(false, "-n ''", "-z a", "-v W", "-t 1", "a = b", "a != a", "b < a", "a > b", "abc =~ ^b");
});

Deno.test("integers may have a sign and text behind them", () => {
  all(true, "5x -eq 5", "-1 -lt +1", "007 -eq 7", "2 -gt 1", "2 -ge 2", "1 -le 2", "1 -ne 2");
  errors("x -eq 1", "1 -eq ''", "-t x");
});

Deno.test("negation binds tightest, then -a, then -o", () => {
  all(true, "! '' -a a", "a -o b -a ''", "! a -o b", "( a = a ) -a ! ( b = a )");
  all(false, "( a -o b ) -a ''", "! a", "! ( a )", "'' -a x -eq 1");
});

Deno.test("what is no expression", () => {
  errors("-n", "-f", "!", "(", "( )", "( a", "a )", "a b", "a -a", "-a", "= = =", "-n = -n", "a == a", "-n -n", "a =");
  errors("abc =~ (");
});

Deno.test("s6-test has no =~", () => {
  throws(() => evaluate(["a", "=~", "a"], subject, false), { code: 100 });
});

Deno.test("words may nest as deep as they are many", () => {
  const many = 40_000;
  const deep = (
    before: string,
    after: string,
  ): string[] => [...Array(many).fill(before), "a", ...Array(many).fill(after)];
  equal(evaluate([...Array(many).fill("!"), "a"], subject), true);
  equal(evaluate([...Array(many + 1).fill("!"), "a"], subject), false);
  equal(evaluate(deep("(", ")"), subject), true);
  throws(() => evaluate(deep("(", ")").slice(0, -1), subject), {
    code: 100,
    message: `parse error at argument ${2 * many}`,
  });
  for (const joint of ["-a", "-o"]) equal(evaluate(Array(many).fill(["a", joint]).flat().concat("a"), subject), true);
});

Deno.test("what need not be tested is not", () => {
  for (const expression of ["'' -a x -eq x", "a -o x -eq x", "! ( a -o x -eq x ) -a ! x -eq x", "a -o '' -a x -eq x"]) {
    equal(value(expression), !/^(''|!)/.test(expression), expression);
  }
  errors("a -a x -eq x", "'' -o x -eq x", "'' -a a -o x -eq x");
});
