import { deepEqual, equal, match, throws } from "node:assert/strict";
import { publish, type PublishOs } from "../../../lib/event/publish.ts";
import { subscribe, type SubscribeOs } from "../../../lib/event/subscribe.ts";
import { OsError } from "../../../lib/report.ts";

/** A descriptor of the event directory. */
const HELD = 5;

const STATUS = { mode: 0o622, gid: 0, size: 0, links: 1, device: 1, inode: 1, modified: 0n, accessed: 0n };

/** One event directory in memory, whose fifos remember what is written to them. */
class Directory {
  readonly fifos = new Map<string, { letters: string; opened: number }>();
  readonly open = new Map<number, string>();
  readonly log: string[] = [];
  /** Who listens, whose the directory is, and how many names the fifo has. */
  listener = 0;
  owner = 0;
  links = 1;

  readonly os: SubscribeOs & PublishOs = {
    randomBytes: (size) => new Uint8Array(size).fill(this.log.length),
    now: () => ({ seconds: 1, nanoseconds: 2 }),
    makeFifoAt: (_, name, mode) => {
      this.log.push(`make ${mode?.toString(8)}`);
      this.fifos.set(`event/${name}`, { letters: "", opened: 0 });
    },
    open: (path) => {
      this.open.set(HELD, path);
      return HELD;
    },
    openAt: (_, name, flags) => {
      const path = `event/${name}`;
      if (!this.fifos.has(path)) throw new OsError("open", path, "ENOENT", "gone");
      this.log.push(flags[0]!);
      const fd = 10 + this.log.length;
      this.open.set(fd, path);
      return fd;
    },
    close: (fd) => void this.open.delete(fd),
    read: (fd, into) => {
      const fifo = this.fifos.get(this.open.get(fd)!)!;
      if (fifo.letters === "") throw new OsError("read", "", "EAGAIN", "later");
      const part = fifo.letters.slice(0, into.length);
      fifo.letters = fifo.letters.slice(part.length);
      return new TextEncoder().encodeInto(part, into).written;
    },
    write: (fd, bytes) => {
      this.fifos.get(this.open.get(fd)!)!.letters += new TextDecoder().decode(bytes);
      return bytes.length;
    },
    rename: (from, to) => {
      this.log.push("rename");
      this.fifos.set(to, this.fifos.get(from)!);
      this.fifos.delete(from);
      for (const [fd, path] of this.open) if (path === from) this.open.set(fd, to);
    },
    credentials: () => ({ uid: this.listener, gid: 7, groups: [] }),
    fstat: (fd) =>
      fd === HELD
        ? { ...STATUS, kind: "directory", uid: this.owner }
        : { ...STATUS, kind: "fifo", uid: this.listener, gid: 7, links: this.links },
    fchown: (_, uid, gid) => void this.log.push(`give to ${uid}:${gid}`),
    unlink: (path) => {
      if (!this.fifos.delete(path)) throw new OsError("unlink", path, "ENOENT", "gone");
    },
    door: {
      listHead: () => [...this.fifos.keys()].map((path) => path.slice("event/".length)),
      openFifo: (name) => this.os.openAt(HELD, name, ["write", "nonblocking"]),
      remove: (name) => this.os.unlink(`event/${name}`),
    },
  };
}

Deno.test("a listener opens its fifo before it gives it the name that notifiers look for", () => {
  const directory = new Directory();
  subscribe(directory.os, "event");
  deepEqual(directory.log, ["make 622", "read", "write", "rename"]);
  match([...directory.fifos.keys()][0]!, /^event\/ftrig1:@4[0-9a-f]{23}:[A-Za-z0-9]{6}$/);
});

Deno.test("root gives its fifo to the owner of the directory, who sends the events", () => {
  const directory = new Directory();
  directory.owner = 1000;
  subscribe(directory.os, "event");
  deepEqual(directory.log, ["make 622", "read", "give to 1000:7", "write", "rename"]);
});

Deno.test("root gives away nothing that has other names, and others nothing at all", () => {
  const [one, two] = [new Directory(), new Directory()];
  Object.assign(one, { owner: 1000, links: 2 });
  Object.assign(two, { owner: 1000, listener: 1001 });
  for (const { os } of [one, two]) subscribe(os, "event");
  deepEqual([one.log, two.log], [["make 622", "read", "write", "rename"], ["make 622", "read", "write", "rename"]]);
});

Deno.test("what is published is read, by each listener, in order", () => {
  const { os } = new Directory();
  const [one, two] = [subscribe(os, "event"), subscribe(os, "event")];
  equal(publish(os, HELD, "u"), 2);
  publish(os, HELD, "dD");
  deepEqual([one.read(), one.read(), two.read()], ["udD", "", "udD"]);
});

Deno.test("a burst that is longer than the buffer arrives whole", () => {
  const { os } = new Directory();
  const listener = subscribe(os, "event");
  publish(os, HELD, "ud".repeat(1000));
  equal(listener.read(), "ud".repeat(1000));
});

Deno.test("closing removes the fifo and all descriptors, and does not mind if the fifo is gone", () => {
  const directory = new Directory();
  const [one, two] = [subscribe(directory.os, "event"), subscribe(directory.os, "event")];
  one.close();
  directory.fifos.clear();
  two.close();
  deepEqual([directory.fifos.size, directory.open.size], [0, 0]);
});

Deno.test("a subscription that cannot be made leaves nothing behind", () => {
  const directory = new Directory();
  const os = {
    ...directory.os,
    rename: () => {
      throw new OsError("rename", "event", "EACCES", "Permission denied");
    },
  };
  throws(() => subscribe(os, "event"), /Permission denied/);
  deepEqual([directory.fifos.size, directory.open.size], [0, 0]);
});
