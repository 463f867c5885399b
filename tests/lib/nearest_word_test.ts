// Misspelt words, and the ones that are meant.

import { equal } from "node:assert/strict";
import { nearestWord } from "../../lib/nearest_word.ts";

const SUBCOMMANDS = ["explain", "healthy", "reload", "restart", "start", "status", "stop", "version"];

const NEAREST: Readonly<Record<string, string | undefined>> = {
  status: "status",
  stat: "start",
  // Two letters have changed places: nearer than "start", which takes two changes.
  stauts: "status",
  stpo: "stop",
  helthy: "healthy",
  explane: "explain",
  foo: undefined,
  "": undefined,
  [`${"x".repeat(64)}y`]: undefined,
};

for (const [given, meant] of Object.entries(NEAREST)) {
  Deno.test(`"${given.slice(0, 20)}" is ${meant === undefined ? "near no word" : `meant as "${meant}"`}`, () => {
    equal(nearestWord(given, SUBCOMMANDS), meant);
  });
}
