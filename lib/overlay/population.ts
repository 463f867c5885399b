// All the processes of the container but this one: signalling them, and knowing when none is left. As process 1 that is
// everybody in sight; as any other process it is our descendants, and nobody else may be touched.

import type { ByteString } from "../bytes.ts";
import type { Cancel, Os, Reactor } from "../os/os.ts";
import { isErrno, OsError } from "../report.ts";

export type PopulationOs = Pick<Os, "pid" | "kill" | "listDirectory" | "readFile" | "openProcess" | "close">;

/** Sessions, by the pid of their first process, that are left alone: those of loggers, which have more to read. */
export type Spared = ReadonlySet<number>;
const NOBODY: Spared = new Set();

const EVERYBODY = -1;
/** Milliseconds between two looks at the living, where the kernel does not tell when a process ends. */
const LOOK_EVERY = 20;

/** What to do while somebody is waited for. */
export interface WaitOptions {
  /** Who is not waited for, asked anew at each look. */
  readonly spared?: () => Spared;
  /** Sent to those who are found at each look, as some may have been born since the last. */
  readonly signal?: number;
}

export class Population {
  constructor(
    private readonly os: PopulationOs,
    private readonly reactor: Pick<Reactor, "after" | "watch">,
    /** Calls back after each round of reaping. */
    private readonly onReaped: (callback: () => void) => Cancel,
  ) {}

  /** Sends a signal to every process, but those that are spared; ones that we may not signal are passed over. */
  signal(signal: number, spared: Spared = NOBODY): void {
    if (this.os.pid === 1 && spared.size === 0) return void this.kill(EVERYBODY, signal);
    for (const pid of this.everybody(spared)) this.kill(pid, signal);
  }

  /** False if there is no such process, or none that we may signal. */
  private kill(pid: number, signal: number): boolean {
    try {
      return this.os.kill(pid, signal);
    } catch (error) {
      if (isErrno(error, "EPERM")) return false;
      throw error;
    }
  }

  /** False if there is nobody at all, which one call tells as process 1. */
  private mayBeSomebody(spared: Spared): boolean {
    return this.os.pid !== 1 || spared.size > 0 || this.kill(EVERYBODY, 0);
  }

  private everybody(spared: Spared): number[] {
    const pids = this.os.pid === 1 ? this.processes().filter((pid) => pid !== 1) : this.descendants();
    return spared.size === 0 ? pids : pids.filter((pid) => !spared.has(this.relations(pid)?.session ?? pid));
  }

  /**
   * Calls back when nobody is left, but for those who are spared by then, after so many milliseconds at the latest. One
   * of the living is watched at a time: as long as he lives nobody else needs to be looked at.
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
      const living = this.everybody(spared()).filter((pid) => !dead.has(pid));
      if (signal !== undefined) { for (const pid of living) this.kill(pid, signal); }
      for (const pid of living) {
        unwatch = this.watch(pid, (ended) => {
          // He is listed until his parent has taken his death in, who may be outside of the container.
          if (ended) dead.add(pid);
          check(true);
        });
        if (unwatch !== undefined) return;
      }
      end();
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
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      return this.reactor.after(LOOK_EVERY, () => callback(false));
    }
    if (fd === undefined) return undefined;
    const process = fd;
    let cancelled = false;
    const cancelWatch = this.reactor.watch(process, "read", () => callback(true));
    return () => {
      if (cancelled) return;
      cancelled = true;
      cancelWatch();
      this.os.close(process);
    };
  }

  /** Who is still alive, with the words of its command line. */
  survivors(spared: Spared = NOBODY): { readonly pid: number; readonly command: ByteString }[] {
    if (!this.mayBeSomebody(spared)) return [];
    return this.everybody(spared).flatMap((pid) => {
      const relations = this.relations(pid);
      return relations === undefined || relations.isDead ? [] : [{ pid, command: this.command(pid) }];
    });
  }

  private processes(): number[] {
    try {
      return this.os.listDirectory("/proc").filter((name) => /^[0-9]+$/.test(name)).map(Number);
    } catch {
      return [];
    }
  }

  private descendants(): number[] {
    const children = new Map<number, number[]>();
    for (const pid of this.processes()) {
      const parent = this.relations(pid)?.parent;
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

  private relations(pid: number): { readonly parent: number; readonly session: number; isDead: boolean } | undefined {
    try {
      // pid (name) state parent group session ...; the name may hold blanks and parentheses
      const stat = this.os.readFile(`/proc/${pid}/stat`);
      const [state, parent, , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return { parent: Number(parent), session: Number(session), isDead: state === "Z" || state === "X" };
    } catch {
      return undefined;
    }
  }

  private command(pid: number): ByteString {
    try {
      return this.os.readFile(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
    } catch {
      return "";
    }
  }
}
