// A booted container in which the process that is to become a service's program is held before its exec for as long as the
// container lives: process 1 is traced, and the exec of /bin/held delayed. Needs root.

import { collect, CollectedProcess } from "../../scripts/container_process.ts";
import { output } from "../../scripts/command.ts";
import { intoContainer } from "../../scripts/namespaces.ts";
import { type Given, lay } from "../rows/harness.ts";
import { firstProcess, limited, type Root, root, start } from "./quick.ts";
import type { ContainerEnd } from "../../scripts/engine.ts";

/** Longer than the container lives, which strace does not leave before. */
const HELD = ["-P", "/bin/held", "-e", "trace=execve", "-e", "inject=execve:delay_enter=12000000", "-e", "signal=none"];
const LISTENER = "event/ftrig1:@40000000000000000000000a:abcdef";
const ENGINE_KILLS_AFTER = 10_000;
/** For scripts in the container: they begin in the directory of services. */
const WORDS = `cd /run/s6/services
is() { [ "$(s6-svstat -o $2 $1)" = "$3" ]; }
until_true() { count=0; until "$@"; do count=$((count + 1)); [ $count != 1500 ] || { echo "never: $*"; exit 1; }; sleep 0.02; done; }
shows() { until_true is "$@"; echo "$1: $2 $3"; }
listen() { mkfifo $1/${LISTENER}; exec 5<>$1/${LISTENER}; : >/events; cat <&5 >/events 2>/dev/null & }
told() { [ "$(cat /events)" = $1 ]; }
events() { until_true told $1; echo "events $1"; }
pid() { s6-svstat -o pid $1; }
`;

/** An executable shell script. */
const script = (...lines: readonly string[]): Given => ({
  content: `#!/bin/sh\n${lines.join("\n")}\n`,
  mode: 0o755,
});

export const chainScript = (...lines: readonly string[]): Given => ({
  content: `#!/command/execlineb -P\n${lines.join("\n")}\n`,
  mode: 0o755,
});

/** The services: `held`, which is down and whose process will be held, and `other`. */
const FILES: Readonly<Record<string, Given>> = {
  "bin/held": script("echo it runs after all"),
  "etc/services.d/held/run": chainScript("s6-setuidgid nobody", "held"),
  "etc/services.d/held/finish": script("echo finish $1 $2"),
  "etc/services.d/held/down": "",
  "etc/services.d/other/run": script("exec sleep 1000"),
  "etc/cont-finish.d/last": script("echo the last script"),
};

export class HoldingContainer implements AsyncDisposable {
  private over = false;
  private strace: CollectedProcess | undefined;

  private constructor(
    private readonly made: Root,
    private readonly container: CollectedProcess,
    /** Process 1. */
    readonly pid: number,
  ) {
    container.ended.then(() => this.over = true);
  }

  /** @param files besides the two services */
  static async boot(files: Readonly<Record<string, Given>> = {}): Promise<HoldingContainer> {
    const made = await root({});
    await lay(made.path, { ...FILES, ...files });
    const container = start(made, { argv: ["/init", "/bin/sh", "-c", "echo booted; exec sleep 1000"] });
    await container.printed("booted\n");
    return new HoldingContainer(made, container, await firstProcess(container));
  }

  /** From now on. */
  async hold(): Promise<void> {
    this.strace = new CollectedProcess(["strace", "-f", "-p", `${this.pid}`, ...HELD]);
    await this.strace.printed("attached");
  }

  get stderr(): string {
    return this.container.stderr;
  }

  printed(text: string, times = 1): Promise<void> {
    return this.container.printed(text, times);
  }

  /** From now on process 1 can have no more descriptors than it has. */
  async withholdDescriptors(): Promise<void> {
    const open = new Set(Array.from(Deno.readDirSync(`/proc/${this.pid}/fd`), ({ name }) => Number(name)));
    let first = 0;
    while (open.has(first)) first++;
    await this.allowDescriptors(first);
  }

  async allowDescriptors(most: number): Promise<void> {
    await output(["prlimit", "--pid", `${this.pid}`, `--nofile=${most}:`]);
  }

  /** Runs lines of shell in the container, and returns what they print. */
  async does(...lines: readonly string[]): Promise<string> {
    const environment = ["/bin/env", "-i", "PATH=/command:/usr/sbin:/usr/bin:/sbin:/bin"];
    const shell = ["/bin/sh", "-c", WORDS + lines.join("\n")];
    const { stdout, stderr } = await collect([...intoContainer(this.pid), ...environment, ...shell]);
    return stdout + stderr;
  }

  /** Sends TERM to process 1, and waits for the end: an engine kills after ten seconds. */
  async stop(): Promise<ContainerEnd> {
    Deno.kill(this.pid, "SIGTERM");
    // What strace holds is not gone before its time, even if it is dead.
    this.container.printed("KILL signal and exiting.").then(() => this.letGo(), () => {});
    return await limited(this.container, ENGINE_KILLS_AFTER);
  }

  private letGo(): void {
    if (this.strace !== undefined) Deno.kill(this.strace.pid, "SIGKILL");
    this.strace = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.letGo();
    if (!this.over) Deno.kill(this.container.pid, "SIGKILL");
    await this.container.ended;
    await this.made[Symbol.asyncDispose]();
  }
}
