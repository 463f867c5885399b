// Tasks of deno.json, step by step. The tasks of a step run side by side: one that has a single thread, or waits for
// services, beside one that keeps all processors busy.

/** Tasks that run side by side. What the first of them print is shown in one piece, behind what the others print. */
export type TestStep = readonly string[];

/** Runs deno with these arguments and returns its exit code. Where that is not 0 a line says how to do the same again. */
export async function codeOfDeno(...args: readonly string[]): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), { args: [...args] }).spawn().status;
  if (code !== 0) console.error(failure(code, args));
  return code;
}

/** Runs the tasks of a step and returns the exit code of the first that has failed, or 0. */
export async function codeOfStep(step: TestStep): Promise<number> {
  const begun = performance.now();
  const last = step.length - 1;
  const codes = await Promise.all(
    step.map((task, at) => at < last ? codeOfQuiet("task", task) : codeOfDeno("task", task)),
  );
  console.log(`test: ${step.join(" and ")} took ${Math.round((performance.now() - begun) / 1000)} s`);
  return codes.find((code) => code !== 0) ?? 0;
}

async function codeOfQuiet(...args: readonly string[]): Promise<number> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args] }).output();
  const decoder = new TextDecoder();
  const said = decoder.decode(stderr) + decoder.decode(stdout);
  console.error(code === 0 ? said.trimEnd() : `${said}${failure(code, args)}`);
  return code;
}

function failure(code: number, args: readonly string[]): string {
  return `test: failed with exit code ${code}; again: deno ${args.map((word) => JSON.stringify(word)).join(" ")}`;
}
