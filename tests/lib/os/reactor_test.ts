import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { rawBytes } from "../../../lib/bytes.ts";
import { clocks } from "../../../lib/os/clock.ts";
import { descriptors } from "../../../lib/os/descriptor.ts";
import { files } from "../../../lib/os/file.ts";
import { base, PLACE, syscall, view } from "../../../lib/os/libc.ts";
import { Poller, READ } from "../../../lib/os/poller.ts";
import { EpollReactor } from "../../../lib/os/reactor.ts";
import { setBlocked } from "../../../lib/os/signal.ts";
import { SignalSource } from "../../../lib/os/signal_source.ts";
import { SYS } from "../../../lib/os/syscall_numbers.ts";

const BYTE = rawBytes("-");
const WINCH = 28;
const OPEN_FILES = 7; // RLIMIT_NOFILE

/** The descriptors of this process that are epolls. */
function epolls(): Set<number> {
  const isOne = (fd: string): boolean => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${fd}`) === "anon_inode:[eventpoll]";
    } catch {
      return false;
    }
  };
  return new Set([...Deno.readDirSync("/proc/self/fd")].map(({ name }) => name).filter(isOne).map(Number));
}

/** What is made, and the number of the epoll that it has made for itself. */
function withEpoll<T>(make: () => T): { readonly made: T; readonly epoll: number } {
  const before = epolls();
  const made = make();
  const [epoll] = epolls().difference(before);
  return { made, epoll: epoll! };
}

function setOpenFiles(soft: bigint, hard: bigint): void {
  view.setBigUint64(PLACE.result, soft, true);
  view.setBigUint64(PLACE.result + 8, hard, true);
  equal(syscall(SYS.prlimit64, 0, OPEN_FILES, base + PLACE.result, 0), 0);
}

/** As long as this runs no new descriptor can be had. */
function withoutRoom(work: () => void): void {
  syscall(SYS.prlimit64, 0, OPEN_FILES, 0, base + PLACE.result);
  const [soft, hard] = [0, 8].map((at) => view.getBigUint64(PLACE.result + at, true)) as [bigint, bigint];
  setOpenFiles(3n, hard);
  try {
    work();
  } finally {
    setOpenFiles(soft, hard);
  }
}

/** Sends a signal to this very thread: those of the runtime would take one that is sent to the process. */
function signalThread(signal: number): void {
  const [tid, tgkill] = Deno.build.arch === "aarch64" ? [178, 131] : [186, 234];
  equal(syscall(tgkill, Deno.pid, syscall(tid), signal), 0);
}

Deno.test("without its epoll a poller waits all the same, and gets another one when there is room", () => {
  const troubles: string[] = [];
  const { made: poller, epoll } = withEpoll(() => new Poller((error) => troubles.push((error as Error).message)));
  const pipe = descriptors.pipe();
  poller.want(pipe.read, READ);
  withoutRoom(() => {
    files.close(epoll);
    const begin = performance.now();
    for (let turn = 0; turn < 5; turn++) deepEqual(poller.wait(20), []);
    ok(performance.now() - begin >= 95, "it waits");
    files.write(pipe.write, BYTE);
    deepEqual(poller.wait(1000), [{ fd: pipe.read, events: READ }]);
  });
  files.read(pipe.read, new Uint8Array(new ArrayBuffer(1)));
  const before = epolls();
  deepEqual(poller.wait(1), []);
  equal(epolls().difference(before).size, 1);
  files.write(pipe.write, BYTE);
  deepEqual(poller.wait(1000), [{ fd: pipe.read, events: READ }]);
  equal(troubles.length, 1);
  match(troubles[0]!, /^unable to wait for events: Bad file descriptor$/);
});

Deno.test("what no epoll takes is refused, and says nothing against the epoll", () => {
  const troubles: unknown[] = [];
  const { made: poller, epoll } = withEpoll(() => new Poller((error) => troubles.push(error)));
  for (const path of ["/dev/null", "/etc/passwd", "/"]) {
    const fd = files.open(path, ["read"]);
    throws(() => poller.want(fd, READ), /unable to watch descriptor .*not permitted/);
    files.close(fd);
  }
  deepEqual([troubles, epolls().has(epoll)], [[], true]);
  files.close(epoll);
});

Deno.test("a number that was closed and belongs to another file is watched again", () => {
  const poller = new Poller(() => {});
  const first = descriptors.pipe();
  poller.want(first.read, READ);
  files.close(first.read);
  const second = descriptors.pipe();
  equal(second.read, first.read);
  poller.want(second.read, READ);
  files.write(second.write, BYTE);
  deepEqual(poller.wait(1000), [{ fd: second.read, events: READ }]);
});

Deno.test("what became ready before a number was closed is no event of the file that has the number now", () => {
  const reactor = new EpollReactor(clocks, () => {});
  const pipes = [descriptors.pipe(), descriptors.pipe()] as const;
  const silent = descriptors.pipe();
  const calls: string[] = [];
  const cancels = pipes.map(({ read }, index) =>
    reactor.watch(read, "read", () => {
      calls.push("ready");
      for (const cancel of cancels) cancel();
      // The other one is ready as well, and its number now that of a pipe which nothing is written to.
      const other = pipes[1 - index]!.read;
      descriptors.duplicateOnto(silent.read, other);
      const unwatch = reactor.watch(other, "read", () => calls.push("of the former file"));
      reactor.after(1, () => {
        unwatch();
        reactor.stop();
      });
    })
  );
  for (const { write } of pipes) files.write(write, BYTE);
  reactor.run();
  for (const fd of [...pipes, silent].flatMap(({ read, write }) => [read, write])) files.close(fd);
  deepEqual(calls, ["ready"]);
});

Deno.test("where no descriptor tells of signals they are asked for", () => {
  try {
    const source = new SignalSource(setBlocked);
    withoutRoom(() => source.add(WINCH));
    deepEqual([source.mustBeAsked, source.descriptor], [true, -1]);
    deepEqual(source.take(), []);
    signalThread(WINCH);
    deepEqual([source.take(), source.take()], [[WINCH], []]);
  } finally {
    setBlocked(0n);
  }
});

Deno.test("a loop that must ask for signals hears of them, and of deadlines, though nothing else happens", () => {
  try {
    const reactor = new EpollReactor(clocks, setBlocked);
    const heard: string[] = [];
    withoutRoom(() => reactor.onSignal(WINCH, () => (heard.push("signal"), reactor.stop())));
    reactor.after(1, () => (heard.push("deadline"), signalThread(WINCH)));
    reactor.run();
    deepEqual(heard, ["deadline", "signal"]);
  } finally {
    setBlocked(0n);
  }
});

Deno.test("a watch whose callback throws stays, with pauses, and the error is told once", () => {
  const reactor = new EpollReactor(clocks, () => {});
  const told: unknown[] = [];
  const pipe = descriptors.pipe();
  files.write(pipe.write, BYTE);
  reactor.survive((error) => told.push(error));
  const times: number[] = [];
  reactor.watch(pipe.read, "read", () => {
    times.push(performance.now());
    if (times.length === 5) reactor.stop();
    else throw new Error("out of order");
  });
  reactor.run();
  equal(told.length, 1);
  const pauses = times.slice(1).map((time, index) => time - times[index]!);
  ok(pauses.every((pause, index) => pause >= 10 * 2 ** index - 1), `${pauses}`);
});

Deno.test("a watch that is cancelled while it rests does not come back", () => {
  const reactor = new EpollReactor(clocks, () => {});
  reactor.survive(() => {});
  const pipe = descriptors.pipe();
  files.close(pipe.read);
  let calls = 0;
  const cancel = reactor.watch(pipe.write, "write", () => {
    calls++;
    throw new Error("out of order");
  });
  reactor.after(5, cancel);
  reactor.after(60, () => reactor.stop());
  reactor.run();
  equal(calls, 1);
});

Deno.test("nothing is called behind a stop, and what was due then is called in the next run", () => {
  const reactor = new EpollReactor(clocks, () => {});
  const calls: string[] = [];
  const stopping = (name: string) => (): void => {
    calls.push(name);
    reactor.stop();
  };
  const [one, other] = [descriptors.pipe(), descriptors.pipe()];
  for (const [name, pipe] of Object.entries({ one, other })) {
    files.write(pipe.write, BYTE);
    const cancel = reactor.watch(pipe.read, "read", () => (cancel(), stopping(name)()));
  }
  for (const name of ["deadline", "later"]) reactor.at(clocks.monotonic(), stopping(name));
  for (let run = 1; run <= 4; run++) {
    reactor.run();
    equal(calls.length, run, `${calls}`);
  }
  deepEqual(calls.toSorted(), ["deadline", "later", "one", "other"]);
});

Deno.test("what is to follow work does not happen without any", () => {
  let now = 0;
  const reactor = new EpollReactor({ monotonic: () => now }, () => {});
  const times: number[] = [];
  reactor.afterWork(100, () => times.push(now));
  for (const time of [10, 50, 120, 130, 500]) {
    reactor.at(time, () => {});
    reactor.at(time, () => reactor.stop());
    now = time;
    reactor.run();
  }
  deepEqual(times, [120, 500]);
});
