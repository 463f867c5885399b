// What `deno task engines --record` has found, kept in engines.json: each story on each engine, with the versions.

import { output } from "../../scripts/command.ts";
import type { EngineName } from "../engines/column.ts";
import type { EngineCell } from "../engines/matrix.ts";
import { ENGINE_STORIES } from "../engines/stories.ts";

const FILE = new URL("./engines.json", import.meta.url);

interface EngineRow {
  readonly name: string;
  readonly options: readonly string[];
  readonly checks: string;
  readonly cells: Readonly<Partial<Record<EngineName, EngineCell>>>;
}

export interface EngineResults {
  readonly command: string;
  readonly overlay: string;
  readonly machine: string;
  /** What each engine is made of, with its versions. */
  readonly engines: Readonly<Record<EngineName, readonly string[]>>;
  readonly stories: readonly EngineRow[];
}

export function readEngineResults(): EngineResults {
  return JSON.parse(Deno.readTextFileSync(FILE));
}

export async function writeEngineResults(
  engines: EngineResults["engines"],
  cells: Readonly<Record<string, EngineRow["cells"]>>,
): Promise<void> {
  const groups = await output(["stat", "--file-system", "--format", "%T", "/sys/fs/cgroup"]);
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  const results: EngineResults = {
    command: "deno task engines --record",
    overlay: version,
    machine: `Linux ${Deno.osRelease()}, ${Deno.build.arch}, control groups of version ${
      groups.includes("cgroup2") ? 2 : 1
    }`,
    engines,
    stories: ENGINE_STORIES.map(({ name, options, checks }) => ({ name, options, checks, cells: cells[name] ?? {} })),
  };
  await Deno.writeTextFile(FILE, `${JSON.stringify(results, undefined, 2)}\n`);
}
