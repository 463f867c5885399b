// Commands in a container of quick.ts, as `docker exec` runs them in one of docker's.

import type { ContainerEnd } from "../../scripts/engine.ts";
import { collect, type CollectedProcess } from "../../scripts/container_process.ts";
import { firstProcess } from "./quick.ts";
import { patience } from "../../scripts/patience.ts";

const SEARCH = "PATH=/command:/usr/sbin:/usr/bin:/sbin:/bin";

export interface Inside {
  /** The pid of its first process, as the machine outside sees it. */
  readonly pid: number;
  /** The command that runs a command in it. */
  readonly entering: (argv: readonly string[]) => string[];
  /** Runs a line of a shell. */
  readonly sh: (line: string) => Promise<ContainerEnd>;
}

/** Once its /init has begun. */
export async function insideOf(container: CollectedProcess): Promise<Inside> {
  const pid = await firstProcess(container);
  const entering = (argv: readonly string[]): string[] => {
    const namespaces = ["-m", "-p", "-u", "-i", "-r", "-w"];
    return ["nsenter", "-t", String(pid), ...namespaces, "/bin/env", "-i", SEARCH, ...argv];
  };
  return { pid, entering, sh: (line) => collect(entering(["/bin/sh", "-c", line])) };
}

/** Does it again until something of it fits, which is returned. */
export async function untilFits<T>(work: () => Promise<T>, fits: (result: T) => boolean, most = 20_000): Promise<T> {
  const deadline = performance.now() + patience(most);
  for (;;) {
    const result = await work();
    if (fits(result)) return result;
    if (performance.now() > deadline) throw new Error(`not within ${most} ms; at last: ${JSON.stringify(result)}`);
  }
}

/** Lets what is awaited elsewhere go on until the condition holds. */
export async function untilHolds(condition: () => boolean, most?: number): Promise<void> {
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  await untilFits(turn, condition, most);
}
