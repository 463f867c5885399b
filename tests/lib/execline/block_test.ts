// Blocks taken off an argument list.

import { deepEqual, equal, throws } from "node:assert/strict";
import { Environment } from "../../../lib/environment.ts";
import { Blocks, strictness } from "../../../lib/execline/block.ts";

function blocks(words: readonly string[], strict?: string): { blocks: Blocks; warnings: string[] } {
  const warnings: string[] = [];
  const environment = Environment.of(strict === undefined ? [] : [`EXECLINE_STRICT=${strict}`]);
  return { blocks: new Blocks(words, environment, (text) => warnings.push(text)), warnings };
}

Deno.test("a block ends at an empty word and loses one blank a word", () => {
  const taken = blocks([" a", "  b", " ", "", "c", "", "d"]).blocks;
  deepEqual(taken.take(), ["a", " b", ""]);
  deepEqual(taken.take(), ["c"]);
  deepEqual(taken.rest, ["d"]);
});

Deno.test("a block without an end is refused, by its name if it has one", () => {
  throws(() => blocks([" a"]).blocks.take(), { code: 100, message: "unterminated block" });
  throws(() => blocks([" a"]).blocks.take("then"), { code: 100, message: "unterminated then block" });
  equal(blocks([" a"]).blocks.tryTake(), undefined);
});

Deno.test("words without their blank are accepted, warned of or refused", () => {
  for (const strict of [undefined, "0", "x", ""]) {
    const { blocks: taken, warnings } = blocks(["a", ""], strict);
    deepEqual(taken.take(), ["a"]);
    deepEqual(warnings, []);
  }
  const { blocks: taken, warnings } = blocks([" a", "", " b", "c", ""], "1");
  taken.take();
  deepEqual(taken.take(), ["b", "c"]);
  deepEqual(warnings, ["unquoted argument c at block 2 position 1"]);
  throws(() => blocks(["a", ""], "2").blocks.take(), {
    code: 100,
    message: "unquoted argument a at block 1 position 0",
  });
});

Deno.test("strictness is the number the variable begins with", () => {
  equal(strictness(Environment.empty), undefined);
  equal(strictness(Environment.of(["EXECLINE_STRICT=2x"])), 2);
});
