// Why the program of a oneshot could not be executed: the diagnoses of a service's run, said of that file.

import type { DefinedService } from "../rc/defined.ts";
import type { RunFile } from "./facts.ts";
import { diagnoseProgram } from "./run_diagnoses.ts";

export function whyNotExecuted(program: RunFile): Pick<DefinedService, "why" | "cure"> | undefined {
  const { path, kind, leadsTo } = program;
  if (kind === "missing" && leadsTo === undefined) {
    return {
      why: `there is no ${path}, which its up names`,
      cure: `put it into the image, or name another file in up`,
    };
  }
  return diagnoseProgram(program, path);
}
