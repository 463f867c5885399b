import { deepEqual, equal } from "node:assert/strict";
import { watchMemory } from "../../../lib/overlay/memory_watch.ts";

const MEGABYTE = 2 ** 20;

/** What happens at a look when there is so much memory in use before and after a collection, in megabytes. */
function look(...sizes: readonly (readonly [number | undefined, number])[]): string[] {
  return lookFrom(undefined, ...sizes);
}

/** The same, where there was so much from the beginning. */
function lookFrom(
  first: number | undefined,
  ...sizes: readonly (readonly [number | undefined, number])[]
): string[] {
  const did: string[] = [];
  let size = first;
  let after = 0;
  let work: (() => void) | undefined;
  watchMemory({
    reactor: { afterWork: (_, callback) => (work = callback, () => work = undefined) },
    memory: {
      sizes: () => size === undefined ? undefined : { resident: 0, own: size * MEGABYTE },
      collectGarbage: () => (did.push("collect"), size = after),
    },
    caches: [() => did.push("drop")],
    end: (why) => did.push(why),
  });
  for (const [before, then] of sizes) {
    [size, after] = [before, then];
    work?.();
  }
  return did;
}

Deno.test("as long as it is small, or not known, nothing is done", () => {
  deepEqual(look([30, 30], [128, 128], [undefined, 0]), []);
});

Deno.test("where it is large caches are dropped, and that is all if it helps", () => {
  deepEqual(look([500, 40], [50, 50]), ["drop", "collect"]);
  deepEqual(look([200, 200]), ["drop", "collect"]);
});

Deno.test("what was there from the beginning is an emulator's", () => {
  deepEqual(lookFrom(350, [370, 370], [450, 450]), []);
  deepEqual(lookFrom(350, [500, 390]), ["drop", "collect"]);
  equal(lookFrom(350, [700, 700]).length, 3);
});

Deno.test("where nothing helps the container is stopped, once", () => {
  const did = look([500, 500], [500, 500]);
  equal(did.length, 3);
  equal(did[2], "process 1 has more than 256 MB of memory and cannot free it");
});
