// On real files: root's logger in a directory of a user, who has put there what leads to files of root's.

import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { guardedDirectory, type GuardingOs } from "../../../lib/log/guarded_files.ts";
import { Logdir } from "../../../lib/log/logdir.ts";
import { clocks } from "../../../lib/os/clock.ts";
import { descriptors } from "../../../lib/os/descriptor.ts";
import { files } from "../../../lib/os/file.ts";
import { bytes } from "./memory_files.ts";
import { DEFAULTS } from "./memory_host.ts";

const EVIL = 1234;
const os: GuardingOs = {
  ...files,
  ...descriptors,
  ...clocks,
  pid: Deno.pid,
  credentials: () => ({ uid: 0, gid: 0, groups: [] }),
};

interface World {
  readonly root: string;
  /** The log directory. */
  readonly logs: string;
  /** A file of root's. */
  readonly secret: string;
  readonly warnings: string[];
  open(): Logdir;
  /** Lets what is to be tried again be. */
  again(): void;
}

function test(name: string, body: (world: World) => void): void {
  Deno.test({
    name,
    ignore: Deno.uid() !== 0,
    fn: () => {
      const root = Deno.makeTempDirSync();
      const [logs, secret] = [`${root}/home/logs`, `${root}/secret`];
      const warnings: string[] = [];
      const later: (() => void)[] = [];
      const open = (): Logdir => {
        const guarded = guardedDirectory(os, logs)!;
        ok(guarded.place.startsWith("/proc/"));
        return new Logdir(
          {
            os: guarded.files,
            mode: 0o644,
            warn: (text) => void warnings.push(text),
            after: (_, callback) => void later.push(callback),
            process: () => {},
            idle: () => {},
          },
          logs,
          DEFAULTS,
        );
      };
      const again = (): void => later.splice(0).forEach((callback) => callback());
      try {
        for (const path of [`${root}/home`, logs]) {
          files.makeDirectory(path, 0o755);
          files.chown(path, EVIL, EVIL);
        }
        files.writeFile(secret, "secret", 0o600);
        body({ root, logs, secret, warnings, open, again });
        equal(files.readFile(secret), "secret");
        equal(files.lstat(secret).mode, 0o600);
      } finally {
        Deno.removeSync(root, { recursive: true });
      }
    },
  });
}

const write = (directory: Logdir, size: number): void => directory.write(bytes(`${"x".repeat(size - 1)}\n`));

for (const name of ["current", "lock"]) {
  test(`a link, a fifo or another name of a file in the place of ${name} is not opened`, ({ logs, secret, open }) => {
    const clean = (): void => files.unlink(`${logs}/${name}`);
    files.symlink(secret, `${logs}/${name}`);
    if (name === "lock") {
      throws(open, /Too many levels of symbolic links/);
      clean();
      files.link(secret, `${logs}/${name}`);
      throws(open, /unable to open .*lock: it has other names too/);
      clean();
      files.makeFifo(`${logs}/${name}`, 0o600);
      throws(open, /unable to open .*lock: it is a fifo, not a file/);
      return;
    }
    // It becomes an archive, as what an unclean stop has left.
    write(open(), 10);
    equal(files.lstat(`${logs}/${name}`).kind, "file");
  });
}

test("links in the place of other files are removed or renamed, and never followed", ({ logs, secret, open }) => {
  for (const name of ["state", "newstate", "previous", "processed"]) files.symlink(secret, `${logs}/${name}`);
  write(open(), 10);
  equal(files.readFile(`${logs}/current`), "xxxxxxxxx\n");
  equal(files.lstat(`${logs}/state`).kind, "file");
});

test("a file that is replaced by a link while it is rotated is not marked", ({ logs, secret, open, warnings, again }) => {
  const directory = open();
  // previous cannot be replaced by a rename, so the user has the time.
  files.makeDirectory(`${logs}/previous`, 0o755);
  write(directory, 4096);
  match(warnings[0]!, /unable to rename/);
  Deno.removeSync(`${logs}/previous`);
  files.unlink(`${logs}/current`);
  files.symlink(secret, `${logs}/current`);
  again();
  deepEqual(warnings.slice(1), [`unable to chmod ${logs}/previous: Too many levels of symbolic links`]);
});

test("a directory that a link replaces is still the one that is logged to", ({ root, logs, open }) => {
  const directory = open();
  files.makeDirectory(`${root}/etc`, 0o755);
  files.rename(logs, `${root}/home/moved`);
  files.symlink(`${root}/etc`, logs);
  for (let round = 0; round < 3; round++) write(directory, 4096);
  deepEqual(files.listDirectory(`${root}/etc`), []);
  equal(files.listDirectory(`${root}/home/moved`).filter((name) => name.startsWith("@")).length, 3);
});

test("a user's link to a directory that is not that user's is not logged to", ({ root, logs }) => {
  files.rename(logs, `${root}/home/real`);
  files.symlink("real", logs);
  equal(new Deno.Command("chown", { args: ["-h", `${EVIL}`, logs] }).outputSync().success, true);
  ok(guardedDirectory(os, logs) !== undefined);
  files.chown(`${root}/home/real`, 0, 0);
  throws(
    () => guardedDirectory(os, logs),
    /leads through a link that user 1234 can have made to a directory of user 0/,
  );
});

test("a directory that only root can change, below such directories, is reached by its name", ({ root, logs }) => {
  files.makeDirectory(`${root}/own`, 0o755);
  equal(guardedDirectory(os, `${root}/own`), undefined);
  equal(guardedDirectory(os, `${root}/none`), undefined);
  // Its owner could put another one in its place.
  files.chown(logs, 0, 0);
  ok(guardedDirectory(os, logs) !== undefined);
});
