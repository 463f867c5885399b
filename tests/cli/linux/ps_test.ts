import { deepEqual, equal } from "node:assert/strict";
import { durationText, FIELDS, startText } from "../../../cli/linux/process_field.ts";
import { deviceNumbers, type MachineFacts, type Process } from "../../../cli/linux/processes.ts";
import { asTree, KernelFunctions, processTable } from "../../../cli/linux/ps.ts";
import { utc } from "../../../lib/log/timezone.ts";
import { pageSize, parseNumbers } from "../../../lib/process_table.ts";

const NUMBERS =
  "1 4 5 6 1025 8 4194560 10 11 12 13 14 15 16 17 18 -19 20 0 22 23000 24 18446744073709551615 1 1 0 0 0 0 0 0 0 " +
  "35 0 0 17 39 40 2 0 0 0 0 0 0 0 0 0 0 0";

function made(pid: number, changes: Partial<Process> = {}): Process {
  const numbers = parseNumbers(`${pid} (p${pid}) S ${NUMBERS}\n`.replace("S 1 4", "S 1"));
  return {
    ...numbers,
    uid: 0,
    gid: 7,
    commandLine: `p${pid}\0`,
    environment: "A=a\0B=b\0",
    sleepsIn: undefined,
    ...changes,
  };
}

const machine: MachineFacts = {
  now: 1_000_000_000_000_000_000n,
  booted: 999_999_000_000_000_000n,
  memory: 4096 * 1000,
  pageSize: 4096,
  userName: (uid) => uid === 0 ? "root" : undefined,
  groupName: () => undefined,
  terminalName: (number) => number === 1025 ? "tty1" : undefined,
};
const surroundings = { machine, zone: utc, functionAt: (address: bigint) => `f${address}` };

/** What a field says of a process. */
function said(field: string, changes: Partial<Process> = {}): string {
  return FIELDS[field]!.text(made(9, changes), surroundings);
}

Deno.test("the file of numbers is read, whatever the name", () => {
  const process = parseNumbers("12 () S 1 (x) R 4 5 6 7 8 0 10 11 12 13 14 15 16 17 18 19 20 0 22 23 24 25");
  deepEqual([process.pid, process.name, process.state, process.parent], [12, ") S 1 (x", "R", 4]);
  deepEqual([process.group, process.session, process.terminal, process.foreground], [5, 6, 7, 8]);
  deepEqual([process.threads, process.started, process.size, process.resident], [20, 22, 23, 24]);
  equal(process.residentLimit, 25n);
});

Deno.test("each number has its field", () => {
  const fields = "ppid pgrp sess tpgid minflt cminflt majflt cmajflt prio nice thcount vsize rss rsslimit psr rtprio";
  deepEqual(
    fields.split(" ").map((field) => said(field)),
    "1 5 6 8 10 11 12 13 18 -19 20 22 96 18014398509481983 39 40".split(" "),
  );
  equal(said("tty"), "tty1");
  equal(said("policy"), "RR");
  equal(said("policy", { policy: 6 }), "UNKNOWN");
  equal(said("wchan"), "f35");
  equal(said("wchan", { sleepsAt: 0n }), "-");
});

Deno.test("who has no name has a number", () => {
  deepEqual([said("user"), said("user", { uid: 5 }), said("group")], ["root", "(5)", "(7)"]);
  deepEqual([said("tty", { terminal: 0 }), said("tty", { terminal: 34817 })], ["-", "(136:1)"]);
  deepEqual(deviceNumbers(0x12345f67), { major: 0x45f, minor: 0x12367 });
});

/** Process 9 with its session, group, foreground group, threads and nice value; seen with s6-linux-utils. */
const STATES: readonly (readonly [state: string, numbers: readonly number[]])[] = [
  ["S", [7, 8, -1, 1, 0]],
  ["Ss<", [9, 9, -1, 1, -5]],
  ["Sl+<", [7, 9, 9, 2, -4]],
  ["Ss", [9, 8, 9, 1, 0]],
  ["Ss+N", [9, 9, 9, 1, 4]],
  ["Sl", [7, 9, -1, 3, 0]],
];

Deno.test("the state has its marks", () => {
  for (const [text, [session, group, foreground, threads, nice]] of STATES) {
    const numbers = { session: session!, group: group!, foreground: foreground!, threads: threads!, nice: nice! };
    equal(said("s", numbers), text);
  }
});

Deno.test("a command line is told in words", () => {
  equal(said("args", { commandLine: "a\0\0b c\0" }), "a  b c");
  equal(said("args", { commandLine: "a b\0\0" }), "a b");
  equal(said("args", { commandLine: "\0a" }), " a");
  equal(said("args", { commandLine: "no end" }), "no end");
  equal(said("args", { commandLine: "\0\0" }), "(p9)");
  equal(said("args", { commandLine: "" }), "(p9)");
  equal(said("args", { commandLine: "", state: "Z" }), "p9 <defunct>");
  equal(said("args", { commandLine: undefined }), "*");
});

Deno.test("an environment that cannot be read is a star", () => {
  equal(said("env"), "A=a B=b ");
  equal(said("env", { environment: undefined }), "*");
  equal(said("env", { environment: "" }), "*");
});

/** Ticks and their text, seen with s6-linux-utils. */
const DURATIONS: readonly (readonly [ticks: number, text: string])[] = [
  [0, "00.00s"],
  [1, "00.01s"],
  [5999, "59.99s"],
  [6000, "01m00s"],
  [359999, "59m59s"],
  [360000, "01h00m00s"],
  [8639999, "23h59m59s"],
  [8640000, "1d00h00m00s"],
  [864000000, "100d00h00m00s"],
];

Deno.test("times are told in few digits", () => {
  for (const [ticks, text] of DURATIONS) equal(durationText(ticks), text);
  const ticks = { user: 99, system: 33, childUser: 14, childSystem: 49 };
  const told = ["utime", "stime", "cutime", "cstime", "ttime", "cttime"].map((field) => said(field, { ticks }));
  deepEqual(told, ["00.99s", "00.33s", "01.13s", "00.82s", "01.32s", "01.95s"]);
});

Deno.test("a start is told by time, day or date", () => {
  const at = (text: string): bigint => BigInt(Date.parse(`${text}Z`)) * 1_000_000n;
  const now = at("2026-11-27T03:38:10");
  equal(startText(at("2026-11-27T00:00:00"), now, utc), "00:00:00");
  equal(startText(at("2026-11-26T23:59:59"), now, utc), "Nov26 23:59");
  equal(startText(at("2026-01-05T03:38:10"), now, utc), "Jan05 03:38");
  equal(startText(at("2025-12-31T03:38:10"), now, utc), "2025-12-31");
  equal(startText(at("2026-11-26T23:59:59"), now, () => 60), "00:00:59");
});

Deno.test("parts of the whole are cut off behind two digits", () => {
  const ticks = { user: 5999, system: 1999, childUser: 857, childSystem: 2999 };
  // 1000 s of machine, less 910 s.
  deepEqual([said("pcpu", { ticks, started: 91000 }), said("cpcpu", { ticks, started: 91000 })], ["88.86", "131.71"]);
  equal(said("pcpu", { started: 100000 }), "0.00");
  deepEqual([said("pmem"), said("pmem", { resident: 1999 })], ["2.40", "199.90"]);
});

Deno.test("a tree has the kernel's first, and children of process 1 beside it", () => {
  const parents = [[1, 0], [2, 0], [3, 2], [10, 1], [11, 10], [12, 11], [13, 10], [65, 999], [66, 65], [
    70,
    0,
  ]] as const;
  const lines = asTree(parents.map(([pid, parent]) => made(pid, { parent })));
  deepEqual(lines.map(({ process, branch }) => `${branch}${process.pid}`), [
    "2",
    " \\_ 3",
    "65",
    " \\_ 66",
    "70",
    "1",
    "10",
    " \\_ 11",
    "     \\_ 12",
    " \\_ 13",
  ]);
  deepEqual(asTree([made(5, { parent: 0 })]).map(({ branch }) => branch), [""]);
  deepEqual(asTree([]), []);
});

Deno.test("columns are as wide as their widest cell, and the last one no wider than it must", () => {
  const lines = [made(1, { commandLine: "a\0" }), made(123456)].map((process, at) => ({
    process,
    branch: at === 0 ? "" : " \\_ ",
  }));
  equal(
    processTable(lines, ["user", "pid", "args"], surroundings, "  "),
    "USER     PID  COMMAND\nroot       1  a\nroot  123456   \\_ p123456\n",
  );
  equal(
    processTable(lines, ["args", "pid"], surroundings, " "),
    "COMMAND        PID\na                1\n \\_ p123456 123456\n",
  );
  equal(processTable([], ["pid"], surroundings, " "), "PID\n");
});

Deno.test("a function of the kernel is the last one that begins before the address", () => {
  const functions = new KernelFunctions("2000 t second\nrubbish\n1000 T first\n3000 b third\t[mod]\n");
  const names = [0xfffn, 0x1000n, 0x1fffn, 0x2000n, 0x3005n].map((address) => functions.at(address));
  deepEqual(names, ["?", "first", "first", "second", "third"]);
  equal(new KernelFunctions(undefined).at(0x1fffn), "(0x1fff)");
});

Deno.test("the size of a page is found among what the kernel tells a program", () => {
  const vector = new BigUint64Array([16n, 5n, 6n, 65536n, 0n, 0n]);
  equal(pageSize(String.fromCharCode(...new Uint8Array(vector.buffer))), 65536);
  equal(pageSize(""), 4096);
});

Deno.test("what a process calls itself makes neither a line of its own nor a terminal obey", () => {
  const named = made(9, { name: "a)\n1 root", commandLine: "x\x1b[2J\0\xc2\x9b2J\xc3\xa9\0", environment: "A=\r\0" });
  const table = processTable([{ process: named, branch: "" }], ["pid", "comm", "args", "env"], surroundings, "  ");
  deepEqual(table.split("\n").slice(1), ["  9  a)\\x0a1 root  x\\x1b[2J \\xc2\\x9b2J\xc3\xa9  A=\\x0d ", ""]);
});
