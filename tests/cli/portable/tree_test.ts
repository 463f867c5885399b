// Without a row, as a row that fails would remove the machine it runs on.

import { deepEqual, throws } from "node:assert/strict";
import type { Context } from "../../../cli/applet.ts";
import { Options } from "../../../cli/getopt.ts";
import { rmrf } from "../../../cli/portable/tree.ts";

/** A system in which every path leads to the same directory, and what has been done to it. */
function oneDirectory(): { context: Context; done: string[] } {
  const done: string[] = [];
  const status = { kind: "directory", inode: 2, device: 1 };
  const os = new Proxy({ stat: () => status, lstat: () => status }, {
    get: (known, name) => Reflect.get(known, name) ?? (() => done.push(String(name))),
  });
  return { context: { os } as unknown as Context, done };
}

Deno.test("s6-rmrf does not remove the root directory, by whatever name", () => {
  const { context, done } = oneDirectory();
  if (rmrf.kind === "chain") throw new Error("it does something");
  const { run } = rmrf;
  for (const path of ["/", "//", "/usr/.."]) {
    throws(() => run(context, { options: new Options([]), args: [path] }), {
      message: `unable to remove ${path}: it is the root directory`,
    });
  }
  deepEqual(done, []);
});
