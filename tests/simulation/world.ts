// A world for one supervisor, in memory: files, descriptors, processes, a clock that moves only when told, and every
// failure that a real system has in store. It stands in for Os, Reactor and launch.

import assert from "node:assert/strict";
import { byteString, rawBytes } from "../../lib/bytes.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { Cancel, FileStatus, Instant } from "../../lib/os/os.ts";
import { Failure, OsError } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import type { SupervisePorts } from "../../lib/supervise/ports.ts";
import { Reaper } from "../../lib/supervise/reaper.ts";

export const LISTENER = "svc/event/ftrig1:@40000000000000000000000a:abcdef";

export interface Process {
  readonly pid: number;
  readonly script: "run" | "finish";
  readonly argv: readonly string[];
  /** The pipe it writes its notification to, if it got one. */
  readonly pipe: Pipe | undefined;
  state: "alive" | "stopped" | "zombie";
}

interface Pipe {
  content: string;
  writers: number;
}

type Open = { readonly file: string } | { readonly pipe: Pipe; readonly end: "read" | "write" };

interface Timer {
  readonly time: number;
  readonly callback: () => void;
}

/** What may go wrong at the moment. */
export interface Weather {
  diskFull: boolean;
  /** Nothing can be started: a shortage of processes, or a file that cannot be executed. */
  noStart: "shortage" | "exec" | undefined;
  listenerFull: boolean;
  noPipes: boolean;
}

const REASONS: Readonly<Record<string, string>> = { ENOENT: "No such file or directory" };

function refuse(action: string, object: string, errno: string): never {
  throw new OsError(action, object, errno, REASONS[errno] ?? errno);
}

export class World {
  time = 1_000_000;
  wall = 1_700_000_000_000;
  readonly weather: Weather = { diskFull: false, noStart: undefined, listenerFull: false, noPipes: false };
  readonly files = new Map<string, string>([["svc", ""], ["svc/run", ""], [LISTENER, ""]]);
  readonly processes = new Map<number, Process>();
  readonly deaths: { pid: number; status: number }[] = [];
  readonly open = new Map<number, Open>();
  readonly watched = new Map<number, () => void>();
  readonly timers: Timer[] = [];
  readonly reports: string[] = [];
  /** Every event a listener would have got, had its fifo never been full. */
  letters = "";
  commands = "";
  #nextFd = 3;
  #nextPid = 100;

  readonly ports: SupervisePorts;

  constructor() {
    const onSignal = (): Cancel => () => {};
    this.ports = {
      os: this.#os(),
      reactor: {
        onSignal,
        watch: (fd, _direction, callback) => {
          assert(this.open.has(fd), "only open descriptors are watched");
          this.watched.set(fd, callback);
          return () => void this.watched.delete(fd);
        },
        at: (time, callback) => this.#timer(time, callback),
        after: (milliseconds, callback) => this.#timer(this.time + milliseconds, callback),
      },
      reaper: new Reaper({ reap: () => this.#reap() }, { onSignal }),
      launch: (image) => this.#launch(image),
      report: (line) => void this.reports.push(line),
    };
  }

  // What the simulation does to the world

  /** Moves the clock, and does what falls due on the way. */
  pass(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (let turns = 0;; turns++) {
      assert(turns < 10_000, "the clock stands still: a deadline renews itself");
      const due = this.timers.filter((timer) => timer.time <= end).sort((a, b) => a.time - b.time)[0];
      if (due === undefined) break;
      this.timers.splice(this.timers.indexOf(due), 1);
      if (due.time > this.time) this.#advance(due.time - this.time);
      due.callback();
    }
    this.#advance(end - this.time);
  }

  #advance(milliseconds: number): void {
    this.time += milliseconds;
    this.wall += milliseconds;
  }

  send(letters: string): void {
    this.commands += letters;
    this.#wake((open) => "file" in open && open.file === "svc/supervise/control");
  }

  notify(process: Process, text: string): void {
    if (process.pipe === undefined) return;
    process.pipe.content += text;
    this.#wake((open) => "pipe" in open && open.pipe === process.pipe && open.end === "read");
  }

  die(process: Process, status: number): void {
    process.state = "zombie";
    if (process.pipe !== undefined) process.pipe.writers--;
    this.deaths.push({ pid: process.pid, status });
  }

  /** Those that have not been reaped. */
  get children(): Process[] {
    return [...this.processes.values()];
  }

  #wake(wanted: (open: Open) => boolean): void {
    for (const [fd, open] of [...this.open]) if (wanted(open)) this.watched.get(fd)?.();
  }

  // What the supervisor sees

  #timer(time: number, callback: () => void): Cancel {
    assert(Number.isFinite(time), "a timer needs a time");
    const timer = { time, callback };
    this.timers.push(timer);
    return () => {
      const index = this.timers.indexOf(timer);
      if (index >= 0) this.timers.splice(index, 1);
    };
  }

  #reap(): { pid: number; status: number } | undefined {
    const death = this.deaths.shift();
    if (death !== undefined) this.processes.delete(death.pid);
    return death;
  }

  #launch(image: ProcessImage): number {
    if (this.weather.noStart === "shortage") refuse("spawn", "run", "EAGAIN");
    if (this.weather.noStart === "exec") throw new Failure(126, "unable to exec ./run: has CRLF line ends");
    const [source] = image.steps.flatMap((step) => step.do === "copy" ? [this.open.get(step.from)] : []);
    const pipe = source !== undefined && "pipe" in source ? source.pipe : undefined;
    if (pipe !== undefined) pipe.writers++;
    const script = image.argv[0] === "run" ? "run" : "finish";
    const process: Process = { pid: this.#nextPid++, script, argv: image.argv, pipe, state: "alive" };
    this.processes.set(process.pid, process);
    return process.pid;
  }

  #kill(pid: number, signal: number): boolean {
    const process = this.processes.get(Math.abs(pid));
    assert(process !== undefined, `signal ${signal} goes to ${pid}, which is no process of the service`);
    if (process.state === "zombie") return true;
    if (signal === SIGNAL.STOP) process.state = "stopped";
    if (signal === SIGNAL.CONT) process.state = "alive";
    if (signal === SIGNAL.KILL) this.die(process, SIGNAL.KILL);
    return true;
  }

  #openFd(open: Open): number {
    this.open.set(this.#nextFd, open);
    return this.#nextFd++;
  }

  #write(file: string, content: string): void {
    if (this.weather.diskFull) refuse("write", file, "ENOSPC");
    this.files.set(file, content);
  }

  #status(file: string): FileStatus {
    const content = this.files.get(file);
    if (content === undefined) refuse("stat", file, "ENOENT");
    const kind = file === "svc" ? "directory" : file.endsWith("control") ? "fifo" : "file";
    const zero = { mode: 0o644, uid: 0, gid: 0, links: 1, device: 1, inode: 1, modified: 0n, accessed: 0n };
    return { kind, size: content.length, ...zero };
  }

  #read(fd: number, into: Uint8Array<ArrayBuffer>): number {
    const open = this.open.get(fd)!;
    const isPipe = "pipe" in open;
    const isControl = !isPipe && open.file.endsWith("control");
    const whole = isPipe ? open.pipe.content : isControl ? this.commands : this.files.get(open.file)!;
    const text = whole.slice(0, into.length);
    if (text === "" && (isControl || isPipe && open.pipe.writers > 0)) refuse("read", "", "EAGAIN");
    if (isPipe) open.pipe.content = whole.slice(text.length);
    else if (isControl) this.commands = whole.slice(text.length);
    into.set(rawBytes(text));
    return text.length;
  }

  #close(fd: number): void {
    const open = this.open.get(fd);
    assert(open !== undefined, "a descriptor is closed once");
    assert(!this.watched.has(fd), "a watch ends before its descriptor is closed");
    this.open.delete(fd);
    if ("pipe" in open && open.end === "write") open.pipe.writers--;
  }

  #os(): SupervisePorts["os"] {
    const never = (): never => assert.fail("not needed by a supervisor");
    return {
      lstat: never,
      readLink: never,
      chmod: () => {},
      chown: () => {},
      setNonBlocking: () => {},
      setUmask: () => 0o22,
      credentials: () => ({ uid: 0, gid: 0, groups: [] }),
      makeDirectory: () => {},
      makeFifo: (path) => void this.files.set(path, ""),
      now: () => this.#instant(),
      monotonic: () => this.time,
      lock: () => true,
      lockOwner: () => undefined,
      kill: (pid, signal) => this.#kill(pid, signal),
      find: (path) => this.files.has(path) ? this.#status(path) : undefined,
      stat: (path) => this.#status(path),
      fstat: (fd) => this.#status((this.open.get(fd) as { file: string }).file),
      listDirectory: () => [LISTENER.slice("svc/event/".length)],
      readFile: (path) => this.files.get(path) ?? refuse("open", path, "ENOENT"),
      writeFile: (path, content) => this.#write(path, content),
      replaceFile: (path, content) => this.#write(path, content),
      rename: never,
      truncate: () => {},
      unlink: (path) => void this.files.delete(path),
      open: (path, flags) => {
        if (!this.files.has(path)) {
          if (!flags.includes("create")) refuse("open", path, "ENOENT");
          this.#write(path, "");
        }
        return this.#openFd({ file: path });
      },
      pipe: () => {
        if (this.weather.noPipes) refuse("make a pipe", "", "EMFILE");
        const pipe = { content: "", writers: 1 };
        return { read: this.#openFd({ pipe, end: "read" }), write: this.#openFd({ pipe, end: "write" }) };
      },
      close: (fd) => this.#close(fd),
      read: (fd, into) => this.#read(fd, into),
      write: (fd, from) => {
        const { file } = this.open.get(fd) as { file: string };
        if (file === LISTENER) {
          this.letters += byteString(from);
          if (this.weather.listenerFull) refuse("write", file, "EAGAIN");
        } else this.#write(file, this.files.get(file) + byteString(from));
        return from.length;
      },
    };
  }

  #instant(): Instant {
    return { seconds: Math.floor(this.wall / 1000), nanoseconds: Math.floor(this.wall % 1000) * 1_000_000 };
  }
}
