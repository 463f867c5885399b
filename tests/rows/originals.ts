// What the original did with each row, kept in dist/cache: a row that is run again runs ours only. It is kept by the
// content of the row, for this machine and these originals, and only where ours did the same. Where ours differs from
// what is kept, the original is asked again, so that nothing fails by what is kept.

import { fingerprint } from "../../scripts/command.ts";
import { type Case, find, ORIGINAL, type Result } from "./harness.ts";

const CACHE = new URL("../../dist/cache", import.meta.url).pathname;
/** What tells one version of the originals from another, and what many rows are made with. */
const PROGRAMS = ["execlineb", "s6-svc", "s6-log", "s6-svscan", "sh", "sed"];
/** Of larger results there are few. */
const LARGEST = 100_000;

/** The results of earlier runs. */
export class OriginalResults {
  constructor(private readonly directory: string) {}

  /** Those of this machine. */
  static async here(): Promise<OriginalResults> {
    const files = PROGRAMS.flatMap((program) => find(program, ORIGINAL) ?? []);
    const machine = [String(Deno.uid()), Deno.osRelease(), Deno.build.arch];
    const directory = `${CACHE}/originals-${await fingerprint(machine, files)}`;
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
