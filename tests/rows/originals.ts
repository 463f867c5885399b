// What the original did with each row, kept in dist/cache: a row that is run again runs ours only. It is kept by the
// content of the row, for this machine and these originals, and only where ours did the same. Where ours differs from
// what is kept, the original is asked again, so that nothing fails by what is kept.

import { fingerprint } from "../../scripts/command.ts";
import { type Case, find, haveOriginals, type Oracle, ORIGINAL, type Result } from "./harness.ts";
import { newestPrograms } from "./newest.ts";

const CACHE = new URL("../../dist/cache", import.meta.url).pathname;
/** What tells one version of the originals from another, and what many rows are made with. */
const PROGRAMS = ["execlineb", "s6-svc", "s6-log", "s6-svscan", "sh", "sed"];
/** Of larger results there are few. */
const LARGEST = 100_000;

/**
 * The originals of this machine, with the memory of what they did. The newest takes part wherever it is meant, and where
 * NEWEST=all is in the environment in every row.
 */
export async function originals(): Promise<readonly Oracle[]> {
  if (!haveOriginals) return [];
  const machine = [String(Deno.uid()), Deno.osRelease(), Deno.build.arch];
  const files = PROGRAMS.flatMap((program) => find(program, ORIGINAL) ?? []);
  const installed: Oracle = { version: "installed", known: await OriginalResults.of(machine, files) };
  const newest = await newestPrograms();
  if (newest === undefined) return [installed];
  const known = await OriginalResults.of([...machine, newest.directory], files);
  return [installed, { version: "newest", mounts: newest.mounts, known }];
}

/** The results of earlier runs. */
export class OriginalResults {
  constructor(private readonly directory: string) {}

  /** @param words what tells this machine, or these originals, from others */
  static async of(words: readonly string[], files: readonly string[]): Promise<OriginalResults> {
    const directory = `${CACHE}/originals-${await fingerprint(words, files)}`;
    await Deno.mkdir(directory, { recursive: true });
    return new OriginalResults(directory);
  }

  /** What the original did with this row, if that is known. */
  async recall(row: Case): Promise<Result | undefined> {
    try {
      return JSON.parse(await Deno.readTextFile(await this.fileOf(row)));
    } catch {
      return undefined;
    }
  }

  async keep(row: Case, result: Result): Promise<void> {
    const text = JSON.stringify(result);
    if (text.length > LARGEST) return;
    const file = await this.fileOf(row);
    // Others may keep, or read, the same result at this moment.
    const made = `${file}.${crypto.randomUUID()}`;
    await Deno.writeTextFile(made, text);
    await Deno.rename(made, file);
  }

  private async fileOf(row: Case): Promise<string> {
    return `${this.directory}/${await fingerprint([JSON.stringify({ ...row, name: "" })])}.json`;
  }
}
