// docs/engines.md: what was played on which engine, printed from what `deno task engines --record` has written down.

import { ENGINES } from "../tests/engines/column.ts";
import { type EngineResults, readEngineResults } from "../tests/recorded/engine_record.ts";

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string;

/** @param mark says that the page is printed */
export function printEngines(mark: string, table: Table): string {
  const results = readEngineResults();
  return [
    "# Engines",
    mark,
    "Each row is a story that `deno task engines` plays on each engine: a container is started with the options, and what " +
    "stands below the table must be so. It was recorded for version " +
    `${results.overlay} on one machine: ${results.machine}. CI plays each story on one of the engines.`,
    table(["Engine", "Versions"], ENGINES.map((name) => [name, results.engines[name].join("; ")])),
    "## What was played",
    table(["Story", "Options", ...ENGINES], results.stories.map((story) => row(story))),
    ...cannot(results),
    "## What is checked",
    table(["Story", "What must be so"], results.stories.map(({ name, checks }) => [name, checks])),
  ].join("\n\n");
}

function row({ name, options, cells }: EngineResults["stories"][number]): string[] {
  const words = options.map((word) => word.includes(" ") ? `'${word}'` : word).join(" ");
  return [name, words === "" ? "" : `\`${words}\``, ...ENGINES.map((engine) => cells[engine]!.result)];
}

function cannot({ stories }: EngineResults): string[] {
  const reasons = stories.flatMap(({ name, cells }) =>
    ENGINES.flatMap((engine) => {
      const cell = cells[engine]!;
      return cell.result === "cannot" ? [`- ${name}, ${engine}: ${cell.reason}.`] : [];
    })
  );
  return reasons.length === 0 ? [] : ["## What could not be played there", reasons.join("\n")];
}
