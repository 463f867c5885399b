// All the processes of the container but this one: signalling them, and knowing when none is left. As process 1 that is
// everybody in sight; as any other process it is our descendants, and nobody else may be touched.

import type { ByteString } from "../bytes.ts";
import type { Cancel, Os, Reactor } from "../os/os.ts";
import { isErrno } from "../report.ts";

export type PopulationOs = Pick<Os, "pid" | "kill" | "listDirectory" | "readFile">;

/** Sessions, by the pid of their first process, that are left alone: those of loggers, which have more to read. */
export type Spared = ReadonlySet<number>;
const NOBODY: Spared = new Set();

const EVERYBODY = -1;
// A process that somebody entered from outside (docker exec) is no child of ours: its end has to be looked for.
const LOOK_EVERY = 20;

export class Population {
  constructor(
    private readonly os: PopulationOs,
    private readonly reactor: Pick<Reactor, "after">,
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

  private anybody(spared: Spared): boolean {
    if (this.os.pid === 1 && spared.size === 0) return this.kill(EVERYBODY, 0);
    return this.everybody(spared).length > 0;
  }

  private everybody(spared: Spared): number[] {
    const pids = this.os.pid === 1 ? this.processes().filter((pid) => pid !== 1) : this.descendants();
    return spared.size === 0 ? pids : pids.filter((pid) => !spared.has(this.relations(pid)?.session ?? pid));
  }

  /** Calls back when nobody is left, but for those who are spared by then, after so many milliseconds at the latest. */
  whenGone(limit: number, callback: () => void, spared: () => Spared = () => NOBODY): void {
    let look: Cancel = () => {};
    const end = (): void => {
      for (const cancel of [look, reaped, deadline]) cancel();
      callback();
    };
    const check = (): void => this.anybody(spared()) ? undefined : end();
    const again = (): void => {
      look = this.reactor.after(LOOK_EVERY, () => {
        again();
        check();
      });
    };
    const reaped = this.onReaped(check);
    const deadline = this.reactor.after(limit, end);
    again();
    check();
  }

  /** Who is still alive, with the words of its command line. */
  survivors(spared: Spared = NOBODY): { readonly pid: number; readonly command: ByteString }[] {
    if (!this.anybody(spared)) return [];
    return this.everybody(spared).map((pid) => ({ pid, command: this.command(pid) }));
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
      if (parent !== undefined) children.set(parent, [...children.get(parent) ?? [], pid]);
    }
    const found: number[] = [];
    for (const next = [this.os.pid]; next.length > 0;) {
      const below = children.get(next.pop()!) ?? [];
      found.push(...below);
      next.push(...below);
    }
    return found;
  }

  private relations(pid: number): { readonly parent: number; readonly session: number } | undefined {
    try {
      // pid (name) state parent group session ...; the name may hold blanks and parentheses
      const stat = this.os.readFile(`/proc/${pid}/stat`);
      const [, parent, , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return { parent: Number(parent), session: Number(session) };
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
