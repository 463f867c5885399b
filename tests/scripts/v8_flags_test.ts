// The flags of V8 that are written into a compiled program.

import { equal, ok } from "node:assert/strict";
import { COMPILED_BASE, COMPUTING, KEPT, ofOneLength, WAITING, WITHOUT_COMPILER } from "../../scripts/v8_flags.ts";

Deno.test("all sets of flags take the same room in a compiled program, and none loses a flag", () => {
  const sets = [COMPILED_BASE, ...[WAITING, COMPUTING, WITHOUT_COMPILER].map((flags) => [flags, ...KEPT].join())];
  const rooms = sets.map((flags) => {
    const written = ofOneLength(flags);
    ok(written.startsWith(`${flags},--random-seed=0`), written);
    return JSON.stringify(written.split(",")).length;
  });
  equal(new Set(rooms).size, 1, `${rooms}`);
});
