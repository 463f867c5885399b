// s6-background-watch: stands in for a daemon that puts itself into the background. It gets the daemon as an orphan,
// knows it by its pid file, passes signals on to it and ends as it ends. From s6 2.14.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import { systemError } from "../../lib/errno.ts";
import type { Death, Reactor } from "../../lib/os/os.ts";
import { passableSignals } from "../../lib/passable_signals.ts";
import { Failure, ifThere, invalid, OsError } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { exitCode, killedBy, passedOnCode, type WaitStatus } from "../../lib/wait_status.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import { longOptions } from "../long_options.ts";

const NO_PID = 104;

export const backgroundWatch: Applet = fork({
  name: "s6-background-watch",
  usage: "[ -t timeout ] [ -d notif ] pidfile prog...",
  summary: "run a daemon that puts itself into the background, and live as long as it does",
  help: {
    t: "kill the program if it has not gone into the background after this many milliseconds",
    d: "write a newline to this descriptor when the daemon is in the background",
  },
  exits: { 104: "the file does not tell the pid of the daemon" },
  options: "t:d:",
  long: longOptions({ "notification-fd": "d", "timeout-ready": "t" }),
  least: 2,
  run: (context, { options, args: [file = "", ...prog] }) => {
    const limit = options.number("t");
    const notification = options.number("d");
    if (notification !== undefined) withhold(context, notification);
    return new BackgroundWatch(context, file, { limit, notification }).run(prog);
  },
});

/** Neither the program nor its daemon is to have the descriptor. */
function withhold({ os }: Context, fd: number): void {
  if (fd < 3) throw invalid("notification-fd cannot be 0, 1 or 2");
  if (!os.isInherited(fd)) throw systemError("check", "notification-fd", "EBADF");
  os.setCloseOnExec(fd, true);
}

interface Wishes {
  readonly limit: number | undefined;
  readonly notification: number | undefined;
}

class BackgroundWatch {
  // Made before there is a child, so that neither a death nor a signal is missed.
  private readonly reactor: Reactor;
  private readonly deaths = new Map<number, WaitStatus>();
  /** The program at first, then its daemon: the process that gets the signals, and is waited for. */
  private watched = 0;

  constructor(private readonly context: Context, private readonly file: ByteString, private readonly wishes: Wishes) {
    this.reactor = context.reactor();
  }

  run(prog: readonly ByteString[]): number {
    const { os, image } = this.context;
    for (const signal of passableSignals()) this.reactor.onSignal(signal, () => os.kill(this.watched, signal));
    this.reactor.onSignal(SIGNAL.CHLD, () => this.reap());
    os.becomeSubreaper();
    const parent = this.watched = this.context.spawn(image.run(prog));
    const { limit } = this.wishes;
    const cancel = limit === undefined ? undefined : this.reactor.after(limit, () => {
      this.context.warn(`${prog[0]} (parent) did not exit before timeout-ready, killing it`);
      os.kill(parent, SIGNAL.KILL);
    });
    const status = this.awaitEnd();
    cancel?.();
    if (status !== 0) this.failed(prog[0]!, status);
    this.watched = readPid(os, this.file, prog[0]!);
    if (!os.exists(this.watched)) {
      throw systemError("check", "daemon with a null signal", "ESRCH");
    }
    this.notify();
    return passedOnCode(this.awaitEnd());
  }

  private awaitEnd(): WaitStatus {
    // It may have ended before we knew that it is to be watched.
    if (!this.deaths.has(this.watched)) this.reactor.run();
    return this.deaths.get(this.watched)!;
  }

  private reap(): void {
    const { os } = this.context;
    for (let death: Death | undefined = os.reap(); death !== undefined; death = os.reap()) {
      this.deaths.set(death.pid, death.status);
      if (death.pid === this.watched) this.reactor.stop();
    }
  }

  private failed(prog: ByteString, status: WaitStatus): never {
    try {
      this.context.os.unlink(this.file);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
    }
    const code = exitCode(status);
    const how = code === undefined ? `crashed with signal ${killedBy(status)}` : `exited ${code}`;
    throw new Failure(passedOnCode(status), `${prog} (parent) ${how}`);
  }

  private notify(): void {
    const fd = this.wishes.notification;
    if (fd === undefined) return;
    const { os } = this.context;
    try {
      os.writeAll(fd, rawBytes("\n"));
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
    }
    os.close(fd);
  }
}

function readPid(os: Context["os"], file: ByteString, prog: ByteString): number {
  const line = ifThere(() => os.readFile(file))?.split("\n", 1)[0];
  if (line === undefined) throw invalid(`${prog} (parent) exited but pidfile ${file} does not exist`, NO_PID);
  // A number that is not a pid would mean all processes.
  if (!/^[0-9]{1,9}$/.test(line) || Number(line) < 2) {
    throw invalid(`pidfile ${file} does not contain a valid pid`, NO_PID);
  }
  return Number(line);
}
