import { equal } from "node:assert/strict";
import { readProcessNumbers } from "../../lib/process_table.ts";

/** Reading a process takes a millisecond. */
function read(count: number, most: number): { readonly found: number | undefined; readonly looks: number } {
  let looks = 0;
  const found = readProcessNumbers({
    monotonic: () => looks,
    listDirectory: () => ["self", ...Array.from({ length: count }, (_, at) => `${at + 1}`)],
    readFile: (path) => {
      looks++;
      return `${path.split("/")[2]} (a) S ${"1 ".repeat(50)}`;
    },
  }, most);
  return { found: found?.length, looks };
}

Deno.test("all processes are read, or none is known where that takes too long", () => {
  equal(read(50, 100).found, 50);
  const { found, looks } = read(50_000, 100);
  equal(found, undefined);
  equal(looks, 101);
});
