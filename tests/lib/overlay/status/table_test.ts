import { deepEqual, equal, match } from "node:assert/strict";
import { printable } from "../../../../lib/printable.ts";
import { statusTable, tableHead } from "../../../../lib/overlay/status/table.ts";
import type { ServiceStatus } from "../../../../lib/overlay/status/status_report.ts";
import { at, containerLike, reportLike, statusLike } from "./made.ts";

const WEB = statusLike({ name: "web", ready: true, logger: "web/log", memory: 34_000_000 });
const LOGGER = statusLike({ name: "web/log", isLogger: true, pid: 11, memory: null, cpu: null });
const DOWN = statusLike({
  name: "batch",
  state: "down",
  since: at(9000),
  wanted: "down",
  pid: null,
  restarts: 3,
  lastExit: { code: null, signal: "KILL", at: at(9000), told: false },
  memory: null,
  cpu: null,
});

/** The table of a service alone, without its headings. */
function rowOf(changes: Partial<ServiceStatus>): string[] {
  return statusTable(reportLike([statusLike(changes)])).slice(1);
}

Deno.test("columns are as wide as what is in them", () => {
  deepEqual(statusTable(reportLike([DOWN, WEB, LOGGER])), [
    "SERVICE  STATE  FOR  PID  READY  RESTARTS  LAST EXIT       LOGGER  MEMORY     CPU",
    "batch    down   1 s    -  -             3  killed by KILL  -            -       -",
    "web      up     9 s   10  yes           0  -               up       34 MB  250 ms",
    "web/log  up     9 s   11  -             0  -               -            -       -",
  ]);
});

Deno.test("without services there is no table", () => deepEqual(statusTable(reportLike([])), []));

const STATES: readonly (readonly [Partial<ServiceStatus>, state: string, colour: string])[] = [
  [{}, "up", "32"],
  [{ ready: true }, "up", "32"],
  [{ ready: false }, "up", "33"],
  [{ state: "starting" }, "starting", "33"],
  [{ state: "finishing" }, "finishing", "33"],
  [{ paused: true }, "paused", "33"],
  [{ wanted: "down" }, "up, wanted down", "33"],
  [{ state: "down", wanted: "down" }, "down", "2"],
  [{ state: "down" }, "down, wanted up", "31"],
  [{ state: "down", wanted: "down", failed: true }, "failed", "31"],
  [{ looping: true }, "up, loops", "31"],
  [{ state: "down", looping: true }, "down, loops, wanted up", "31"],
  [{ state: "unsupervised", wanted: "down" }, "unsupervised", "31"],
];

Deno.test("each state has its words and its colour", () => {
  for (const [changes, words, colour] of STATES) {
    const report = reportLike([statusLike(changes)]);
    const [plain] = statusTable(report).slice(1);
    equal(/^web +(.*?) {2}/.exec(plain!)?.[1], words);
    deepEqual(statusTable(report, { colour: true })[1], `\x1b[${colour}m${plain}\x1b[m`);
  }
});

Deno.test("without colour nothing is sent that a terminal would obey", () => {
  const report = reportLike([statusLike({ name: "a\x1b[2Jb", trouble: "bad\x07" })], {
    container: containerLike({ cause: "signal\x1b" }),
  });
  const text = [...tableHead(report, {}), ...statusTable(report)].join("\n");
  equal(printable(text.replaceAll("\n", "")), text.replaceAll("\n", ""));
  match(text, /^a\\x1b\[2Jb /m);
});

Deno.test("where the width is small the columns that matter least are left out, then lines are cut", () => {
  const report = reportLike([DOWN, WEB, LOGGER]);
  const headings = (width: number): string => statusTable(report, { width })[0]!;
  equal(headings(82), headings(1000));
  equal(headings(80), "SERVICE  STATE  FOR  PID  READY  RESTARTS  LAST EXIT       MEMORY     CPU");
  equal(headings(70), "SERVICE  STATE  FOR  PID  READY  RESTARTS  LAST EXIT       MEMORY");
  equal(headings(45), "SERVICE  STATE  FOR  PID  LAST EXIT");
  equal(headings(12), "SERVICE  STA");
  for (let width = 1; width < 90; width++) {
    const long = statusTable(report, { width }).filter((line) => line.length > width);
    deepEqual(long, [], `width ${width}`);
  }
});

Deno.test("a character of several bytes takes one column, and is not cut in two", () => {
  const name = "caf\xc3\xa9";
  const [heading, row] = statusTable(reportLike([statusLike({ name })]));
  equal(heading!.indexOf("STATE"), row!.indexOf("up") - 1);
  equal(statusTable(reportLike([statusLike({ name })]), { width: 4 })[1], name);
  equal(statusTable(reportLike([statusLike({ name })]), { width: 3 })[1], "caf");
});

Deno.test("what is due, and what is wrong, stands below a service", () => {
  deepEqual(
    rowOf({ state: "down", trouble: "unable to spawn ./run - waiting 10 seconds: No such file", nextStart: at(19_000) })
      .slice(1),
    ["  run could not be started: No such file; starts again in 9 s"],
  );
  deepEqual(rowOf({ killedAt: at(12_500) }).slice(1), ["  is killed in 2.5 s"]);
  // The pause between any two starts.
  deepEqual(rowOf({ state: "down", nextStart: at(11_000) }).slice(1), []);
});

Deno.test("what a service tells of itself stands below it, and no terminal obeys it", () => {
  deepEqual(rowOf({ said: "Ready to accept connections" }).slice(1), ["  says: Ready to accept connections"]);
  deepEqual(rowOf({ reloading: at(8000), said: "x\x1b[2J" }).slice(1), ["  reloads for 2 s; says: x\\x1b[2J"]);
  deepEqual(rowOf({ leaving: true, killedAt: at(12_500) }).slice(1), ["  is killed in 2.5 s; tells that it ends"]);
  // A watchdog that is put off again and again is not worth a line.
  deepEqual(rowOf({ watchdogEnds: at(11_000) }).slice(1), []);
});

const CONTAINERS: readonly (readonly [Parameters<typeof containerLike>[0], string])[] = [
  [{}, "container: running without a command, for 9.5 s"],
  [{ state: "running", since: at(9000) }, "container: running its command, for 1 s"],
  [{ state: "booting", booted: null, since: at(0) }, "container: booting, for 10 s"],
  [
    { state: "lastScripts", since: at(8000), cause: "TERM", stopEnds: at(13_000) },
    "container: stopping, in cont-finish.d, for 2 s; cause: TERM; it has 3 s left",
  ],
  [
    { state: "booting", since: at(0), awaited: { names: ["db", "web"], since: at(5000), until: at(14_000) } },
    "container: booting, for 10 s; it waits for db, web for 4 s more at most",
  ],
  [
    { state: "booting", since: at(0), awaited: { names: ["db"], since: at(5000), until: null } },
    "container: booting, for 10 s; it waits for db without limit",
  ],
];

Deno.test("the head says what the container does", () => {
  for (const [changes, words] of CONTAINERS) {
    deepEqual(tableHead(reportLike([], { container: containerLike(changes) }), {}), [words]);
  }
  const onDisk = reportLike([], { container: null, source: "disk", note: "no overlay answers here" });
  deepEqual(tableHead(onDisk, {}), ["note: what is on disk: no overlay answers here"]);
  deepEqual(tableHead(onDisk, { width: 10, colour: true }), ["\x1b[1mnote: what\x1b[m"]);
});
