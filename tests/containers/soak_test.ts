// The small version of `deno task soak`: process 1 holds nothing more after restarts and entries than before.

import { deepEqual, equal, ok } from "node:assert/strict";
import { soak } from "../../scripts/soak.ts";
import { canIsolate } from "../surroundings/namespace.ts";

/** What garbage that is not collected yet, or the engine's own tables, may come to. A leak of 8 KiB a restart is more. */
const MEMORY = 2 * 1024 * 1024;

Deno.test({
  name: "300 restarts and 30 entries leave no descriptor, no zombie and no memory behind in process 1",
  ignore: !canIsolate,
  fn: async () => {
    const { before, after, stderr, code } = await soak(300, 30);
    deepEqual([code, stderr], [0, ""]);
    deepEqual([after.descriptors, after.zombies], [before.descriptors, 0]);
    ok(after.memory < before.memory + MEMORY, `${before.memory} bytes before, ${after.memory} afterwards`);
    equal(before.zombies, 0);
  },
});
