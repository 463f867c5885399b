// What the original did is asked of it once, and once more where ours does something else.

import { deepEqual, equal, rejects } from "node:assert/strict";
import { type Case, check, haveOriginals, type KnownResults, type Result } from "./harness.ts";
import { OriginalResults } from "./originals.ts";

const RESULT: Result = { stdout: "\xff\0a\n", stderr: "", code: 3, files: { "a": "644 file \xe9" } };

async function inDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await work(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("a result is found again by the content of its row, whatever its name is", () =>
  inDirectory(async (directory) => {
    const known = new OriginalResults(directory);
    const row: Case = { name: "one", argv: ["true"] };
    equal(await known.recall(row), undefined);
    await known.keep(row, RESULT);
    deepEqual(await new OriginalResults(directory).recall({ ...row, name: "two" }), RESULT);
    equal(await known.recall({ ...row, argv: ["false"] }), undefined);
    equal(await known.recall({ ...row, env: { A: "" } }), undefined);
    equal([...Deno.readDirSync(directory)].length, 1);
  }));

Deno.test("a large result is not kept, and a damaged one not taken", () =>
  inDirectory(async (directory) => {
    const known = new OriginalResults(directory);
    const row: Case = { name: "one", argv: ["true"] };
    await known.keep(row, { ...RESULT, stdout: "x".repeat(200_000) });
    equal(await known.recall(row), undefined);
    await known.keep(row, RESULT);
    const [file] = [...Deno.readDirSync(directory)];
    await Deno.writeTextFile(`${directory}/${file!.name}`, '{"stdout": "');
    equal(await known.recall(row), undefined);
  }));

/** Knows one result of every row, and notes what it is given to keep. */
class Knowing implements KnownResults {
  readonly kept: Result[] = [];

  constructor(private readonly result: Result | undefined) {}

  recall(): Promise<Result | undefined> {
    return Promise.resolve(this.result);
  }

  keep(_row: Case, result: Result): Promise<void> {
    this.kept.push(result);
    return Promise.resolve();
  }
}

const said = (stdout: string): Result => ({ stdout, stderr: "", code: 0, files: {} });

Deno.test({
  name: "a row fails by what the original does, not by what it is said to have done",
  ignore: !haveOriginals,
  fn: async () => {
    const same: Case = { name: "", argv: ["echo", "a"] };
    // One that does not know of any original: each of the two has a PATH of its own.
    const different: Case = { name: "", argv: ["sh", "-c", "echo $PATH"] };
    const knowing = {
      right: new Knowing(said("a\n")),
      wrong: new Knowing(said("b\n")),
      nothing: new Knowing(undefined),
    };
    await check(same, [{ version: "installed", known: knowing.right }]);
    await check(same, [{ version: "installed", known: knowing.wrong }]);
    await check(same, [{ version: "installed", known: knowing.nothing }]);
    await rejects(check(different, [{ version: "installed", known: knowing.nothing }]), /differs from the original/);
    const kept = Object.values(knowing).map(({ kept }) => kept);
    deepEqual(kept, [[], [said("a\n")], [said("a\n")]]);
  },
});
