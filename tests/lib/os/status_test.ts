// What newfstatat tells is what statx tells, of files of every kind.

import { deepEqual, equal } from "node:assert/strict";
import { directories } from "../../../lib/os/directory.ts";
import { files } from "../../../lib/os/file.ts";
import { pretendRefused } from "../../../lib/os/status.ts";
import { withObjects } from "./objects.ts";

function refused<T>(work: () => T): T {
  pretendRefused(true);
  try {
    return work();
  } finally {
    pretendRefused(false);
  }
}

Deno.test("where statx is refused the status of a file is the same", () =>
  withObjects((root) => {
    const paths = ["file", "fifo", "socket", "directory", "loop", "dangling", "link"].map((name) => `${root}/${name}`);
    for (const path of [...paths, root, "/dev/null", "/proc/self/status", "/"]) {
      const look = (): unknown => {
        try {
          const { kind, mode, uid, gid, size, links, device, inode, modified } = files.lstat(path);
          return { kind, mode, uid, gid, size, links, device, inode, modified };
        } catch (error) {
          return `${error}`;
        }
      };
      // Files of /proc have the time at which they are inspected.
      const [usual, other] = [look(), refused(look)].map((each) =>
        path.startsWith("/proc") && typeof each === "object" ? { ...each, modified: 0n } : each
      );
      deepEqual(other, usual, path);
    }
  }));

Deno.test("where statx is refused a file is still told from others", () =>
  withObjects((root) => {
    const [one, other] = [files.open(`${root}/file`, ["read"]), files.open(root, ["read"])];
    const [of, again, ofOther] = refused(() => [one, one, other].map((fd) => directories.identity(fd)));
    files.close(one);
    files.close(other);
    equal(of, again);
    equal(of === ofOther, false);
  }));

function freeSpaceAt(path: string): unknown {
  const fd = files.open(path, ["read", "directory"]);
  try {
    return directories.freeSpace(fd);
  } finally {
    files.close(fd);
  }
}

Deno.test("the free space of a file system is what stat tells of it", async () => {
  const told = async (path: string): Promise<unknown> => {
    const { stdout } = await new Deno.Command("stat", { args: ["-f", "-c", "%a %S %c %d", path] }).output();
    const [blocks, size, files, free] = new TextDecoder().decode(stdout).split(" ").map(Number);
    return { bytes: blocks! * size!, files: files === 0 ? Infinity : free };
  };
  deepEqual(freeSpaceAt("/proc"), { bytes: 0, files: Infinity });
  // Others write there as well.
  for (let tries = 0;; tries++) {
    const found = freeSpaceAt("/");
    try {
      return deepEqual(found, await told("/"));
    } catch (error) {
      if (tries === 100) throw error;
    }
  }
});
