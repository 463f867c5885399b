// Where a state directory goes for which /var/run has no place, who may have made it, and what its usual names come to.

import { equal } from "node:assert/strict";
import { actualPath, moveState } from "../../../../lib/os/moved.ts";
import type { FileStatus } from "../../../../lib/os/os.ts";
import { findMovedState, makeMovedState } from "../../../../lib/overlay/boot/moved_state.ts";
import { OsError } from "../../../../lib/report.ts";

type Entry = readonly [kind: FileStatus["kind"], uid: number, mode: number];

const USUAL: Readonly<Record<string, Entry>> = {
  "/tmp": ["directory", 0, 0o1777],
  "/dev/shm": ["directory", 0, 0o1777],
  "/var/tmp": ["directory", 0, 0o1777],
  "/proc/1": ["directory", 1000, 0o555],
};
const NAME = "s6-overlay-1000-4026531836";

function system(
  uid: number,
  entries: Readonly<Record<string, Entry>>,
  namespace = "pid:[4026531836]",
): Parameters<typeof makeMovedState>[0] {
  const status = (path: string): FileStatus | undefined => {
    const [kind, owner, mode] = entries[path] ?? [];
    return kind === undefined ? undefined : { kind, uid: owner, mode } as FileStatus;
  };
  return {
    credentials: () => ({ uid, gid: uid, groups: [] }),
    find: status,
    lstat: (path: string) => {
      const found = status(path);
      if (found === undefined) throw new OsError("stat", path, "ENOENT", "No such file or directory");
      return found;
    },
    readLink: (path: string) => {
      if (namespace === "") throw new OsError("read", path, "ENOENT", "No such file or directory");
      return namespace;
    },
    makeDirectory: (path: string) => {
      if (entries[path] !== undefined) throw new OsError("mkdir", path, "EEXIST", "File exists");
      const { uid: owner, mode } = status(path.slice(0, path.lastIndexOf("/")))!;
      if (uid !== 0 && owner !== uid && (mode & 2) === 0) {
        throw new OsError("mkdir", path, "EACCES", "Permission denied");
      }
    },
  };
}

const MADE: readonly (readonly [where: string, Readonly<Record<string, Entry>>, made: string | undefined])[] = [
  ["where all is as usual", {}, `/tmp/${NAME}`],
  ["where it is from an earlier run", { [`/tmp/${NAME}`]: ["directory", 1000, 0o755] }, `/tmp/${NAME}`],
  ["where somebody else has made it", { [`/tmp/${NAME}`]: ["directory", 2000, 0o755] }, `/dev/shm/${NAME}`],
  ["where root has made it", { [`/tmp/${NAME}`]: ["directory", 0, 0o755] }, `/dev/shm/${NAME}`],
  ["where others can write to it", { [`/tmp/${NAME}`]: ["directory", 1000, 0o777] }, `/dev/shm/${NAME}`],
  ["where a link is in its place", { [`/tmp/${NAME}`]: ["link", 1000, 0o777] }, `/dev/shm/${NAME}`],
  ["where others can rename it", { "/tmp": ["directory", 0, 0o777] }, `/dev/shm/${NAME}`],
  ["where the place is somebody else's", { "/tmp": ["directory", 2000, 0o1777] }, `/dev/shm/${NAME}`],
  ["where the place is the user's own", { "/tmp": ["directory", 1000, 0o700] }, `/tmp/${NAME}`],
  ["where the place cannot be written", { "/tmp": ["directory", 0, 0o755] }, `/dev/shm/${NAME}`],
  ["where no place can be written", {
    "/tmp": ["directory", 0, 0o755],
    "/dev/shm": ["directory", 0, 0o755],
    "/var/tmp": ["directory", 0, 0o755],
  }, undefined],
];

for (const [where, entries, made] of MADE) {
  Deno.test(`a state directory is made elsewhere ${where}: ${made}`, () => {
    equal(makeMovedState(system(1000, { ...USUAL, ...entries })), made);
  });
}

Deno.test("a state directory is made elsewhere where there is no /proc", () => {
  equal(makeMovedState(system(1000, USUAL, "")), "/tmp/s6-overlay-1000-0");
});

const OWN: Entry = ["directory", 1000, 0o755];
const FOUND: readonly (readonly [
  who: string,
  uid: number,
  Readonly<Record<string, Entry>>,
  found: string | undefined,
])[] = [
  ["its user", 1000, { [`/tmp/${NAME}`]: OWN }, `/tmp/${NAME}`],
  ["root, by the owner of process 1", 0, { [`/dev/shm/${NAME}`]: OWN }, `/dev/shm/${NAME}`],
  ["nobody where there is none", 1000, {}, undefined],
  ["nobody where somebody else has made it", 1000, { [`/tmp/${NAME}`]: ["directory", 2000, 0o755] }, undefined],
  ["nobody where others can write to it", 1000, { [`/tmp/${NAME}`]: ["directory", 1000, 0o775] }, undefined],
  [
    "nobody where others could have renamed it",
    1000,
    { "/tmp": ["directory", 0, 0o777], [`/tmp/${NAME}`]: OWN },
    undefined,
  ],
  ["nobody who is a third user", 2000, {
    "/tmp/s6-overlay-2000-4026531836": ["directory", 1000, 0o755],
  }, undefined],
];

for (const [who, uid, entries, found] of FOUND) {
  Deno.test(`a state directory elsewhere is found by ${who}`, () => {
    equal(findMovedState(system(uid, { ...USUAL, ...entries })), found);
  });
}

Deno.test("the names of the state directory, and no others, come to the one that is elsewhere", () => {
  const rows: readonly (readonly [path: string, actual: string])[] = [
    ["/var/run/s6", "/tmp/x"],
    ["/var/run/s6/services/web", "/tmp/x/services/web"],
    ["/run/s6/etc", "/tmp/x/etc"],
    ["/run/service", "/tmp/x/services"],
    ["/run/service/web/supervise/status", "/tmp/x/services/web/supervise/status"],
    ["/run/services", "/run/services"],
    ["/run/s6-rc", "/run/s6-rc"],
    ["/var/run", "/var/run"],
    ["run/s6", "run/s6"],
    ["", ""],
  ];
  for (const [path] of rows) equal(actualPath(path), path);
  moveState("/tmp/x");
  try {
    for (const [path, actual] of rows) equal(actualPath(path), actual);
  } finally {
    moveState(undefined);
  }
});
