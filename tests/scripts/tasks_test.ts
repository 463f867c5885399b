// The steps of all tests: which of their tasks run side by side, what is shown, and which code counts.

import { deepEqual, match, ok } from "node:assert/strict";

const TASKS = new URL("../../scripts/tasks.ts", import.meta.url).href;
/** Waits for a file of another task. */
const until = (file: string): string => `until test -e ${file}; do sleep 0.01; done`;

interface StepEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a step in a directory that has these tasks of shell. */
async function stepOf(tasks: Readonly<Record<string, string>>): Promise<StepEnd> {
  const directory = await Deno.makeTempDir();
  try {
    for (const [name, script] of Object.entries(tasks)) await Deno.writeTextFile(`${directory}/${name}.sh`, script);
    const declared = Object.fromEntries(Object.keys(tasks).map((name) => [name, `sh ${name}.sh`]));
    await Deno.writeTextFile(`${directory}/deno.json`, JSON.stringify({ tasks: declared }));
    const program = `import { codeOfStep } from ${JSON.stringify(TASKS)};
      Deno.exit(await codeOfStep(${JSON.stringify(Object.keys(tasks))}));`;
    await Deno.writeTextFile(`${directory}/step.ts`, program);
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "step.ts"],
      cwd: directory,
      env: { NO_COLOR: "1" },
    });
    const { code, stdout, stderr } = await command.output();
    return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("the tasks of a step run side by side, and what the first prints stands behind in one piece", async () => {
  const { code, stdout, stderr } = await stepOf({
    first: `echo begun; touch first; ${until("last")}; echo ended`,
    last: `${until("first")}; echo last; touch last`,
  });
  deepEqual(code, 0);
  match(stdout, /^last\ntest: first and last took \d+ s\n$/);
  match(stderr, /first.sh\nbegun\nended\n$/);
});

Deno.test("a step fails as the first of its tasks that fails, when all have ended, and says how to do it again", async () => {
  const { code, stdout, stderr } = await stepOf({ first: "exit 3", last: "echo last; exit 4" });
  deepEqual(code, 3);
  ok(stdout.startsWith("last\n"));
  for (const [task, failed] of [["first", 3], ["last", 4]] as const) {
    ok(stderr.includes(`test: failed with exit code ${failed}; again: deno "task" "${task}"`), stderr);
  }
});
