// s6-notifyoncheck: readiness for a daemon that cannot tell by itself. The daemon runs in this very process; a second
// one, the watcher, runs a check until that succeeds, and then notifies the supervisor.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import { subscribe } from "../../lib/event/subscribe.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { Reactor } from "../../lib/os/os.ts";
import { EXIT, Failure, invalid, textOf } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { isSupervised, readServiceStatus } from "../../lib/supervise/client.ts";
import { isUp } from "../../lib/supervise/status.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import { type Options, unsigned } from "../getopt.ts";
import { longOptions } from "../long_options.ts";

const OPTIONS = "d3:s:T:t:w:n:c:W:";

export const notifyoncheck: Applet = fork({
  name: "s6-notifyoncheck",
  usage: "[ -d ] [ -3 fd ] [ -s initialsleep ] [ -T globaltimeout ] [ -t localtimeout ] [ -w waitingtime ] " +
    '[ -n tries ] [ -c "checkprog..." ] prog...',
  summary: "run a daemon and tell its supervisor when a check of it succeeds",
  help: {
    d: "let the watcher be nobody's child that the daemon could see",
    3: "the descriptor to notify (default: what the file notification-fd says)",
    s: "milliseconds before the first check (default 10)",
    T: "give up after this many milliseconds (default 0, never)",
    t: "kill a check that takes this many milliseconds (default 0, never)",
    w: "milliseconds between two checks (default 1000)",
    n: "check so often at most (default 7; 0: without limit)",
    c: "the check, a line of execline (default: ./data/check)",
  },
  ignored: "W",
  // -W is for ourselves: the process is the watcher of that daemon.
  options: OPTIONS,
  long: longOptions({
    "check-program": "c",
    "doublefork": "d",
    "global-timeout": "T",
    "initial-sleep": "s",
    "local-timeout": "t",
    "notification-fd": "3",
    "tries": "n",
    "waiting-time": "w",
  }),
  least: 1,
  run: (context, { options, args }) => {
    const { os, image } = context;
    const plan = planOf(options);
    const fd = options.number("3") ?? notificationDescriptor(context);
    if (!os.isOpen(fd)) throw new Failure(EXIT.system, "notification-fd sanity check failed: Bad file descriptor");
    if (!isSupervised(os, ".")) throw new Failure(EXIT.usage, "s6-supervise not running.");
    const daemon = options.number("W");
    const detached = options.has("d");
    if (daemon !== undefined && !detached) return new Watcher(context, plan, fd, daemon).run();
    const again = watcherWords(context, options, daemon ?? os.pid);
    // A detached watcher is the child of one that ends at once: it is not a child that the daemon could see.
    const child = context.spawn(
      image.run([...again, ...(detached && daemon === undefined ? ["-d"] : []), "--", ...args]),
    );
    if (daemon !== undefined) return 0;
    if (detached) os.wait(child);
    return image.step({ do: "close", fd, by: context.name }).run(args);
  },
});

interface Plan {
  /** Milliseconds. 0 as a limit is none. */
  readonly initialSleep: number;
  readonly limit: number;
  readonly checkLimit: number;
  readonly pause: number;
  /** 0 is without limit. */
  readonly tries: number;
  readonly check: readonly ByteString[];
}

function planOf(options: Options<typeof OPTIONS>): Plan {
  const command = options.value("c");
  return {
    initialSleep: options.number("s") ?? 10,
    limit: options.number("T") ?? 0,
    checkLimit: options.number("t") ?? 0,
    pause: options.number("w") ?? 1000,
    tries: options.number("n") ?? 7,
    check: command === undefined ? ["./data/check"] : ["execlineb", "-Pc", command],
  };
}

function notificationDescriptor({ os }: Context): number {
  const line = os.readFile("notification-fd").split("\n")[0]!.trim();
  if (!/^[0-9]{1,9}$/.test(line)) throw invalid("invalid notification-fd");
  return unsigned(line);
}

/** The command of the watcher: ours, with the same options and the daemon's process id. */
function watcherWords({ image }: Context, options: Options<typeof OPTIONS>, daemon: number): ByteString[] {
  const same = options.list.filter(({ letter }) => letter !== "d" && letter !== "W");
  return [image.argv[0]!, ...same.flatMap(({ letter, value }) => [`-${letter}`, value]), "-W", `${daemon}`];
}

// The watcher's exit codes.
const READY = 0;
const TRIES_USED_UP = 1;
const DAEMON_DIED = 2;
const TIME_IS_OVER = 3;

class Watcher {
  private readonly reactor: Reactor;
  private readonly check: ProcessImage;
  private tries = 0;
  private child = 0;
  private code = READY;

  constructor(
    private readonly context: Context,
    private readonly plan: Plan,
    private readonly fd: number,
    private readonly daemon: number,
  ) {
    this.reactor = context.reactor();
    this.check = context.image.step({ do: "close", fd, by: context.name }).run(plan.check);
  }

  async run(): Promise<number> {
    const { os } = this.context;
    const events = subscribe(os, "event");
    try {
      // It may have died before we listened.
      if (!this.isAlive()) return DAEMON_DIED;
      this.reactor.watch(events.fd, "read", () => {
        if (events.read().includes("d")) this.end(DAEMON_DIED);
      });
      this.reactor.onSignal(SIGNAL.CHLD, () => this.checked());
      if (this.plan.limit > 0) {
        this.reactor.after(this.plan.limit, () => {
          this.givenUp(`after ${this.plan.limit} ms`, "-T 0 is without limit");
          this.end(TIME_IS_OVER);
        });
      }
      this.reactor.after(this.plan.initialSleep, () => this.begin());
      await this.reactor.run();
      return this.code;
    } finally {
      events.close();
    }
  }

  /** The daemon may be another process of the service than the one that we were: in a pipeline of its run script, say. */
  private isAlive(): boolean {
    const { os } = this.context;
    if (os.exists(this.daemon)) return true;
    const status = readServiceStatus(os, ".");
    return isUp(status) && os.exists(status.pid);
  }

  private begin(): void {
    this.tries++;
    try {
      const child = this.child = this.context.spawn(this.check);
      if (this.plan.checkLimit === 0) return;
      this.reactor.after(this.plan.checkLimit, () => {
        if (this.child === child) this.context.os.kill(child, SIGNAL.KILL);
      });
    } catch (error) {
      this.context.warn(textOf(error));
      this.failed();
    }
  }

  private checked(): void {
    const death = this.child === 0 ? undefined : this.context.os.reap(this.child);
    if (death === undefined) return;
    this.child = 0;
    if (death.status !== 0) return this.failed();
    this.context.os.writeAll(this.fd, rawBytes("\n"));
    this.end(READY);
  }

  private failed(): void {
    if (this.tries !== this.plan.tries) {
      this.reactor.after(this.plan.pause, () => this.begin());
      return;
    }
    this.givenUp(`after ${this.tries} checks that failed`, "-n 0 checks as often as it takes");
    this.end(TRIES_USED_UP);
  }

  /** The original says nothing, and the service is up and never ready. */
  private givenUp(when: string, cure: string): void {
    this.context.warn(`gave up ${when}: it is not told that the service is ready (${cure})`);
  }

  private end(code: number): void {
    this.code = code;
    this.reactor.stop();
  }
}
