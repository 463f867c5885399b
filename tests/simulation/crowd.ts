// The processes of a simulated world: our children, and strangers that take a pid as soon as it is free. A signal to
// any process but a child that has not been reaped is a mistake found here.

import { SIGNAL } from "../../lib/signals.ts";
import type { ChildNews } from "../../lib/supervise/start.ts";
import type { Node } from "./disk.ts";
import type { Mistakes } from "./mistakes.ts";

/** The process that stands in for services: no signal may be sent to it. */
export const STAND_IN = 1;

export interface Pipe {
  content: string;
  writers: number;
  readers: number;
}

export interface CrowdProcess {
  readonly pid: number;
  /** run, finish, or the name of another program. */
  readonly script: string;
  /** The service that it is of. */
  readonly name: string;
  readonly argv: readonly string[];
  /** The directory it was started in. */
  readonly home: Node;
  /** The pipe it writes its notification to, if it got one. */
  readonly pipe: Pipe | undefined;
  /** Pipes it has got in place of its standard input and output. */
  readonly input: Pipe | undefined;
  readonly output: Pipe | undefined;
  /** Signals that came, in order. */
  readonly signals: number[];
  state: "alive" | "stopped" | "zombie";
  /** It has not reported yet that its program runs. */
  starting: boolean;
  readonly news: ChildNews;
  /** Why its program has never run. */
  failure?: Error;
}

export class Crowd {
  /** Our children, until they are reaped. */
  readonly processes = new Map<number, CrowdProcess>();
  readonly deaths: { pid: number; status: number }[] = [];
  readonly strangers = new Set<number>();
  private last: number;

  /** @param size how many pids there are: few, so that they come round soon */
  constructor(private readonly mistakes: Mistakes, private readonly first: number, private readonly size: number) {
    this.last = first + size - 1;
  }

  /** A pid that is not in use. */
  freePid(): number {
    for (let turns = 0; turns <= this.size; turns++) {
      this.last = this.last + 1 < this.first + this.size ? this.last + 1 : this.first;
      if (!this.processes.has(this.last) && !this.strangers.has(this.last)) return this.last;
    }
    throw new Error("the world has run out of pids: children are not reaped");
  }

  add(process: CrowdProcess): void {
    if (process.pipe !== undefined) process.pipe.writers++;
    if (process.output !== undefined) process.output.writers++;
    if (process.input !== undefined) process.input.readers++;
    this.processes.set(process.pid, process);
  }

  /** @param forkedAway a process that it has left behind keeps its notification pipe open */
  die(process: CrowdProcess, status: number, forkedAway = false): void {
    process.state = "zombie";
    this.close(process, forkedAway);
    this.deaths.push({ pid: process.pid, status });
  }

  /** It is no more, and there is nothing to be reaped. */
  leave(process: CrowdProcess): void {
    this.close(process);
    this.processes.delete(process.pid);
  }

  private close(process: CrowdProcess, keepsPipe = false): void {
    if (process.pipe !== undefined && !keepsPipe) process.pipe.writers--;
    if (process.output !== undefined) process.output.writers--;
    if (process.input !== undefined) process.input.readers--;
  }

  /** A stranger takes a pid that was used lately. */
  strangerComes(): void {
    if (this.strangers.size < this.size / 2) this.strangers.add(this.freePid());
  }

  /** A stranger ends; if it was left to us, its death is ours to reap. */
  strangerGoes(orphan: boolean): void {
    const [pid] = this.strangers;
    if (pid === undefined) return;
    this.strangers.delete(pid);
    if (orphan) this.deaths.push({ pid, status: 0 });
  }

  reap(): { pid: number; status: number } | undefined {
    const death = this.deaths.shift();
    if (death !== undefined) this.processes.delete(death.pid);
    return death;
  }

  kill(pid: number, signal: number): boolean {
    const process = this.processes.get(Math.abs(pid));
    this.mistakes.unless(process !== undefined, `signal ${signal} goes to ${pid}, which is no child of ours`);
    process.signals.push(signal);
    if (process.state === "zombie") return true;
    if (signal === SIGNAL.STOP) process.state = "stopped";
    if (signal === SIGNAL.CONT) process.state = "alive";
    if (signal === SIGNAL.KILL) this.die(process, SIGNAL.KILL);
    return true;
  }
}
