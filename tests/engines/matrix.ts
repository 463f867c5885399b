// The matrix: each story on each engine that is here, and what came of it.

import { Cannot, type Column, type EngineName, ENGINES } from "./column.ts";
import { dockerColumn, podmanColumn } from "./command_column.ts";
import { layMatrixImage } from "./matrix_image.ts";
import { namespaceColumn } from "./namespace_column.ts";
import type { EngineStory } from "./story.ts";

/** What came of one story on one engine. */
export type EngineCell =
  | { readonly result: "passed" }
  | { readonly result: "cannot"; readonly reason: string }
  | { readonly result: "failed"; readonly reason: string };

const OPENING: Readonly<Record<EngineName, (root: string) => Promise<Column | undefined> | Column | undefined>> = {
  "docker + runc": dockerColumn,
  "podman + runc": (root) => podmanColumn("runc", root),
  "podman + crun": (root) => podmanColumn("crun", root),
  "plain namespaces": namespaceColumn,
};

/** All columns that are possible here, with the image of the stories; they are gone at the end of the block. */
export class Matrix implements AsyncDisposable {
  private constructor(readonly columns: readonly Column[], private readonly directory: string) {}

  static async open(names: readonly EngineName[] = ENGINES): Promise<Matrix> {
    const directory = await Deno.makeTempDir({ prefix: "matrix-" });
    await Deno.chmod(directory, 0o755);
    const root = `${directory}/root`;
    await layMatrixImage(root);
    const columns: Column[] = [];
    for (const name of names) {
      const column = await OPENING[name](root);
      if (column !== undefined) columns.push(column);
    }
    return new Matrix(columns, directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const column of this.columns) await column[Symbol.asyncDispose]();
    await Deno.remove(this.directory, { recursive: true });
  }
}

export async function playCell({ options, stdin, play }: EngineStory, column: Column): Promise<EngineCell> {
  try {
    await play((...command) => column.start({ options, command, ...(stdin === undefined ? {} : { stdin }) }));
    return { result: "passed" };
  } catch (error) {
    if (error instanceof Cannot) return { result: "cannot", reason: error.message };
    return { result: "failed", reason: error instanceof Error ? error.message : `${error}` };
  }
}
