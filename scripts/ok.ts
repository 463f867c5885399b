// What is run before each commit, up to the first step that fails: tests without containers, and of rows and of what is
// random as many as there is time for.

import { codeOfStep, type TestStep } from "./tasks.ts";

const STEPS: readonly TestStep[] = [["static", "unit"], ["cases:new"], ["supervision", "cases:programs"]];

if (import.meta.main) {
  const begun = performance.now();
  for (const step of STEPS) {
    const code = await codeOfStep(step);
    if (code !== 0) Deno.exit(code);
  }
  console.log(`test: all that is for before a commit passed in ${Math.round((performance.now() - begun) / 1000)} s`);
}
