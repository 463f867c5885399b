// A world for supervisors, in memory: files, descriptors, processes, clocks that move only on request, and every
// failure that a real system has in store. It stands in for Os, Reactor and spawn, keeps a log of what it is asked,
// and fails at once where no real system would: a signal to a stranger, a descriptor closed twice, a lock file opened
// twice.

import type { Cancel } from "../../lib/os/os.ts";
import { reportLine } from "../../lib/reporter.ts";
import type { SupervisePorts } from "../../lib/supervise/ports.ts";
import { Reaper } from "../../lib/supervise/reaper.ts";
import { Clock, type Timer } from "./clock.ts";
import { Crowd, type CrowdProcess, type Pipe } from "./crowd.ts";
import { Disk, type Node } from "./disk.ts";
import type { Entry, News } from "./log.ts";
import { Mistakes } from "./mistakes.ts";
import { type SentMessage, simulatedSockets } from "./notify_sockets.ts";
import { startIn } from "./starts.ts";
import { simulatedOs } from "./system.ts";

const LISTENER = "svc/event/ftrig1:@40000000000000000000000a:abcdef";

export type Open =
  | { readonly node: Node }
  | { readonly pipe: Pipe; readonly end: "read" | "write" }
  | { readonly messages: SentMessage[] };

type Untimed<T> = T extends unknown ? Omit<T, "time" | "wall"> : never;
type NewsAlone = Untimed<News>;

/** What may go wrong at the moment. */
interface Weather {
  /** No room for new files and bytes; tight: for one byte. */
  disk: "free" | "tight" | "full";
  /** Why nothing can be started: a shortage of processes or memory, or a file that cannot be executed. */
  noStart: "EAGAIN" | "ENOMEM" | "exec" | undefined;
  /** No descriptors for pipes. */
  noPipes: boolean;
  /** Signals are refused. */
  noSignals: boolean;
  /** What is started as run gets no process: another one stands in for it. */
  standsIn: boolean;
  /** Another process holds the service lock. */
  serviceLocked: boolean;
  /** How many files can still be opened. */
  openings: number;
  /** The scan directory cannot be read. */
  noScan: boolean;
}

export const FINE: Weather = {
  disk: "free",
  noStart: undefined,
  noPipes: false,
  noSignals: false,
  standsIn: false,
  serviceLocked: false,
  openings: Infinity,
  noScan: false,
};

/** A process that listens to events. */
export interface Listener {
  mode: "listens" | "full" | "gone" | "leaves";
  heard: string;
}

export class World {
  readonly weather: Weather = { ...FINE };
  readonly mistakes: Mistakes = new Mistakes();
  readonly open = new Map<number, Open>();
  readonly watched = new Map<number, () => void>();
  readonly subscribers = new Map<number, (signal: number) => void>();
  readonly reports: string[] = [];
  readonly listeners = new Map<Node, Listener>();
  /** The listener that never misses an event. */
  readonly faithful: Listener;
  readonly locked = new Set<Node>();
  /** What has happened since it was taken; not kept where it never is. */
  log: Entry[] | undefined;
  /** Letters that wait in control fifos. */
  readonly commands = new Map<Node, string>();
  readonly clock = new Clock((timer, when) => this.timed(timer, when));
  readonly files: Disk = new Disk((fd) => {
    const open = this.open.get(fd);
    return open !== undefined && "node" in open ? open.node : undefined;
  });
  readonly crowd: Crowd;
  /** What SIGCHLD brings: after each timer too, unless it is late. */
  reapsLate = false;
  /** A started process reports that it runs before anything else happens. */
  startsAtOnce = true;
  readonly ports: SupervisePorts;
  readonly sockets = simulatedSockets(this, () => this.ports);
  readonly reaper: Reaper;

  constructor(pids = 4) {
    this.crowd = new Crowd(this.mistakes, 100, pids);
    for (const directory of ["svc", "svc/event"]) this.files.put(directory, "directory");
    this.files.put("svc/run", "file");
    this.faithful = this.addListener(LISTENER);
    const onSignal = (signal: number, callback: (signal: number) => void): Cancel => {
      this.subscribers.set(signal, callback);
      return () => void this.subscribers.delete(signal);
    };
    const after = (milliseconds: number, callback: () => void): Cancel =>
      this.clock.at(this.time + milliseconds, callback);
    this.ports = {
      os: simulatedOs(this),
      reactor: {
        onSignal,
        watch: (fd, _direction, callback) => this.watch(fd, callback),
        at: (time, callback) => this.clock.at(time, callback),
        after,
      },
      reaper: this.reaper = new Reaper({ reap: () => this.reap() }, { onSignal, after }),
      start: (image, news) => startIn(this, image, news),
      openNotifySocket: this.sockets.open,
      report: (...report) => {
        const line = reportLine(...report);
        this.reports.push(line);
        this.log?.push({ did: "report", line });
      },
    };
  }

  // What the simulation sees and does

  get time(): number {
    return this.clock.time;
  }

  get timers(): readonly Timer[] {
    return this.clock.timers;
  }

  /** Every event that there has been. */
  get letters(): string {
    return this.faithful.heard;
  }

  /** Our children that have not been reaped. */
  get children(): CrowdProcess[] {
    return [...this.crowd.processes.values()];
  }

  addListener(path: string): Listener {
    const listener: Listener = { mode: "listens", heard: "" };
    this.listeners.set(this.files.put(path, "fifo")!, listener);
    return listener;
  }

  pass(milliseconds: number, late = false): void {
    this.clock.pass(milliseconds, late);
  }

  /** Letters for a control fifo, which is at this path now. */
  send(letters: string, path = "svc/supervise/control"): void {
    const control = this.files.node(path);
    // A fifo without a reader cannot be written to.
    if (control === undefined || ![...this.open.values()].some((open) => "node" in open && open.node === control)) {
      return;
    }
    this.commands.set(control, (this.commands.get(control) ?? "") + letters);
    this.poll();
  }

  notify(process: CrowdProcess, text: string): void {
    if (process.pipe === undefined || process.pipe.readers === 0) return;
    process.pipe.content += text;
    this.poll();
  }

  die(process: CrowdProcess, status: number, forkedAway = false): void {
    this.crowd.die(process, status, forkedAway);
  }

  /** Nothing is left undone, and nothing has been done that no real system would let pass. */
  check(): void {
    if (this.startsAtOnce) this.settle();
    this.mistakes.check();
  }

  /** All that have been started tell that they run. */
  settle(): void {
    for (const process of this.children) if (process.starting && process.state !== "zombie") this.tell(process);
  }

  /** A started process tells that its program runs. */
  tell(process: CrowdProcess): void {
    if (!process.starting) return;
    process.starting = false;
    this.got({ got: "running", pid: process.pid });
    process.news.running?.();
  }

  /** A started process ends without having run its program. */
  failToRun(process: CrowdProcess, failure: Error): void {
    process.starting = false;
    process.failure = failure;
    this.crowd.die(process, 127 << 8);
  }

  /** Calls back for each descriptor that can be read. */
  poll(): void {
    for (const [fd, callback] of [...this.watched]) {
      if (this.watched.get(fd) === callback && this.isReadable(this.open.get(fd)!)) callback();
    }
    if (this.startsAtOnce) this.settle();
  }

  private isReadable(open: Open): boolean {
    if ("messages" in open) return open.messages.length > 0;
    if ("node" in open) return (this.commands.get(open.node) ?? "") !== "";
    return open.pipe.content !== "" || open.pipe.writers === 0;
  }

  // What supervision sees

  private timed({ time: due }: Timer, when: "before" | "after"): void {
    if (when === "before") this.got({ got: "timer", due });
    else if (!this.reapsLate) this.ports.reaper.reap();
    if (when === "after" && this.startsAtOnce) this.settle();
  }

  private times(): { time: number; wall: number } {
    return { time: this.clock.time, wall: this.clock.wall };
  }

  private watch(fd: number, callback: () => void): Cancel {
    this.mistakes.unless(this.open.has(fd), "only open descriptors are watched");
    this.mistakes.unless(!this.watched.has(fd), "a descriptor has one watch");
    this.watched.set(fd, callback);
    return () => {
      if (this.watched.get(fd) === callback) this.watched.delete(fd);
    };
  }

  /** Writes down what came to the supervisor. */
  got(news: NewsAlone): void {
    this.log?.push({ ...news, ...this.times() });
  }

  private reap(): { pid: number; status: number } | undefined {
    const pid = this.crowd.deaths[0]?.pid;
    const process = pid === undefined ? undefined : this.crowd.processes.get(pid);
    const death = this.crowd.reap();
    if (death === undefined) return undefined;
    // Its last words come before its death.
    if (process?.failure === undefined) {
      if (process !== undefined) this.tell(process);
      this.got({ got: "death", ...death });
    } else this.got({ got: "neverRan", pid: death.pid, why: process.failure.message });
    return death;
  }
}
