import { ok } from "node:assert/strict";
import { openMemory } from "../../../lib/os/own_memory.ts";

Deno.test("a process knows how large it is, and what of that is its own", () => {
  const memory = openMemory();
  const before = memory.sizes()!;
  ok(before.own > 2 ** 20 && before.own < before.resident && before.resident < memory.ofMachine());
  // Other tests of the same process may give some back meanwhile.
  const block = new Uint8Array(256 * 2 ** 20).fill(1);
  ok(memory.sizes()!.own - before.own > 64 * 2 ** 20 && block.length > 0);
});
