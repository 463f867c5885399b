// A control group that bounds how many processes there may be, for a process and what it starts. Needs root, and a kernel
// that lets us have one.

const PLACES = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"];

export class PidsGroup implements Disposable {
  private constructor(private readonly path: string) {}

  /** Undefined where there cannot be any. */
  static make(): PidsGroup | undefined {
    for (const place of PLACES) {
      const path = `${place}/test-${crypto.randomUUID()}`;
      try {
        Deno.mkdirSync(path);
      } catch {
        continue;
      }
      if (has(`${path}/pids.max`)) return new PidsGroup(path);
      Deno.removeSync(path);
    }
    return undefined;
  }

  /** What it starts from now on belongs to the group as well. */
  take(pid: number): void {
    Deno.writeTextFileSync(`${this.path}/cgroup.procs`, `${pid}`);
  }

  /** @param most processes and threads */
  limit(most: number | "max"): void {
    Deno.writeTextFileSync(`${this.path}/pids.max`, `${most}`);
  }

  /** When its processes are gone. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.path);
  }
}

function has(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** True if there can be such groups here. */
export const canLimitPids: boolean = isPossible();

function isPossible(): boolean {
  using group = PidsGroup.make();
  return group !== undefined;
}
