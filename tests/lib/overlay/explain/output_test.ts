// Where output goes and what a life has printed, from real log directories: this process is the logger, as it has their
// locks open.

import { deepEqual, match } from "node:assert/strict";
import { utc } from "../../../../lib/log/timezone.ts";
import { descriptors } from "../../../../lib/os/descriptor.ts";
import { door } from "../../../../lib/os/door.ts";
import { files } from "../../../../lib/os/file.ts";
import { OutputFinder, type OutputOs } from "../../../../lib/overlay/explain/output.ts";
import type { ReadOutput, RunLife } from "../../../../lib/overlay/explain/facts.ts";
import type { Snapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import { stampText } from "../../../../lib/tai.ts";
import { momentAt, NOW, serviceWith } from "./host.ts";

const os: OutputOs = {
  ...files,
  ...descriptors,
  door,
  credentials: () => ({ uid: Deno.uid()!, gid: Deno.gid()!, groups: [] }),
};

/** A line of the middle of that second of process 1. */
const stamped = (second: number, text: string): string =>
  `${stampText({ seconds: NOW.time / 1000 - 60 + second, nanoseconds: 500_000_000 })} ${text}\n`;

const LIFE: RunLife = { pid: 20, started: momentAt(10_000), ended: momentAt(12_000), end: "exited 1", finish: null };
const archive = (moment: number): string => `@${`${moment}`.padStart(24, "0")}.s`;

function placesOfWeb(): ReadOutput[] {
  const web = serviceWith({ name: "web" });
  const logger = serviceWith({ name: "web/log", isLogger: true, pid: Deno.pid, directory: "/no/where" });
  const snapshot = { now: NOW, services: [web, logger], container: { logging: 0 }, journal: [] };
  return new OutputFinder(os, snapshot as unknown as Snapshot, [utc]).placesOf(web, [LIFE]);
}

/** Log directories that are there as long as the work goes on. */
async function withLogs(
  logs: readonly Readonly<Record<string, string>>[],
  work: (places: ReadOutput[], directories: readonly string[]) => void,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const locks: Deno.FsFile[] = [];
  const directories = logs.map((_, at) => `${root}/log${at}`);
  try {
    for (const [at, content] of logs.entries()) {
      await Deno.mkdir(directories[at]!);
      locks.push(await Deno.create(`${directories[at]}/lock`));
      for (const [name, text] of Object.entries(content)) await Deno.writeTextFile(`${directories[at]}/${name}`, text);
    }
    work(placesOfWeb(), directories);
  } finally {
    for (const lock of locks) lock.close();
    await Deno.remove(root, { recursive: true });
  }
}

const CONTAINER: ReadOutput = { kind: "container", command: undefined, logs: [] };

Deno.test("lines of the last life are found where the logger has just begun a new file", async () => {
  const logs = [{ [archive(1)]: stamped(5, "before") + stamped(11, "cause"), current: stamped(40, "later") }];
  await withLogs(logs, (places, [directory]) => {
    const log = { directory, lines: ["cause"], unread: undefined, isFull: false };
    deepEqual(places, [{ kind: "logger", command: "s6-overlay logs web", logs: [log] }, CONTAINER]);
  });
});

Deno.test("a logger with several directories is read in each of them", async () => {
  await withLogs([{ current: stamped(11, "one") }, { current: stamped(12, "two") }], (places, directories) => {
    const found = places[0]!.logs.toSorted((one, other) => one.directory! < other.directory! ? -1 : 1);
    deepEqual(found.map(({ directory, lines }) => [directory, ...lines]), [
      [directories[0], "one"],
      [directories[1], "two"],
    ]);
  });
});

Deno.test("no more than the end of a log is read", async () => {
  const logs = [{ current: stamped(11, "x".repeat(99)).repeat(1000) }];
  await withLogs(logs, ([place]) => deepEqual(place!.logs[0]!.lines.length, Math.floor(16 * 1024 / 126)));
});

Deno.test("where a logger writes that has no directory is not known", async () => {
  await withLogs([], (places) => {
    deepEqual(places, [{ kind: "logger", command: "s6-overlay logs web", logs: [] }, CONTAINER]);
  });
});

Deno.test("what is not read is said, and the rest is read", async () => {
  await withLogs([{ [archive(1)]: stamped(11, "cause"), secret: stamped(11, "secret") }], (_, [directory]) => {
    Deno.symlinkSync("secret", `${directory}/current`);
    const [log] = placesOfWeb()[0]!.logs;
    deepEqual(log!.lines, ["cause"]);
    match(log!.unread!, /\/current is not read: it is a link, not a file$/);
  });
});
