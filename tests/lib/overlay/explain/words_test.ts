// Moments in words, lines of a life, lives from a journal, and what processes are said to do.

import { deepEqual, equal } from "node:assert/strict";
import { failedScripts } from "../../../../lib/overlay/explain/failed_scripts.ts";
import { endsIn, livesOf } from "../../../../lib/overlay/explain/lives.ts";
import { activityIn, ContainerProcesses } from "../../../../lib/overlay/explain/processes.ts";
import { MomentTeller } from "../../../../lib/overlay/explain/moments.ts";
import { textsAtEndOf, textsWithin } from "../../../../lib/overlay/explain/lines_of_life.ts";
import type { JournalEntry, ScriptSnapshot, Snapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import type { Instant } from "../../../../lib/os/os.ts";
import { OsError } from "../../../../lib/report.ts";
import { momentAt, serviceWith } from "./host.ts";

Deno.test("a moment is told by the clock of its zone, with the date where that is not today's", () => {
  const teller = new MomentTeller(momentAt(60_000), () => 3600);
  equal(teller.since(momentAt(1000)), "since 01:00:01 (59 s)");
  equal(teller.until(momentAt(67_000)), "until 01:01:07 (in 7 s)");
  equal(teller.until(momentAt(5)), "until 01:00:00 (in 0 ms)");
  equal(teller.since(momentAt(-7_200_000)), "since 2025-12-31 23:00:00 (2 h 1 min)");
});

Deno.test("of scripts those are told that have failed, and neither tasks nor the command", () => {
  const script = (kind: ScriptSnapshot["kind"], name: string, exit: ScriptSnapshot["exit"]): ScriptSnapshot => ({
    kind,
    name,
    pid: 7,
    started: momentAt(0),
    ended: exit && momentAt(1),
    exit,
  });
  const scripts = [
    script("cont-init.d", "10-page", { code: 1, signal: null }),
    script("cont-init.d", "20-logs", { code: 0, signal: null }),
    script("cont-init.d", "30-late", null),
    script("task", "timeline", { code: 1, signal: null }),
    script("command", "sh", { code: 3, signal: null }),
    script("cont-finish.d", "last", { code: null, signal: "KILL" }),
  ];
  deepEqual(failedScripts({ scripts }), ["cont-init.d/10-page exited 1", "cont-finish.d/last killed by KILL"]);
});

/** @param time milliseconds since the epoch, less than a second */
const instantAt = (time: number): Instant => ({ seconds: 0, nanoseconds: time * 1e6 });

Deno.test("lines of a life are those of its time, or the last ones where they have no stamp", () => {
  const stamped = [5, 10, 20, 21].map((time) => ({ at: instantAt(time), text: `${time}` }));
  deepEqual(textsWithin(stamped, { from: 10, to: 20 }), ["10", "20"]);
  const plain = Array.from({ length: 25 }, (_, at) => ({ at: undefined, text: `${at}` }));
  deepEqual(textsWithin(plain, { from: 10, to: 20 }), plain.slice(5).map(({ text }) => text));
});

Deno.test("a line that all services could have printed is of the one that ended next to it", () => {
  const lines = [{ at: instantAt(100), text: "a" }, { at: instantAt(140), text: "b" }, { at: undefined, text: "c" }];
  const ends = [{ name: "one", time: 101 }, { name: "two", time: 145 }];
  const all = { from: 0, to: 1000 };
  deepEqual(textsAtEndOf("one", lines, all, ends), ["a"]);
  deepEqual(textsAtEndOf("two", lines, all, ends), ["b"]);
  deepEqual(textsAtEndOf("two", lines, { from: 141, to: 200 }, ends), []);
  deepEqual(textsAtEndOf("three", lines, all, []), []);
});

function journalOf(...rows: readonly (readonly [number, string, JournalEntry["event"], string?])[]): JournalEntry[] {
  return rows.map(([after, subject, event, text = ""], at) => ({
    number: at + 1,
    at: momentAt(after),
    subject,
    event,
    text,
  }));
}

Deno.test("a journal has the lives of a service, but for what it has forgotten", () => {
  const journal = journalOf(
    [1, "web", "exited", "exited 0"],
    [2, "web", "started", "pid 7"],
    [3, "db", "started", "pid 8"],
    [4, "web", "exited", "exited 3"],
    [4, "web", "finished", "pid 11"],
    [5, "web", "started", "pid 9"],
    [6, "web", "not started"],
    [7, "web", "started", "pid 10"],
  );
  deepEqual(livesOf("web", journal), [
    { pid: 7, started: momentAt(2), ended: momentAt(4), end: "exited 3", finish: 11 },
    { pid: 9, started: momentAt(5), ended: momentAt(6), end: null, finish: null },
    { pid: 10, started: momentAt(7), ended: null, end: null, finish: null },
  ]);
  deepEqual(endsIn(journal).map(({ name, time }) => [name, time - momentAt(0).time]), [["web", 1], ["web", 4]]);
});

Deno.test("a life that process 1 has stood in for is that of the process it got", () => {
  const journal = journalOf(
    [1, "s6rc", "started", "pid 1"],
    [2, "s6rc", "up", "pid 1"],
    [3, "s6rc", "up", "pid 7"],
    [4, "s6rc", "exited", "exited 0"],
    [5, "s6rc", "up", "pid 8"],
  );
  const life = { pid: 7, started: momentAt(1), ended: momentAt(4), end: "exited 0", finish: null };
  deepEqual(livesOf("s6rc", journal), [life]);
});

Deno.test("what a process does is told by its state and by where the kernel has it wait", () => {
  const rows = [["R", "0"], ["S", "hrtimer_nanosleep"], ["S", "do_wait"], ["S", "ep_poll"], ["S", "0"], ["D", ""], [
    "I",
    "",
  ]];
  deepEqual(rows.map(([letter, place]) => activityIn(letter!, place!)), [
    "computes",
    "sleeps for a set time",
    "waits for a child",
    "waits for an event, for example on the network",
    "waits",
    "waits for a disk or a network file system",
    undefined,
  ]);
});

/** Processes as /proc has them: pid, name, parent, session, and milliseconds after process 1 at which they began. */
type Row = readonly [pid: number, name: string, parent: number, session: number, began: number];
const OWN = 99;
const ASKED = 10_000;

/** @param each milliseconds that it takes to look at one */
function processesOf(rows: readonly Row[], services: Snapshot["services"] = [], each = 0): ContainerProcesses {
  const all = [...rows, [OWN, "explain", 0, OWN, ASKED]] as const;
  const files = new Map(all.map(([pid, name, parent, session, began]) => {
    const fields = ["S", parent, pid, session, ...Array.from({ length: 15 }, () => 0), 500 + began / 10, 0];
    return [`/proc/${pid}/stat`, `${pid} (${name}) ${fields.join(" ")}\n`];
  }));
  let looks = 0;
  const os = {
    pid: OWN,
    monotonic: () => looks * each,
    listDirectory: () => ["self", ...all.map(([pid]) => `${pid}`)],
    readFile: (path: string) => {
      looks++;
      const text = files.get(path);
      if (text === undefined) throw new OsError("open", path, "ENOENT", "No such file or directory");
      return text;
    },
    readLink: () => "",
  };
  const snapshot = { now: momentAt(ASKED), container: { pid: 1 }, services, scripts: [] } as unknown as Snapshot;
  return new ContainerProcesses(os, snapshot);
}

Deno.test("where there are too many processes to look at in time, none of them is known", () => {
  const many = Array.from({ length: 300 }, (_, at): Row => [at + 100, "many", 1, 5, 0]);
  equal(processesOf(many, [], 3).get(109)!.name, "many");
  equal(processesOf(many, [], 4).get(109), undefined);
});

Deno.test("a name may hold blanks and parentheses, and the latest descendant is what is waited for", () => {
  const processes = processesOf([[5, "a) b (", 1, 5, 0], [6, "old", 5, 5, 10], [7, "new", 5, 5, 20], [
    8,
    "last",
    7,
    5,
    30,
  ]]);
  equal(processes.get(5)?.name, "a) b (");
  equal(processes.deepestOf(5)?.stat.name, "last");
  equal(processes.deepestOf(6)?.activity, "waits");
  equal(processes.deepestOf(55), undefined);
});

Deno.test("what is left of the container is below its first process: not who looks at it from outside", () => {
  const processes = processesOf([[1, "init", 0, 1, 0], [5, "a", 1, 5, 0], [6, "b", 5, 5, 10], [40, "sh", 0, 40, 50]]);
  deepEqual(processes.remaining().map(({ pid }) => pid), [5, 6]);
});

Deno.test("left behind is what began while a life lasted that exited 0, or is of its session", () => {
  const rows: readonly Row[] = [
    [1, "init", 0, 1, 0],
    [20, "web", 1, 20, 9000],
    [21, "of web", 1, 20, 1010],
    [30, "daemon", 1, 30, 1020],
    [31, "later", 1, 31, 8000],
    [32, "in session", 1, 7, 4000],
    [33, "child", 30, 30, 1030],
    [34, "of finish", 1, 8, 1060],
  ];
  const processes = processesOf(rows, [serviceWith({ pid: 20 })]);
  const life = { pid: 7, started: momentAt(1000), ended: momentAt(1050), finish: 8 };
  deepEqual(processes.leftBehind([{ ...life, end: "exited 0" }]).map(({ name }) => name), ["daemon", "in session"]);
  deepEqual(processes.leftBehind([{ ...life, end: "exited 1" }]).map(({ name }) => name), ["in session"]);
  deepEqual(processes.leftBehind([{ ...life, ended: null, end: null }]), []);
});

Deno.test("a service that process 1 stands in for leaves nothing behind, and its pid is not that of a service", () => {
  const processes = processesOf(
    [[1, "init", 0, 1, 0], [30, "daemon", 1, 1, 1020], [31, "of web", 1, 7, 1020]],
    [serviceWith({ pid: 1 })],
  );
  const life = { started: momentAt(1000), ended: momentAt(1050), end: "exited 0", finish: null };
  deepEqual(processes.leftBehind([{ ...life, pid: 1 }]), []);
  deepEqual(processes.leftBehind([{ ...life, pid: 7 }]).map(({ name }) => name), ["daemon", "of web"]);
});
