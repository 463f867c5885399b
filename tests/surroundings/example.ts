// Containers of the examples with daemons, for the tests of each.

import { equal } from "node:assert/strict";
import { collect, type CollectedProcess } from "../../scripts/container_process.ts";
import type { ContainerEnd } from "../../scripts/engine.ts";
import { intoContainer } from "../../scripts/namespaces.ts";
import { buildExample, enterImage, type Example, missingFor } from "./example_image.ts";
import { canIsolate } from "./namespace.ts";
import { firstProcess, limited } from "./quick.ts";

/** Milliseconds: databases take long on a machine that does much else. */
const PATIENCE = 60_000;

/** A container of an example. */
export interface RunningExample extends AsyncDisposable {
  readonly container: CollectedProcess;
  readonly pid: number;
  /** Runs a line of a shell in it, as `docker exec` does. */
  readonly sh: (line: string) => Promise<ContainerEnd>;
  /** The same for a line that must end with 0, and returns what it prints. */
  readonly told: (line: string) => Promise<string>;
  /** A command that runs a line of a shell in it. */
  readonly entering: (line: string) => string[];
  /** The end, by itself. */
  readonly end: () => Promise<ContainerEnd>;
  /** The image's stop signal, and the end. */
  readonly stop: () => Promise<ContainerEnd>;
}

/** A test of an example; it is not run where it cannot be. */
export function story(example: string, name: string, fn: (built: Example) => Promise<void>): void {
  const missing = canIsolate ? missingFor(example) : ["root"];
  Deno.test({
    name: missing.length === 0 ? name : `${name} (not here, without ${missing.join(", ")})`,
    ignore: missing.length > 0,
    fn: async () => {
      await using built = await buildExample(example);
      await fn(built);
    },
  });
}

/** Starts a container of it, with words behind the image's name in place of its command. */
export async function startExample(example: Example, ...command: readonly string[]): Promise<RunningExample> {
  const { environment, entrypoint } = example;
  const container = enterImage(example, [...entrypoint, ...(command.length > 0 ? command : example.command)]);
  const pid = await firstProcess(container);
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const entering = (line: string): string[] => [
    ...intoContainer(pid),
    "/usr/bin/env",
    "-i",
    ...variables,
    "/bin/sh",
    "-c",
    line,
  ];
  let over = false;
  container.ended.then(() => over = true);
  const end = (): Promise<ContainerEnd> => limited(container, PATIENCE);
  const sh = (line: string): Promise<ContainerEnd> => collect(entering(line));
  return {
    container,
    pid,
    entering,
    sh,
    told: async (line) => {
      const { code, stdout, stderr } = await sh(line);
      equal(code, 0, `${line}\n${stdout}${stderr}\nthe container: ${container.stdout}${container.stderr}`);
      return stdout;
    },
    end,
    stop: () => {
      Deno.kill(pid, example.stopSignal as Deno.Signal);
      return end();
    },
    [Symbol.asyncDispose]: async () => {
      if (!over) Deno.kill(container.pid, "SIGKILL");
      await container.ended;
    },
  };
}

/** Once the service is ready, or up where it does not tell, in a life with another pid than this; returns the new one. */
export async function pidAfter(running: RunningExample, service: string, former: string): Promise<string> {
  const place = `/run/service/${service}`;
  const line = `until cd ${place} 2>/dev/null && s6-svstat . >/dev/null 2>&1; do sleep 0.05; done
    wish=-u seen=up
    if test -e data/overlay/notify-socket || test -e notification-fd; then wish=-U seen=ready; fi
    while s6-svwait $wish -t ${PATIENCE} .; do
      set -- $(s6-svstat -o pid,$seen .)
      if test "$1" != "${former}" && test "$2" = true; then echo $1; exit; fi
    done
    exit 1`;
  return (await running.told(line)).trim();
}
