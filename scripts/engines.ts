// Every story of tests/engines on every engine that is here, and a table of what came of it: `deno task engines [--story WORDS]
// [--engine NAME] [--record]`. With --record it is written into tests/recorded/engines.json, which has to be whole: all
// stories, all engines. It needs the tarball, root, docker, podman, runc and crun; `deno task engines` installs them.

import { parseArgs } from "node:util";
import { type Column, type EngineName, ENGINES } from "../tests/engines/column.ts";
import { type EngineCell, Matrix, playCell } from "../tests/engines/matrix.ts";
import { ENGINE_STORIES } from "../tests/engines/stories.ts";
import type { EngineStory } from "../tests/engines/story.ts";
import { writeEngineResults } from "../tests/recorded/engine_record.ts";

const MARKS: Readonly<Record<EngineCell["result"], string>> = { passed: "passed", cannot: "cannot", failed: "FAILED" };

type Cells = Record<string, Partial<Record<EngineName, EngineCell>>>;

/** Plays them, one line each. */
async function playAll(stories: readonly EngineStory[], columns: readonly Column[]): Promise<Cells> {
  const cells: Cells = {};
  for (const story of stories) {
    const row: Cells[string] = cells[story.name] = {};
    for (const column of columns) row[column.name] = await playCell(story, column);
    const marks = columns.map(({ name }) => MARKS[row[name]!.result].padEnd(name.length));
    console.log(`${marks.join("  ")}  ${story.name}`);
  }
  return cells;
}

/** Why cells are not "passed", one line each. */
function reasonsOf(cells: Cells): string[] {
  return Object.entries(cells).flatMap(([story, row]) =>
    Object.entries(row).flatMap(([engine, cell]) =>
      cell.result === "passed" ? [] : [`${story}, ${engine}: ${cell.result}: ${cell.reason}`]
    )
  );
}

async function record(columns: readonly Column[], cells: Cells): Promise<void> {
  if (columns.length < ENGINES.length || Object.keys(cells).length < ENGINE_STORIES.length) {
    throw new Error("engines: what is recorded is all stories on all engines");
  }
  const versions = await Promise.all(columns.map(async (column) => [column.name, await column.versions()]));
  await writeEngineResults(Object.fromEntries(versions), cells);
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { story: { type: "string" }, engine: { type: "string" }, record: { type: "boolean", default: false } },
  });
  const names = ENGINES.filter((name) => values.engine === undefined || name === values.engine);
  const stories = ENGINE_STORIES.filter(({ name }) => values.story === undefined || name.includes(values.story));
  await using matrix = await Matrix.open(names);
  const { columns } = matrix;
  const missing = names.filter((name) => !columns.some((column) => column.name === name));
  if (missing.length > 0) console.error(`engines: not here: ${missing.join(", ")}`);
  const cells = await playAll(stories, columns);
  console.log(`\n${reasonsOf(cells).join("\n")}`);
  if (values.record) await record(columns, cells);
  if (Object.values(cells).some((row) => Object.values(row).some(({ result }) => result === "failed"))) {
    Deno.exitCode = 1;
  }
}
