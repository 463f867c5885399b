// Renamings and how they are taken back.

import { deepEqual, throws } from "node:assert/strict";
import { systemError } from "../../../../lib/errno.ts";
import { Moves } from "../../../../lib/rc/update/moves.ts";
import { OsError } from "../../../../lib/report.ts";

function movesIn(files: Set<string>): Moves {
  return new Moves({
    rename: (from, to) => {
      if (!files.delete(from)) throw systemError("rename", from, "ENOENT");
      files.add(to);
    },
  });
}

Deno.test("what was moved goes back, the last one first", () => {
  const files = new Set(["run", "fresh"]);
  const moves = movesIn(files);
  moves.move("run", "replaced");
  moves.move("fresh", "run");
  moves.moveIfThere("nothing", "finish");
  deepEqual([...files], ["replaced", "run"]);
  moves.undo();
  deepEqual([...files].sort(), ["fresh", "run"]);
  moves.undo();
  deepEqual([...files].sort(), ["fresh", "run"]);
});

Deno.test("a move that must be made and cannot be is a failure, as is one that cannot be taken back", () => {
  const files = new Set(["run"]);
  const moves = movesIn(files);
  throws(() => moves.move("nothing", "finish"), OsError);
  moves.move("run", "replaced");
  files.clear();
  throws(() => moves.undo(), OsError);
});
