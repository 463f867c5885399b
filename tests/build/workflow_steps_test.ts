// The steps of workflows do here what they are to do on GitHub's runners: each job in a checkout of its own, its steps one
// after another, each by a shell that ends with the first command that fails. STEPS=all runs those too that take minutes.

import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { type RunStep, runSteps, withExpressions } from "../surroundings/workflow.ts";
import {
  ALL_STEPS,
  EXPRESSIONS,
  faultsOfSteps,
  LEFT_STEPS,
  OF_RUNNER,
  PLAYED_STEPS,
  RUNNER_PROGRAMS,
} from "./workflow_plays.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const STEPS = runSteps();

Deno.test("each step of a workflow is run by a test, or left with its reason", async () => {
  deepEqual(faultsOfSteps(STEPS.map(({ run }) => run)), []);
  deepEqual(LEFT_STEPS.filter(({ reason }) => reason.length < 20), []);
  for (const { otherwise } of [...PLAYED_STEPS, ...LEFT_STEPS]) {
    if (otherwise === undefined) continue;
    const text = await Deno.readTextFile(ROOT + otherwise.file);
    ok(text.includes(otherwise.words), `${otherwise.file} does not have ${otherwise.words}`);
  }
});

Deno.test("a step that is new, and one that is gone, are seen", () => {
  const [, ...others] = STEPS.map(({ run }) => run);
  deepEqual(faultsOfSteps([...others, "make"]), [
    "no test runs this step: make",
    `no workflow has this step: ${STEPS[0]!.run}`,
  ]);
});

/** What is in the repository, and a dist of its own. */
async function checkOut(): Promise<string> {
  const checkout = await Deno.makeTempDir({ prefix: "checkout-" });
  for (const { name, isDirectory } of Deno.readDirSync(ROOT)) {
    if (name === "dist") continue;
    if (isDirectory) await Deno.symlink(ROOT + name, `${checkout}/${name}`);
    else await Deno.copyFile(ROOT + name, `${checkout}/${name}`);
  }
  await Deno.mkdir(`${checkout}/dist/release`, { recursive: true });
  await Deno.symlink(`${ROOT}dist/cache`, `${checkout}/dist/cache`);
  return checkout;
}

/** The directory of those programs that only GitHub's runner has. */
async function runnerPrograms(): Promise<string> {
  const directory = await Deno.makeTempDir({ prefix: "runner-" });
  for (const [name, script] of Object.entries(RUNNER_PROGRAMS)) {
    await Deno.writeTextFile(`${directory}/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return directory;
}

function valueOf(expression: string): string {
  const value = EXPRESSIONS[expression];
  if (value === undefined) throw new Error(`there is no value for the expression ${expression}`);
  return value;
}

async function ended(
  step: RunStep,
  checkout: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const own = Object.entries(step.env).map(([name, value]) => [name, withExpressions(value, valueOf)]);
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-e", "-c", withExpressions(step.run, valueOf)],
    cwd: checkout,
    env: { ...OF_RUNNER, ...Object.fromEntries(own), NO_COLOR: "1", ...env },
  }).output();
  const [printed, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: printed!, stderr: said! };
}

async function play(step: RunStep, checkout: string, programs: string): Promise<void> {
  const { before, env, leaves, failing } = PLAYED_STEPS.find(({ run }) => run === step.run)!;
  const PATH = `${programs}:${Deno.env.get("PATH")}`;
  await before?.(checkout);
  const { code, stdout, stderr } = await ended(step, checkout, { ...env, PATH });
  equal(code, 0, `${stdout}${stderr}`);
  await leaves(checkout, stdout);
  if (failing !== undefined) notEqual((await ended(step, checkout, { ...env, ...failing, PATH })).code, 0);
}

const isPlayed = ({ run }: RunStep): boolean =>
  PLAYED_STEPS.some((step) => step.run === run && (ALL_STEPS || step.otherwise === undefined));

const JOBS = Map.groupBy(STEPS.filter(isPlayed), ({ workflow, job }) => `${job} of ${workflow}`);

for (const [job, steps] of JOBS) {
  Deno.test({
    name: `the steps of the job ${job} do what they are to do`,
    // They make containers, and owners of files.
    ignore: Deno.uid() !== 0,
    fn: async (test) => {
      const [checkout, programs] = [await checkOut(), await runnerPrograms()];
      for (const step of steps) await test.step(step.run, () => play(step, checkout, programs));
      for (const directory of [checkout, programs]) await Deno.remove(directory, { recursive: true });
    },
  });
}
