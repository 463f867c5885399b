// The files of a live directory: what is read from whatever lies there, and what is written.

import assert from "node:assert/strict";
import { byteString, rawBytes } from "../../../lib/bytes.ts";
import { systemError } from "../../../lib/errno.ts";
import { LiveDirectory, type LiveOs } from "../../../lib/rc/live.ts";
import { Failure, OsError } from "../../../lib/report.ts";

/** A system with these files; those in `busy` are locked by another process. */
class World {
  readonly log: string[] = [];
  private readonly open = new Map<number, { path: string; at: number }>();

  constructor(readonly files: Record<string, string>, private readonly busy: readonly string[] = []) {}

  readonly os: LiveOs = {
    open: (path, flags) => {
      if (this.files[path] === undefined && !flags.includes("create")) throw systemError("open", path, "ENOENT");
      assert(flags.includes("nonblocking"), "a fifo in the place of a file would not let go");
      const fd = this.log.length + this.open.size;
      this.open.set(fd, { path, at: 0 });
      return fd;
    },
    close: (fd) => assert(this.open.delete(fd)),
    read: (fd, into) => {
      const file = this.open.get(fd)!;
      // A part at a time, as it may be.
      const part = this.files[file.path]!.slice(file.at, file.at + Math.min(into.length, 3));
      file.at += part.length;
      into.set(rawBytes(part));
      return part.length;
    },
    lock: (fd, wish = {}) => {
      const { path } = this.open.get(fd)!;
      this.log.push(`${wish.wait ? "wait for " : ""}${wish.shared ? "shared " : ""}${path}`);
      return wish.wait === true || !this.busy.includes(path);
    },
    replaceFile: (path, content) => void (this.files[path] = content),
    writeFile: (path, content) => void (this.files[path] = content),
    unlink: (path) => {
      if (this.files[path] === undefined) throw systemError("unlink", path, "ENOENT");
      delete this.files[path];
    },
    find: () => undefined,
  };
}

const liveOf = (world: World): LiveDirectory => new LiveDirectory(world.os, "live");

Deno.test("a state is as many bytes as there are services, of which the known bits count", () => {
  const live = liveOf(new World({ "live/state": "\x00\x01\x03\xfe\xffmore" }));
  assert.equal(byteString(live.readState(5)), "\0\x01\x03\x02\x03");
});

Deno.test("a state that is too short is broken", () => {
  for (const content of ["", "\x01\x01"]) {
    const live = liveOf(new World({ "live/state": content }));
    assert.throws(() => live.readState(3), new Failure(4, "unable to read valid state in live/state"));
  }
});

Deno.test("a state that is missing is named", () => {
  assert.throws(() => liveOf(new World({})).readState(1), {
    message: "unable to read live/state: No such file or directory",
  });
});

Deno.test("a prefix is read up to what a name may have", () => {
  assert.equal(liveOf(new World({ "live/prefix": "p".repeat(300) })).readPrefix().length, 255);
  assert.equal(liveOf(new World({ "live/prefix": "" })).readPrefix(), "");
});

Deno.test("a change locks the live directory for itself, and the database for all who share it", () => {
  const world = new World({ "live/compiled/lock": "" });
  liveOf(world).lockForChange(false);
  assert.deepEqual(world.log, ["live/lock", "shared live/compiled/lock"]);
});

Deno.test("a change beside another one fails at once, or waits", () => {
  const world = new World({ "live/lock": "", "live/compiled/lock": "" }, ["live/lock"]);
  assert.throws(() => liveOf(world).lockForChange(false), {
    message: "unable to take locks: Device or resource busy",
  });
  liveOf(world).lockForChange(true);
});

Deno.test("a look does not wait for a change, nor for a lock that is not there", () => {
  const world = new World({ "live/lock": "", "live/compiled/lock": "" }, ["live/lock"]);
  liveOf(world).lockForLook(false);
  liveOf(new World({ "live/compiled/lock": "" })).lockForLook(false);
  assert.throws(() => liveOf(new World({ "live/lock": "" })).lockForLook(false), OsError);
});

Deno.test("what is up stays up, and what is down stays down, when a supervisor starts anew", () => {
  const world = new World({ "live/servicedirs/a/down": "" });
  const live = liveOf(world);
  live.keep("a", "up");
  assert.deepEqual(world.files, {});
  live.keep("a", "down");
  assert.deepEqual(world.files, { "live/servicedirs/a/down": "" });
});
