// Readiness from one protocol into the other: s6-notify-fd-from-socket for a daemon that speaks systemd's under s6,
// s6-notify-socket-from-fd for one that speaks s6's under systemd. The daemon runs in this very process; a second one,
// the watcher, waits for its message. Follows the manuals of s6 2.15.

import { type ByteString, byteString, rawBytes } from "../../lib/bytes.ts";
import { systemError } from "../../lib/errno.ts";
import type { Reactor } from "../../lib/os/os.ts";
import type { Notice, Notices } from "../../lib/os/parts.ts";
import { about, Failure, invalid, OsError, unlessRefused } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { mayNotify, readyNotice, tellsReady } from "../../lib/supervise/notify_protocol.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import type { Options } from "../getopt.ts";
import { longOptions } from "../long_options.ts";

const VARIABLE = "NOTIFY_SOCKET";
const ENDED = 1;
const LATE = 99;
const EXITS = { 1: "of the watcher: the program has ended before it was ready", 99: "of the watcher: it was too late" };
/** What the watcher waits for is its standard input. */
const INPUT = 0;
const LARGEST_NOTICE = 8192;
/** As many messages are taken at once: who sends more of them does not hold us up. */
const NOTICES_A_TURN = 64;
/** Milliseconds. */
const LOOK_AGAIN = 1000;
const NEWLINE = 10;

const FROM_SOCKET = "f3:t:W:";

export const notifyFdFromSocket: Applet = fork({
  name: "s6-notify-fd-from-socket",
  usage: "[ -f ] [ -3 fd ] [ -t timeout ] prog...",
  summary: "run a daemon that tells by systemd's protocol that it is ready, and tell s6-supervise",
  help: {
    f: "let the watcher be a child of the daemon",
    3: "the descriptor to notify (default: what the file notification-fd says)",
    t: "give up after this many milliseconds (default 0, never)",
  },
  exits: EXITS,
  notes: [
    "The program finds a socket's address in NOTIFY_SOCKET. A message READY=1 counts if it comes from the program's " +
    "process, from its user or from root; others are ignored, with a warning for the first.",
  ],
  ignored: "W",
  // -W is for ourselves: the process is the watcher of that daemon.
  options: FROM_SOCKET,
  long: longOptions({ "no-doublefork": "f", "notification-fd": "3", "timeout": "t" }),
  least: 1,
  run: async (context, { options, args }) => {
    const [given, limit] = [
      naturalNumber(options.value("3"), "notification-fd"),
      naturalNumber(options.value("t"), "timeout"),
    ];
    const notices = await context.part("notices");
    const fd = given ?? notificationNumber(context);
    const daemon = options.number("W");
    if (daemon !== undefined) {
      if (!options.has("f")) return leaveToAnother(context);
      return new SocketWatcher(context, limit ?? 0, { notices, daemon, fd }).run();
    }
    const { os, image, name: by } = context;
    if (!os.isInherited(fd)) throw systemError("check", `notification descriptor ${fd}`, "EBADF");
    const socket = notices.openNotices();
    startWatcher(context, socket.fd, inputBeside(fd), [...watcherWords(context, options, limit), "-3", `${fd}`]);
    return image.withVariables([[VARIABLE, socket.address]]).step({ do: "close", fd, by }).run(args);
  },
});

const FROM_DESCRIPTOR = "d:ft:kW:";

export const notifySocketFromFd: Applet = fork({
  name: "s6-notify-socket-from-fd",
  usage: "[ -d fd ] [ -f ] [ -t timeout ] [ -k ] prog...",
  summary: "run a daemon that tells s6-supervise that it is ready, and tell by systemd's protocol",
  help: {
    d: "the descriptor that the daemon notifies (default 1)",
    f: "let the watcher be a child of the daemon",
    t: "give up after this many milliseconds (default 0, never)",
    k: "leave NOTIFY_SOCKET in the environment of the daemon",
  },
  exits: EXITS,
  notes: ["Without NOTIFY_SOCKET in the environment it is the program and nothing more."],
  ignored: "W",
  options: FROM_DESCRIPTOR,
  long: longOptions({ "keep-environment": "k", "no-doublefork": "f", "notification-fd": "d", "timeout": "t" }),
  least: 1,
  run: async (context, { options, args }) => {
    const fd = naturalNumber(options.value("d"), "notification-fd") ?? 1;
    const limit = naturalNumber(options.value("t"), "timeout");
    const { os, image, name: by } = context;
    const address = image.environment.get(VARIABLE);
    if (address === undefined) return image.run(args);
    const notices = await context.part("notices");
    const daemon = options.number("W");
    if (daemon !== undefined) {
      if (!options.has("f")) return leaveToAnother(context);
      return new DescriptorWatcher(context, limit ?? 0, { notices, daemon, address }).run();
    }
    const pipe = os.pipe();
    startWatcher(context, pipe.read, INPUT, watcherWords(context, options, limit));
    const own = image.step({ do: "move", by, from: pipe.write, to: fd });
    return (options.has("k") ? own : own.withVariables([[VARIABLE, undefined]])).run(args);
  },
});

/** An option's value, if it is given. Throws Failure. */
function naturalNumber(word: ByteString | undefined, name: string): number | undefined {
  if (word === undefined) return undefined;
  if (!/^[0-9]{1,9}$/.test(word)) throw invalid(`${name} must be an unsigned integer`);
  return Number(word);
}

function notificationNumber({ os }: Context): number {
  const line = about("read", "./notification-fd", () => os.readFile("notification-fd")).split("\n")[0]!.trim();
  if (!/^[0-9]{1,9}$/.test(line)) throw invalid("invalid ./notification-fd");
  return Number(line);
}

function watcherWords({ os }: Context, options: Pick<Options<"f">, "has">, limit: number | undefined): ByteString[] {
  return [...(options.has("f") ? ["-f"] : []), ...(limit === undefined ? [] : ["-t", `${limit}`]), "-W", `${os.pid}`];
}

/** Starts ourselves again, as the watcher, which reads this descriptor. Its parent, if that is not to be us, ends at once. */
function startWatcher(context: Context, from: number, to: number, words: readonly ByteString[]): void {
  const { image, os, name: by } = context;
  const child = context.spawn(image.step({ do: "copy", by, from, to }).run([image.argv[0]!, ...words, "--", "true"]));
  if (!words.includes("-f")) os.wait(child);
}

/** Leaves the watcher to a process of its own, which is not the daemon's child. */
function leaveToAnother(context: Context): number {
  const { image } = context;
  context.spawn(image.run([image.argv[0]!, "-f", ...image.argv.slice(1)]));
  return 0;
}

/** Runs until something ends it, and returns the code it is given. */
function awaitEnd(reactor: Reactor, limit: number, prepare: (end: (code: number) => void) => void): number {
  let code = LATE;
  const end = (given: number): void => {
    code = given;
    reactor.stop();
  };
  reactor.onSignal(SIGNAL.PIPE, () => {});
  if (limit > 0) reactor.after(limit, () => reactor.stop());
  prepare(end);
  reactor.run();
  if (code === LATE) throw new Failure(LATE, "timed out waiting for notification");
  return code;
}

interface Watched {
  readonly notices: Notices;
  readonly daemon: number;
}

/** Waits for a message on a socket, and tells it to the supervisor. */
class SocketWatcher {
  private readonly buffer = new Uint8Array(new ArrayBuffer(LARGEST_NOTICE));
  private hasWarned = false;

  constructor(
    private readonly context: Context,
    private readonly limit: number,
    private readonly watched: Watched & { readonly fd: number },
  ) {}

  run(): number {
    const reactor = this.context.reactor();
    return awaitEnd(reactor, this.limit, (end) => {
      const look = (): boolean => {
        const isReady = this.isReady();
        if (isReady) end(this.notify());
        return isReady;
      };
      reactor.watch(inputBeside(this.watched.fd), "read", look);
      // It may have ended right behind its message.
      this.onEnd(reactor, () => look() || end(ENDED));
    });
  }

  private onEnd(reactor: Reactor, ended: () => void): void {
    const { os } = this.context;
    const { daemon } = this.watched;
    try {
      const fd = os.openProcess(daemon);
      if (fd === undefined) ended();
      else reactor.watch(fd, "read", ended);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      // An old kernel, or a sandbox.
      const look = (): unknown => os.exists(daemon) ? reactor.after(LOOK_AGAIN, look) : ended();
      look();
    }
  }

  private isReady(): boolean {
    const { notices, fd } = this.watched;
    for (let turn = 0; turn < NOTICES_A_TURN; turn++) {
      const notice = notices.receiveNotice(inputBeside(fd), this.buffer);
      if (notice === undefined) return false;
      if (notice.carries) notices.dropNotice(inputBeside(fd));
      const isReady = tellsReady(byteString(this.buffer.subarray(0, notice.size)), notice.isCut);
      if (isReady && this.counts(notice)) return true;
    }
    return false;
  }

  private counts({ sender }: Notice): boolean {
    const { context: { os }, watched: { daemon } } = this;
    const uid = unlessRefused(() => os.stat(`/proc/${daemon}`))?.uid;
    if (mayNotify(sender, { pid: daemon, uid })) return true;
    if (!this.hasWarned) {
      this.hasWarned = true;
      this.context.warn(`ignored that pid ${sender?.pid ?? "?"} of uid ${sender?.uid ?? "?"} says READY=1: it may not`);
    }
    return false;
  }

  private notify(): number {
    const { fd } = this.watched;
    about("write to", `notification descriptor ${fd}`, () => this.context.os.writeAll(fd, rawBytes("\n")));
    return 0;
  }
}

/** The descriptor that the watcher reads: not the one that it writes to. */
function inputBeside(fd: number): number {
  return fd === INPUT ? INPUT + 1 : INPUT;
}

/** Waits for a newline on a pipe, and sends a message. */
class DescriptorWatcher {
  private readonly buffer = new Uint8Array(new ArrayBuffer(LARGEST_NOTICE));

  constructor(
    private readonly context: Context,
    private readonly limit: number,
    private readonly watched: Watched & { readonly address: ByteString },
  ) {}

  run(): number {
    const reactor = this.context.reactor();
    return awaitEnd(reactor, this.limit, (end) => {
      reactor.watch(INPUT, "read", () => {
        const size = this.context.os.read(INPUT, this.buffer);
        if (size === 0) end(ENDED);
        else if (this.buffer.subarray(0, size).includes(NEWLINE)) end(this.notify());
      });
    });
  }

  private notify(): number {
    const { notices, address, daemon } = this.watched;
    about("send the notification to", address, () => notices.sendNotice(address, rawBytes(readyNotice(daemon))));
    return 0;
  }
}
