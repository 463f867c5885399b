// All diagnoses, in the order in which they are tried: the first that applies is the one that is told.

import type { Diagnosed, Diagnosis, Facts } from "./facts.ts";
import { LEAVING_DIAGNOSES, LIFE_DIAGNOSES } from "./life_diagnoses.ts";
import { OUTPUT_DIAGNOSES } from "./output_diagnoses.ts";
import { RUN_DIAGNOSES } from "./run_diagnoses.ts";

export const DIAGNOSES: readonly Diagnosis[] = [
  ...RUN_DIAGNOSES,
  ...LEAVING_DIAGNOSES,
  ...OUTPUT_DIAGNOSES,
  ...LIFE_DIAGNOSES,
];

/** What is wrong with a service; undefined where nothing of the list is. */
export function diagnose(facts: Facts): (Diagnosed & { readonly name: string }) | undefined {
  for (const { name, find } of DIAGNOSES) {
    const finding = find(facts);
    if (finding !== undefined) return { name, ...finding };
  }
  return undefined;
}
