// Many services under one supervisor, for the benchmark: started, told apart, killed and stopped.

import { output } from "../command.ts";
import { benchCommandLine } from "./boot.ts";
import { fileOf, tree } from "./processes.ts";

const TIME_LIMIT = 30_000;
const POLL = 2;

/** What starts the supervisor of a scan directory. */
export interface SupervisorKind {
  readonly name: string;
  /** The root directory it runs in. */
  readonly root: string;
  /** The command line, from the path of the scan directory. */
  readonly command: (directory: string) => readonly string[];
}

/** When a service said that it runs. */
interface Start {
  readonly pid: number;
  /** Nanoseconds of the monotonic clock. */
  readonly time: number;
}

/** A directory of services that report, under a supervisor. Processes are in a pid namespace of their own. */
export class Supervised {
  private child: Deno.ChildProcess | undefined;

  private constructor(
    readonly kind: SupervisorKind,
    private readonly directory: string,
    private readonly service: string,
  ) {}

  /**
   * Lays out the given number of services; `service` is the compiled service.c. The supervisor must see both under
   * these paths.
   */
  static async lay(kind: SupervisorKind, directory: string, service: string, count: number): Promise<Supervised> {
    await Deno.mkdir(`${directory}/scan`, { recursive: true });
    for (let at = 1; at <= count; at++) {
      const run = `${directory}/scan/s${at}/run`;
      await Deno.mkdir(`${directory}/scan/s${at}`);
      // s6 lets a service that never was ready wait for a second, however long it ran.
      await Deno.writeTextFile(`${directory}/scan/s${at}/notification-fd`, "3\n");
      await Deno.writeTextFile(run, `#!${service} ${directory}/report\n`, { mode: 0o755 });
    }
    return new Supervised(kind, directory, service);
  }

  /** Starts the supervisor; `stamp` prints the time at which it is executed. Returns that time, in nanoseconds. */
  async start(stamp: string): Promise<number> {
    const log = await Deno.makeTempFile();
    const line = benchCommandLine({ ...this.kind, argv: this.kind.command(`${this.directory}/scan`) }, stamp);
    this.child = new Deno.Command("/bin/sh", { args: ["-c", 'exec "$@" >"$0" 2>&1', log, ...line], stdin: "null" })
      .spawn();
    const printed = await until(() => /^start ([0-9]+)$/m.exec(Deno.readTextFileSync(log))?.[1]);
    await Deno.remove(log);
    return Number(printed);
  }

  /** Waits until this many starts were reported, and returns them all in order. */
  starts(count: number): Promise<Start[]> {
    return until(() => {
      const lines = readIfThere(`${this.directory}/report`).split("\n").slice(0, -1);
      if (lines.length < count) return undefined;
      return lines.map((line) => line.split(" ").map(Number)).map(([pid = 0, time = 0]) => ({ pid, time }));
    });
  }

  /** The supervision processes, as the benchmark sees them. */
  supervisors(): number[] {
    const [, first] = tree(this.child!.pid);
    return tree(first!).filter((pid) => !fileOf(pid).endsWith("/service"));
  }

  /** Kills the service of that pid of its namespace, and returns the time of it in nanoseconds. */
  async kill(inner: number): Promise<number> {
    const [, first] = tree(this.child!.pid);
    const inside = ["nsenter", "--pid", "--target", String(first), this.service, "kill", String(inner)];
    return Number(await output(inside));
  }

  /** Ends all its processes. */
  async stop(): Promise<void> {
    const [, first] = tree(this.child!.pid);
    Deno.kill(first!, "SIGKILL");
    await this.child!.status;
  }
}

function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

async function until<T>(look: () => T | undefined): Promise<T> {
  const end = performance.now() + TIME_LIMIT;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`the services did not start in ${TIME_LIMIT} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}
