// All diagnoses, in the order in which they are tried: the first that applies is the one that is told.

import { CHECK_DIAGNOSES } from "./check_diagnoses.ts";
import type { Diagnosed, Diagnosis, Facts } from "./facts.ts";
import { LEAVING_DIAGNOSES, LIFE_DIAGNOSES } from "./life_diagnoses.ts";
import { LOG_DIAGNOSES, OUTPUT_DIAGNOSES } from "./output_diagnoses.ts";
import { RUN_DIAGNOSES } from "./run_diagnoses.ts";

export const DIAGNOSES: readonly Diagnosis[] = [
  ...RUN_DIAGNOSES,
  ...LEAVING_DIAGNOSES,
  ...OUTPUT_DIAGNOSES,
  ...CHECK_DIAGNOSES,
  ...LIFE_DIAGNOSES,
  ...LOG_DIAGNOSES,
];

/**
 * What is wrong with a service; undefined where nothing of the list is.
 * @param asWanted it does as it should: only what its own state does not show is looked for
 */
export function diagnose(facts: Facts, asWanted = false): (Diagnosed & { readonly name: string }) | undefined {
  for (const { name, find } of asWanted ? LOG_DIAGNOSES : DIAGNOSES) {
    const finding = find(facts);
    if (finding !== undefined) return { name, ...finding };
  }
  return undefined;
}
