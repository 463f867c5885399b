import { deepEqual, equal } from "node:assert/strict";
import { rawBytes } from "../../../lib/bytes.ts";
import type { FileStatus } from "../../../lib/os/os.ts";
import { childScore, OomScore } from "../../../lib/overlay/oom_score.ts";
import { OsError } from "../../../lib/report.ts";

const MEGABYTE = 2 ** 20;
const MACHINE = 4096 * MEGABYTE;

interface World {
  readonly score: OomScore;
  readonly files: Record<string, string>;
  readonly told: string[];
  readonly opened: string[];
  size: number | undefined;
  now: number;
}

function world(files: Record<string, string>): World {
  const paths: string[] = [];
  const world = { files, told: [] as string[], opened: paths, size: 37 * MEGABYTE as number | undefined, now: 0 };
  const score = new OomScore({
    os: {
      monotonic: () => world.now,
      find: (path) => Object.keys(files).some((name) => name.startsWith(`${path}/`)) ? {} as FileStatus : undefined,
      open: (path) => {
        if (!Object.hasOwn(files, path)) throw new OsError("open", path, "ENOENT", "No such file or directory");
        return paths.push(path) - 1;
      },
      read: (fd, into) => {
        const bytes = rawBytes(files[paths[fd]!]!);
        into.set(bytes);
        return bytes.length;
      },
      close: () => {},
    },
    memory: {
      sizes: () => world.size === undefined ? undefined : { resident: world.size, own: 0 },
      ofMachine: () => MACHINE,
    },
    info: (text) => world.told.push(text),
  });
  return Object.assign(world, { score });
}

const OWN = { "/proc/self/oom_score_adj": "0\n" };
const V2 = { ...OWN, "/proc/self/cgroup": "0::/\n" };

Deno.test("a child's score makes up for the size of process 1, and is 1000 at most", () => {
  equal(childScore(0, 37 * MEGABYTE, 64 * MEGABYTE), 579);
  equal(childScore(-998, 37 * MEGABYTE, MACHINE), -988);
  equal(childScore(500, 37 * MEGABYTE, 64 * MEGABYTE), 1000);
  equal(childScore(0, 1, MACHINE), 1);
});

const LIMITS: Readonly<Record<string, [Record<string, string>, number]>> = {
  "of its group": [{ ...V2, "/sys/fs/cgroup/memory.max": `${100 * MEGABYTE}\n` }, 370],
  "of the machine, where its group has none": [{ ...V2, "/sys/fs/cgroup/memory.max": "max\n" }, 10],
  "of the machine, where there are no groups": [OWN, 10],
  "of a group above": [{
    ...OWN,
    "/proc/self/cgroup": "0::/pod/one\n",
    "/sys/fs/cgroup/pod/one/memory.max": "max\n",
    "/sys/fs/cgroup/pod/memory.max": `${74 * MEGABYTE}\n`,
  }, 500],
  "of a group of the first version": [{
    ...OWN,
    "/proc/self/cgroup": "12:cpu,cpuacct:/x\n4:memory:/docker/1\n1:name=systemd:/docker/1\n0::/\n",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": `${370 * MEGABYTE}\n`,
  }, 100],
  "of the machine, where a group may have more": [{
    ...OWN,
    "/proc/self/cgroup": "4:memory:/\n",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
  }, 10],
};

for (const [name, [files, score]] of Object.entries(LIMITS)) {
  Deno.test(`the limit is that ${name}`, () => equal(world(files).score.current(), score));
}

Deno.test("where something is not known there is no score", () => {
  equal(world({}).score.current(), undefined);
  equal(world({ "/proc/self/oom_score_adj": "" }).score.current(), undefined);
  const unknown = world(V2);
  unknown.size = undefined;
  equal(unknown.score.current(), undefined);
});

Deno.test("it is looked at once a minute at most", () => {
  const it = world({ ...V2, "/sys/fs/cgroup/memory.max": `${100 * MEGABYTE}` });
  equal(it.score.current(), 370);
  const { length } = it.opened;
  it.size = 50 * MEGABYTE;
  it.now = 59_999;
  deepEqual([it.score.current(), it.opened.length], [370, length]);
  it.now = 60_000;
  equal(it.score.current(), 500);
});

Deno.test("that all processes end together is told once", () => {
  const it = world({ ...V2, "/sys/fs/cgroup/memory.oom.group": "1\n" });
  it.score.current();
  it.now = 60_000;
  it.score.current();
  equal(it.told.length, 1);
});
