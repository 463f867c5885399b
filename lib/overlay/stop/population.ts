// All the processes of the container but this one: signalling them, and knowing when none is left. As process 1 that is
// every process in sight; as any other process it is our descendants, and no other may be touched. Where /proc cannot
// be read they cannot be listed: then all are signalled, and checked again and again.

import type { ByteString } from "../../bytes.ts";
import type { Cancel, Os, Reactor } from "../../os/os.ts";
import { isErrno, OsError } from "../../report.ts";
import { isDeadProcess, parseProcessStat, type ProcessStat } from "../../process_stat.ts";
import { SIGNAL } from "../../signals.ts";

type PopulationOs = Pick<
  Os,
  "pid" | "kill" | "hasChild" | "listDirectory" | "readFile" | "openProcess" | "close"
>;

/** Sessions, by the pid of their first process, that are left alone: those of loggers, which have more to read. */
export type Spared = ReadonlySet<number>;
const NOBODY: Spared = new Set();

const EVERYBODY = -1;
/** Milliseconds between two checks of the live processes, where the kernel does not report when a process ends. */
const LOOK_EVERY = 20;
/** With more processes a look at each of them may take longer than there is time: each may want a processor for itself. */
const CROWD = 256;

/** What to do while a process is waited for. */
export interface WaitOptions {
  /** The processes that are not waited for, asked anew at each check. */
  readonly spared?: () => Spared;
  /** Sent to the processes found at each check, as some may have been started since the last. */
  readonly signal?: number;
}

export interface Survivor {
  readonly pid: number;
  /** The pid of the first process of its session. */
  readonly session: number;
  /** As the process calls itself: up to 15 bytes. */
  readonly name: ByteString;
}

export class Population {
  constructor(
    private readonly os: PopulationOs,
    private readonly reactor: Pick<Reactor, "after" | "watch">,
    /** Calls back after each round of reaping. */
    private readonly onReaped: (callback: () => void) => Cancel,
  ) {}

  /** Sends signals in turn to every process, but those that are spared; ones that we may not signal are passed over. */
  signal(signals: readonly number[], spared: Spared = NOBODY): void {
    if (this.os.pid === 1 && spared.size === 0) return signals.forEach((signal) => this.signalAll(signal, undefined));
    const isHalted = this.os.pid === 1 && (this.processes()?.length ?? 0) > CROWD;
    if (isHalted) this.kill(EVERYBODY, SIGNAL.STOP);
    const pids = this.everybody(spared);
    const all = pids && [...pids];
    for (const signal of signals) this.signalAll(signal, all);
    if (isHalted) this.kill(EVERYBODY, SIGNAL.CONT);
  }

  /**
   * Has all processes stand still but those that are spared, until they are killed: a user who has enough of them would
   * else get the processors, and process 1 a thousandth of them. One call does it, however many they are; only process
   * 1 can make it.
   */
  halt(spared: Spared = NOBODY): void {
    if (this.os.pid !== 1 || isEmpty(this.everybody(spared))) return;
    this.kill(EVERYBODY, SIGNAL.STOP);
    for (const leader of spared) this.kill(-leader, SIGNAL.CONT);
    const pids = spared.size === 0 ? [] : this.processes() ?? [];
    for (const pid of pids) if (this.isSpared(pid, spared)) this.kill(pid, SIGNAL.CONT);
  }

  /** @param pids undefined for all that there are, which only process 1 can signal */
  private signalAll(signal: number, pids: Iterable<number> | undefined): void {
    if (pids !== undefined) { for (const pid of pids) this.kill(pid, signal); }
    else if (this.os.pid === 1) this.kill(EVERYBODY, signal);
  }

  /** False if there is no such process, or none that we may signal. */
  private kill(pid: number, signal: number): boolean {
    try {
      return this.os.kill(pid, signal);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      return !isErrno(error, "EPERM");
    }
  }

  /** False if there is no process at all, which one call shows: our orphans are our children. */
  private mayBeSomebody(spared: Spared): boolean {
    if (spared.size > 0) return true;
    return this.os.pid === 1 ? this.kill(EVERYBODY, 0) : this.os.hasChild(-1);
  }

  /** Undefined where that is unknown. */
  private everybody(spared: Spared): Iterable<number> | undefined {
    const pids = this.os.pid === 1 ? this.processes()?.filter((pid) => pid !== 1) : this.descendants();
    return spared.size === 0 || pids === undefined ? pids : this.others(pids, spared);
  }

  /** A process is looked at when it is its turn: who needs only one need not wait for the others. */
  private *others(pids: readonly number[], spared: Spared): Generator<number> {
    for (const pid of pids) if (!this.isSpared(pid, spared)) yield pid;
  }

  private isSpared(pid: number, spared: Spared): boolean {
    return spared.has(this.stat(pid)?.session ?? pid);
  }

  /**
   * Calls back when no process is left but those spared by then, after the given number of milliseconds at the latest.
   * One live process is watched at a time: as long as it lives no other needs to be inspected.
   */
  whenGone(limit: number, callback: () => void, { spared = () => NOBODY, signal }: WaitOptions = {}): void {
    const dead = new Set<number>();
    let unwatch: Cancel | undefined;
    let over = false;
    const end = (): void => {
      over = true;
      for (const cancel of [unwatch, reaped, deadline]) cancel?.();
      callback();
    };
    const look = (): void => {
      unwatch?.();
      unwatch = undefined;
      const found = this.everybody(spared());
      const everybody = signal === undefined ? found : found && [...found].filter((pid) => !dead.has(pid));
      if (signal !== undefined) this.signalAll(signal, everybody);
      if (everybody === undefined) return void (unwatch = this.reactor.after(LOOK_EVERY, () => check(true)));
      for (const pid of everybody) {
        if (dead.has(pid)) continue;
        unwatch = this.watch(pid, (ended) => {
          // It is listed until its parent has reaped it, which may be outside of the container.
          if (ended) dead.add(pid);
          check(true);
        });
        if (unwatch !== undefined) return;
      }
      // What a death leads to, as a finish script, begins when the child has been reaped: then there is another look.
      if (![...dead].some((pid) => this.os.hasChild(pid))) end();
    };
    const check = (again: boolean): void => {
      if (over) return;
      if (!this.mayBeSomebody(spared())) end();
      else if (again || unwatch === undefined) look();
    };
    const deadline = this.reactor.after(limit, end);
    const reaped = this.onReaped(() => check(false));
    check(true);
  }

  /** Calls back, once, when the process has ended, or with false when it may have; undefined if it has already. */
  private watch(pid: number, callback: (ended: boolean) => void): Cancel | undefined {
    let fd: number | undefined;
    try {
      fd = this.os.openProcess(pid);
      return fd === undefined ? undefined : this.watchOpen(fd, callback);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      if (fd !== undefined) this.os.close(fd);
      return this.reactor.after(LOOK_EVERY, () => callback(false));
    }
  }

  private watchOpen(process: number, callback: (ended: boolean) => void): Cancel {
    let cancelled = false;
    const cancelWatch = this.reactor.watch(process, "read", () => callback(true));
    return () => {
      if (cancelled) return;
      cancelled = true;
      cancelWatch();
      this.os.close(process);
    };
  }

  /** Which processes are still alive, as far as that is known. */
  survivors(spared: Spared = NOBODY): readonly Survivor[] {
    if (!this.mayBeSomebody(spared)) return [];
    return [...this.everybody(spared) ?? []].flatMap((pid) => {
      const stat = this.stat(pid);
      return stat === undefined || isDeadProcess(stat) ? [] : [stat];
    });
  }

  private processes(): number[] | undefined {
    try {
      const pids = this.os.listDirectory("/proc").filter((name) => /^[0-9]+$/.test(name)).map(Number);
      // At least this process is there, where it is what it should be.
      return pids.length === 0 ? undefined : pids;
    } catch {
      return undefined;
    }
  }

  private descendants(): number[] | undefined {
    const pids = this.processes();
    if (pids === undefined) return undefined;
    const children = new Map<number, number[]>();
    for (const pid of pids) {
      const parent = this.stat(pid)?.parent;
      if (parent === undefined) continue;
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [pid]);
      else siblings.push(pid);
    }
    const found: number[] = [];
    for (const next = [this.os.pid]; next.length > 0;) {
      const below = children.get(next.pop()!) ?? [];
      for (const pid of below) {
        found.push(pid);
        next.push(pid);
      }
    }
    return found;
  }

  /** From what the kernel itself knows: reading its command line would wait for the process's memory. */
  private stat(pid: number): ProcessStat | undefined {
    try {
      return parseProcessStat(this.os.readFile(`/proc/${pid}/stat`));
    } catch {
      return undefined;
    }
  }
}

function isEmpty(items: Iterable<number> | undefined): boolean {
  return items !== undefined && items[Symbol.iterator]().next().done === true;
}
