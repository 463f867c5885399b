// What the long runs of random scripts and inputs have found is whole: each kind was tried, and each difference that is
// left has a reason. `deno task fuzz --record` goes on with it.

import { deepEqual, ok } from "node:assert/strict";
import { PROPERTY_FAMILIES } from "../property/families.ts";
import { readFuzzResults } from "./fuzz_record.ts";

const results = readFuzzResults();

Deno.test("every kind of random input has been tried on both originals", () => {
  deepEqual(Object.keys(results!.originals), ["installed", "newest"]);
  for (const { name } of PROPERTY_FAMILIES) {
    ok(results!.inputs[name]! >= results!.onNewest[name]!, name);
    ok(results!.onNewest[name]! > 0, name);
  }
});

Deno.test("every difference that random inputs have shown has a reason, or is none any more", () => {
  deepEqual(results!.differences.filter(({ why }) => why === "").map(({ family, index }) => `${family} ${index}`), []);
});
