// Programs of the original that have no place here, as only its own programs call them.

import { deepEqual } from "node:assert/strict";
import { applets } from "../../cli/index.ts";

Deno.test("programs that serve only the insides of the original are not there", () => {
  const inner = ["s6-ftrigrd", "s6lockd", "s6lockd-helper", "s6-overlay-preinit"];
  deepEqual(inner.filter((name) => Object.hasOwn(applets, name)), []);
});
