// Makes the files of a release: `deno task release [--arch amd64|aarch64] [--base stock|compiled] [--out DIRECTORY]` builds the
// overlay and writes into dist/release its archives, by all names that Dockerfiles fetch, a bill of materials, a statement of
// where they come from, and a sum beside each. The same source gives the same bytes, but for the checkpoints that it takes.

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Architecture, type BaseKind, HOST } from "./base.ts";
import { buildTarball } from "./build.ts";
import { writeArchives } from "./release/archives.ts";
import { billOfMaterials } from "./release/bill_of_materials.ts";
import type { Effort } from "./release/compression.ts";
import { factsOf, type ReleaseFacts } from "./release/facts.ts";
import { provenance, type ReleasedFile, workflowOf } from "./release/provenance.ts";
import { setUp } from "./setup.ts";
import { digestOf, writeSum } from "./sum.ts";

/** What was built. */
export interface Build {
  /** The tarball, uncompressed. */
  readonly tar: string;
  /** What is in it, as files. */
  readonly tree: string;
  readonly facts: ReleaseFacts;
}

/** Writes all files into the directory and returns their names, without those of the sums. */
export async function writeRelease({ tar, tree, facts }: Build, directory: string, effort: Effort): Promise<string[]> {
  await Deno.mkdir(directory, { recursive: true });
  const archives = await writeArchives(tar, facts.architecture, directory, effort);
  const name = `s6-overlay-${facts.architecture}`;
  const bill = `${name}.spdx.json`;
  await writeDocument(`${directory}/${bill}`, await billOfMaterials(facts, tree, await digestOf(tar)));
  const subjects: ReleasedFile[] = [];
  for (const subject of [...archives, bill]) {
    subjects.push({ name: subject, digest: await digestOf(`${directory}/${subject}`) });
  }
  const statement = `${name}.provenance.json`;
  const workflow = workflowOf((variable) => Deno.env.get(variable));
  await writeDocument(`${directory}/${statement}`, provenance(facts, subjects, workflow));
  const names = [...archives, bill, statement];
  for (const each of names) await writeSum(`${directory}/${each}`);
  return names;
}

async function writeDocument(path: string, document: object): Promise<void> {
  await Deno.writeTextFile(path, `${JSON.stringify(document, undefined, 2)}\n`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      arch: { type: "string", default: HOST },
      base: { type: "string" },
      out: { type: "string", default: "dist/release" },
    },
  });
  const [architecture, kind] = [values.arch as Architecture, values.base as BaseKind | undefined];
  if (!await setUp(["build", "release", ...(architecture === HOST ? [] : ["aarch64"])])) Deno.exit(1);
  const facts = await factsOf(architecture, kind, resolve("dist/cache"), ".");
  if (facts.source.commit === undefined) console.error("release: warning: this is not what a commit has");
  const directory = resolve("dist");
  const tarball = await buildTarball({ architecture, kind, entry: "cli/main.ts", directory });
  const tree = `${directory}/tree-${architecture}-${facts.base.kind}`;
  const release = resolve(values.out);
  for (const name of await writeRelease({ tar: tarball.replace(/\.gz$/, ""), tree, facts }, release, "full")) {
    console.log(`release: ${release}/${name}: ${(await Deno.stat(`${release}/${name}`)).size} bytes`);
  }
}
