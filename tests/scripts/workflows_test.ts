// What the workflows run is there: tasks, files of scripts and of tests, with the Deno that all of them name.

import { deepEqual, ok } from "node:assert/strict";
import { parse } from "npm:yaml@2.8.1";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const DIRECTORY = `${ROOT}.github/workflows`;

interface Workflow {
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps?: readonly { readonly run?: string }[] }>>;
}

const WORKFLOWS = Array.from(Deno.readDirSync(DIRECTORY), ({ name }) => ({
  name,
  workflow: parse(Deno.readTextFileSync(`${DIRECTORY}/${name}`)) as Workflow,
}));

/** The command lines of all steps, with what the variables of a workflow stand for. */
const LINES = WORKFLOWS.flatMap(({ name, workflow: { jobs, env = {} } }) =>
  Object.values(jobs).flatMap(({ steps = [] }) => steps).flatMap(({ run }) =>
    run === undefined ? [] : [{ name, line: run.replace(/\$(\w+)/g, (whole, variable) => env[variable] ?? whole) }]
  )
);

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
  deepEqual([...new Set(deno.map(({ line }) => /\bdeno@\S+/.exec(line)![0]))].length, 1);
});

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
