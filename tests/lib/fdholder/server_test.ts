import { deepEqual, equal } from "node:assert/strict";
import { Server } from "../../../lib/fdholder/server.ts";
import { Store } from "../../../lib/fdholder/store.ts";
import { OsError } from "../../../lib/report.ts";

const MOST = 4;
const LISTENER = 0;

/** A holder with room for four clients, whose clients come and send when the test says so. */
class Holder {
  now = 0;
  readonly closed: number[] = [];
  private readonly backlog: { readonly fd: number; readonly uid: number }[] = [];
  private readonly uids = new Map<number, number>();
  private readonly sent = new Map<number, string>();
  private readonly left = new Set<number>();
  private readonly watching = new Map<number, () => void>();
  private readonly timers: { readonly time: number; readonly callback: () => void }[] = [];
  private last = LISTENER;
  private readonly server = new Server(
    {
      os: {
        now: () => ({ seconds: 0, nanoseconds: 0 }),
        monotonic: () => this.now,
        accept: () => {
          const client = this.backlog.shift();
          if (client === undefined) throw new OsError("accept", "", "EAGAIN", "again");
          this.uids.set(client.fd, client.uid);
          return client.fd;
        },
        peerOf: (fd) => ({ pid: 1, gid: 0, uid: this.uids.get(fd)! }),
        receive: (fd, into) => {
          const bytes = this.sent.get(fd) ?? "";
          this.sent.delete(fd);
          if (this.left.has(fd)) return { size: 0, descriptors: [] };
          if (bytes === "") throw new OsError("receive", "", "EAGAIN", "again");
          into.set(new TextEncoder().encode(bytes));
          return { size: bytes.length, descriptors: [] };
        },
        send: (_, bytes) => bytes.length,
        duplicate: (fd) => fd,
        close: (fd) => void this.closed.push(fd),
      },
      reactor: {
        watch: (fd, _, callback) => {
          this.watching.set(fd, callback);
          return () => void (this.watching.get(fd) === callback && this.watching.delete(fd));
        },
        after: (milliseconds, callback) => {
          const timer = { time: this.now + milliseconds, callback };
          this.timers.push(timer);
          return () => void (this.timers.includes(timer) && this.timers.splice(this.timers.indexOf(timer), 1));
        },
      },
      rightsOf: () => ({ list: true, getDump: false, setDump: false, mayStore: () => false, mayRetrieve: () => false }),
      warn: () => {},
      ended: () => {},
    },
    { socket: LISTENER, mostConnections: MOST, patience: 0, lastPatience: 0 },
    new Store(10),
  );

  /** Clients of this user come, each a millisecond after the other; their numbers. */
  come(uid: number, count: number): number[] {
    return Array.from({ length: count }, () => {
      this.now++;
      this.backlog.push({ fd: ++this.last, uid });
      this.watching.get(LISTENER)?.();
      return this.last;
    });
  }

  send(fd: number, bytes: string): void {
    this.now++;
    this.sent.set(fd, bytes);
    this.watching.get(fd)?.();
  }

  leave(fd: number): void {
    this.left.add(fd);
    this.watching.get(fd)?.();
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    const due = this.timers.filter(({ time }) => time <= this.now);
    for (const timer of due) {
      if (!this.timers.includes(timer)) continue;
      this.timers.splice(this.timers.indexOf(timer), 1);
      timer.callback();
    }
    while (this.backlog.length > 0 && this.watching.has(LISTENER)) this.watching.get(LISTENER)!();
  }

  /** The client has been let in. */
  listens(fd: number): boolean {
    return this.watching.has(fd);
  }

  get count(): number {
    return this.server.connectionCount;
  }
}

Deno.test("idle clients give way to new ones of their user, the one first that has been idle longest", () => {
  const holder = new Holder();
  const [first, second] = holder.come(7, MOST);
  holder.send(first!, "\0\0\0\x01\0\0L");
  const [late] = holder.come(7, 1);
  deepEqual([holder.closed, holder.count], [[], MOST], "it has to wait");
  holder.pass(1000);
  deepEqual([holder.closed, holder.count], [[second], MOST]);
  holder.send(late!, "\0\0\0\x01\0\0L");
  deepEqual(holder.closed, [second]);
});

Deno.test("a client that waits has the place of one that leaves", () => {
  const holder = new Holder();
  const [first] = holder.come(7, MOST + 1);
  holder.leave(first!);
  deepEqual([holder.closed, holder.count], [[first], MOST]);
});

Deno.test("however many clients a user has, they give way to those of others at once", () => {
  const holder = new Holder();
  holder.come(0, 1);
  const crowd = holder.come(7, 400);
  const late = holder.come(8, 1);
  equal(holder.count, MOST);
  equal(holder.closed.every((fd) => crowd.includes(fd)), true);
  equal(holder.listens(late[0]!), true, "it is let in at once");
  holder.come(7, 400);
  for (let second = 0; second < 10; second++) holder.pass(1000);
  equal(holder.closed.includes(1) || holder.closed.includes(late[0]!), false);
});

Deno.test("a client in the middle of a message gives way when nothing comes any more", () => {
  const holder = new Holder();
  const clients = holder.come(7, MOST);
  for (const fd of clients) holder.send(fd, "\0\0");
  holder.come(8, 1);
  deepEqual(holder.closed, [], "all are at work");
  holder.pass(1100);
  deepEqual([holder.closed, holder.count], [[clients[0]], MOST]);
});
