// The processes of the container, as the kernel knows them: by their names and kinship, never by their arguments, which
// may be secret and lie in memory that others can make us wait for.

import type { ByteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import { unlessRefused } from "../../report.ts";
import type { Snapshot } from "../journal/snapshot.ts";
import { isDeadProcess, parseProcessStat, type ProcessStat } from "../../process_stat.ts";
import type { Checking, ProcessAtWork, RunLife } from "./facts.ts";

export type ProcessesOs = Pick<Os, "pid" | "listDirectory" | "monotonic" | "readFile" | "readLink">;

/** How much the moment of a start and the journal's may differ, in milliseconds. */
const LEEWAY = 100;
/** A process that a program leaves behind may be started a little after its own end, in milliseconds. */
const AFTERMATH = 500;
/** What s6-notifyoncheck is called as a process: of its name, as much as the kernel keeps. */
const CHECKING_PROCESS = "s6-notifyonchec";
/** For looking at all processes, in milliseconds: a user may have tens of thousands. */
const MOST_TIME = 1000;

export class ContainerProcesses {
  private readonly byPid: ReadonlyMap<number, ProcessStat>;

  /** Where they cannot all be looked at in the time it is as if none could be seen: a part would mislead. */
  constructor(private readonly os: ProcessesOs, private readonly snapshot: Snapshot) {
    const deadline = os.monotonic() + MOST_TIME;
    const byPid = new Map<number, ProcessStat>();
    for (const name of unlessRefused(() => os.listDirectory("/proc")) ?? []) {
      if (!/^[0-9]+$/.test(name)) continue;
      if (os.monotonic() > deadline) {
        byPid.clear();
        break;
      }
      const text = unlessRefused(() => os.readFile(`/proc/${name}/stat`));
      const stat = text === undefined ? undefined : parseProcessStat(text);
      if (stat !== undefined && !isDeadProcess(stat)) byPid.set(stat.pid, stat);
    }
    this.byPid = byPid;
  }

  get(pid: number): ProcessStat | undefined {
    return this.byPid.get(pid);
  }

  /** What the process waits for in the end: the latest child of the latest child, or it itself. */
  deepestOf(pid: number): ProcessAtWork | undefined {
    let stat = this.byPid.get(pid);
    const seen = new Set<number>();
    while (stat !== undefined && !seen.has(stat.pid)) {
      seen.add(stat.pid);
      const child = this.latestChildOf(stat.pid);
      if (child === undefined) return { stat, activity: this.activityOf(stat) };
      stat = child;
    }
    return undefined;
  }

  /** All that would have to end for the container to end: not those who look at it from outside, as we do. */
  remaining(): readonly ProcessStat[] {
    const first = this.snapshot.container.pid;
    return this.list().filter(({ pid }) => pid !== first && this.isBelow(pid, first));
  }

  /**
   * What lives of a service have left behind: processes that only process 1 looks after, of the session of such a life,
   * or begun while one lasted that exited 0; not those of a finish script.
   */
  leftBehind(lives: readonly RunLife[]): ProcessStat[] {
    const { services, scripts, container } = this.snapshot;
    const known = new Set(services.map(({ pid }) => pid).filter((pid) => pid !== container.pid));
    for (const { pid, ended } of scripts) if (ended === null) known.add(pid);
    for (const { finish } of lives) if (finish !== null) known.add(finish);
    // What process 1 has stood in for has left nothing.
    const over = lives.filter(({ ended, pid }) => ended !== null && pid !== container.pid);
    return this.list().filter((stat) => {
      if (stat.parent !== container.pid || known.has(stat.pid) || known.has(stat.session)) return false;
      const at = this.startOf(stat);
      return over.some(({ pid, started, ended, end }) =>
        stat.session === pid || end === "exited 0" && at !== undefined &&
          at >= started.after - LEEWAY && at <= ended!.after + AFTERMATH
      );
    });
  }

  /** Whether a process has a descriptor open; undefined where that is not for us to see. */
  hasOpen(pid: number, fd: number): boolean | undefined {
    const fds = unlessRefused(() => this.os.listDirectory(`/proc/${pid}/fd`));
    return fds === undefined || fds.length === 0 ? undefined : fds.includes(`${fd}`);
  }

  /** What an s6-notifyoncheck in the session of run does, whose own process has become the program. */
  checkingFor(pid: number): Checking | undefined {
    const checking = this.list().find(({ name, session, pid: own }) =>
      own !== pid && name === CHECKING_PROCESS && session === pid
    );
    if (checking === undefined) return undefined;
    const check = this.latestChildOf(checking.pid);
    const at = check === undefined ? undefined : this.startOf(check);
    const work = check === undefined ? undefined : this.deepestOf(check.pid);
    if (work === undefined || at === undefined) return { check: undefined };
    return { check: { work, lasts: this.snapshot.now.after - at } };
  }

  private list(): ProcessStat[] {
    return [...this.byPid.values()];
  }

  /** Milliseconds since process 1 began. Our own start is what the snapshot's moment is compared with. */
  private startOf(stat: ProcessStat): number | undefined {
    const own = this.byPid.get(this.os.pid);
    return own === undefined ? undefined : this.snapshot.now.after - (own.started - stat.started);
  }

  private latestChildOf(pid: number): ProcessStat | undefined {
    let latest: ProcessStat | undefined;
    for (const stat of this.byPid.values()) {
      if (stat.parent === pid && (latest === undefined || stat.started >= latest.started)) latest = stat;
    }
    return latest;
  }

  private isBelow(pid: number, ancestor: number): boolean {
    for (let [at, steps] = [this.byPid.get(pid), 0]; at !== undefined && steps < this.byPid.size; steps++) {
      if (at.parent === ancestor) return true;
      at = this.byPid.get(at.parent);
    }
    return false;
  }

  private activityOf({ pid, letter }: ProcessStat): string | undefined {
    const place = unlessRefused(() => this.os.readFile(`/proc/${pid}/wchan`));
    return activityIn(letter, place ?? "");
  }
}

/** Functions of the kernel that processes sleep in, and what that means. */
const ACTIVITIES: readonly (readonly [RegExp, string])[] = [
  [/nanosleep/, "sleeps for a set time"],
  [/^(?:do_)?wait(?:id|4)?$|do_wait/, "waits for a child"],
  [/pipe_(?:wait_)?read|pipe_read|anon_pipe_read/, "waits for input from a pipe"],
  [/wait_for_partner|fifo_open/, "waits for the other end of a fifo"],
  [/pipe_(?:wait_)?write|pipe_write/, "waits for a reader of its pipe"],
  [/n_tty_read|wait_woken/, "waits for input"],
  [/poll|select|ep_/, "waits for an event, for example on the network"],
  [/tcp|inet|unix_stream|sk_|skb|recv|accept|connect/, "waits for the network"],
  [/futex/, "waits for another thread or process"],
  [/lock|flock/, "waits for a lock"],
  [/nfs|rpc|fuse|request_wait/, "waits for a network file system"],
];

/** @param letter the state; @param place where the kernel has it wait, if that is known */
export function activityIn(letter: string, place: ByteString): string | undefined {
  if (letter === "R") return "computes";
  if (letter === "T" || letter === "t") return "is paused by a signal";
  for (const [pattern, says] of ACTIVITIES) if (pattern.test(place)) return says;
  return letter === "D" ? "waits for a disk or a network file system" : letter === "S" ? "waits" : undefined;
}
