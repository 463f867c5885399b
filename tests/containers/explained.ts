// Containers that are asked to explain themselves: `s6-overlay explain` is run in them as by `docker exec`.

import type { Explanation, ServiceExplanation } from "../../lib/overlay/explain/explanation.ts";
import type { Given } from "../rows/harness.ts";
import { firstProcess, type Quick, root, start } from "../surroundings/quick.ts";
import { patience } from "../../scripts/patience.ts";

const SEARCH = "PATH=/command:/usr/sbin:/usr/bin:/sbin:/bin";
/** However slow the machine is, what has not come after these milliseconds does not come. */
const TIME_LIMIT = patience(30_000);

/** What a program in a container has printed. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A container that lives. */
export class Explained {
  constructor(readonly pid: number) {}

  /** @param uid of the user who runs it, whose group has the same number */
  async run(argv: readonly string[], uid = 0): Promise<Said> {
    const enter = ["-t", `${this.pid}`, "-m", "-p", "-r", "-w", "-S", `${uid}`, "-G", `${uid}`];
    const args = [...enter, "/bin/env", "-i", SEARCH, ...argv];
    const { code, stdout, stderr } = await new Deno.Command("nsenter", { args }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  text(...names: string[]): Promise<Said> {
    return this.run(["s6-overlay", "explain", ...names]);
  }

  /** Asks again until the text has it: a service that is started again and again is up for a moment each time. */
  async untilText(pattern: RegExp): Promise<Said> {
    const deadline = performance.now() + TIME_LIMIT;
    for (;;) {
      const said = await this.text();
      if (pattern.test(said.stdout) || performance.now() > deadline) return said;
    }
  }

  /** Asks again until what is said is as it is waited for. */
  async until(isAsAwaited: (found: Explanation) => boolean, names: readonly string[] = []): Promise<Explanation> {
    const deadline = performance.now() + TIME_LIMIT;
    for (;;) {
      const said = await this.run(["s6-overlay", "explain", "-j", ...names]);
      const found: Explanation | undefined = said.stdout === "" ? undefined : JSON.parse(said.stdout);
      if (found !== undefined && isAsAwaited(found)) return found;
      if (performance.now() > deadline) throw new Error(`not explained as expected: ${summary(found)}${said.stderr}`);
    }
  }
}

function summary(found: Explanation | undefined): string {
  const services = found?.services.map(({ name, diagnosis, why }) => `${name}: ${diagnosis}, ${why}\n`) ?? [];
  return `${JSON.stringify(found?.container)}\n${services.join("")}`;
}

/** What is said of a service; undefined if nothing is. */
export function of(name: string, { services }: Explanation): ServiceExplanation | undefined {
  return services.find((service) => service.name === name);
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    // It may have ended by itself.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A test with a container, which is killed at its end. */
export function story(
  name: string,
  files: Readonly<Record<string, Given>>,
  quick: Quick,
  work: (container: Explained) => Promise<void>,
): void {
  const fn = async (): Promise<void> => {
    await using made = await root(files);
    const container = start(made, { argv: ["/init", "sleep", "1000"], ...quick });
    const pid = await firstProcess(container);
    try {
      await work(new Explained(pid));
    } finally {
      kill(pid);
      await container.ended;
    }
  };
  Deno.test({ name, ignore: Deno.uid() !== 0, fn });
}
