// A share of the matrix of stories and engines: each story on one engine, so that every engine has some. `deno task engines`
// plays all of them on all.

import { equal } from "node:assert/strict";
import { Matrix, playCell } from "../engines/matrix.ts";
import { ENGINE_STORIES } from "../engines/stories.ts";
import { amount } from "../random/amount.ts";
import { canIsolate } from "../surroundings/namespace.ts";

const STEP = amount(1, 5);

Deno.test({
  name: "stories of the matrix go as they should, each on one of the engines that are here",
  ignore: !canIsolate,
  fn: async (test) => {
    await using matrix = await Matrix.open();
    const { columns } = matrix;
    for (let number = 0; number < ENGINE_STORIES.length; number += STEP) {
      const story = ENGINE_STORIES[number]!;
      await test.step(`${story.name} (${story.checks})`, async () => {
        // One that cannot be played there is played on the next.
        for (let offset = 0; offset < columns.length; offset++) {
          const column = columns[(number + offset) % columns.length]!;
          const cell = await playCell(story, column);
          if (cell.result === "cannot") continue;
          equal(cell.result === "failed" ? `${column.name}: ${cell.reason}` : cell.result, "passed");
          return;
        }
      });
    }
  },
});
