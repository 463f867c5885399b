// Ours beside what Debian has, measured. `deno task bench [SECTION...] [RUNS]`: the sections are the keys of the table
// below, all of them by default. An idle machine is expected: the numbers are wall-clock times. BESIDE in the environment
// has what is measured beside, as "NAME=PATH; NAME=PATH": tarballs or trees of other builds, or of the original.

import { BaseKind, HOST } from "../base.ts";
import { buildTarball } from "../build.ts";
import { output } from "../command.ts";
import { setUp } from "../setup.ts";
import { calls } from "./calls.ts";
import { chains } from "./chain.ts";
import { connections } from "./connections.ts";
import { dependencies } from "./dependencies.ts";
import { loggers } from "./log.ts";
import { benchMemory } from "./memory.ts";
import { questions } from "./questions.ts";
import { relays } from "./relay.ts";
import { startUp } from "./start_up.ts";
import { stops } from "./stop.ts";
import { supervision } from "./supervision.ts";
import type { Stage } from "./stage.ts";
import { weights } from "./weight.ts";

const SECTIONS: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "boot": startUp,
  "calls": calls,
  "execline": chains,
  "ipc": connections,
  "log": loggers,
  "memory": benchMemory,
  "questions": questions,
  "rc": dependencies,
  "relay": relays,
  "stop": stops,
  "supervision": supervision,
  "weight": weights,
};

const LEAST_RUNS = 7;
const DEFAULT_RUNS = 15;

async function compileStamp(directory: string): Promise<string> {
  const stamp = `${directory}/stamp`;
  await output(["gcc", "-O2", "-static", "-o", stamp, "scripts/bench/stamp.c"]);
  return stamp;
}

/** The trees to be measured beside this build, by their names. A tarball is unpacked. */
async function beside(named: string): Promise<[name: string, tree: string][]> {
  const all = `${Deno.cwd()}/dist/bench-beside`;
  await Deno.remove(all, { recursive: true }).catch(() => {});
  const found: [string, string][] = [];
  for (const entry of named.split(";").map((text) => text.trim()).filter((text) => text !== "")) {
    const [, name, path] = /^([^=]+)=(.+)$/.exec(entry) ?? [];
    if (name === undefined || path === undefined) throw new Error(`BESIDE: not NAME=PATH: ${entry}`);
    const tree = (await Deno.stat(path)).isDirectory ? path : `${all}/${found.length}`;
    if (tree !== path) {
      await Deno.mkdir(tree, { recursive: true });
      await output(["tar", "-x", "-f", path, "-C", tree]);
    }
    found.push([name, tree]);
  }
  return found;
}

async function buildTrees(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const kinds: BaseKind[] = Deno.env.get("DENORT_BIN") ? ["stock", "compiled"] : ["stock"];
  for (const kind of kinds) {
    await buildTarball({
      architecture: HOST,
      kind,
      entry: "cli/main.ts",
      directory: `${Deno.cwd()}/dist/bench-${kind}`,
    });
    found.set(`ours, ${kind}`, `${Deno.cwd()}/dist/bench-${kind}/tree-${HOST}-${kind}`);
  }
  for (const [name, tree] of await beside(Deno.env.get("BESIDE") ?? "")) found.set(name, tree);
  return found;
}

async function main(words: readonly string[]): Promise<number> {
  const named = words.filter((word) => !/^[0-9]+$/.test(word));
  const unknown = named.find((name) => !Object.hasOwn(SECTIONS, name));
  if (unknown !== undefined) {
    console.error(`bench: there is no section ${unknown}; there are ${Object.keys(SECTIONS).join(", ")}`);
    return 100;
  }
  if (!await setUp(["build", "bench"])) return 1;
  const runs = Math.max(LEAST_RUNS, Number(words.find((word) => /^[0-9]+$/.test(word)) ?? DEFAULT_RUNS));
  const directory = await Deno.makeTempDir({ prefix: "bench-" });
  await Deno.chmod(directory, 0o755);
  const stage = { directory, stamp: await compileStamp(directory), trees: await buildTrees(), runs };
  for (const name of named.length > 0 ? named : Object.keys(SECTIONS)) await SECTIONS[name]!(stage);
  await Deno.remove(directory, { recursive: true });
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
