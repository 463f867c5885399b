// What programs find in their environment besides the container's.

import { deepEqual } from "node:assert/strict";
import { SETTINGS } from "../../../lib/overlay/settings.ts";
import {
  commandVariables,
  DUMP_VARIABLES,
  HOLDER_RIGHTS,
  SETTINGS_OF_LATER,
  STAGE2_EXITED,
} from "../../../lib/overlay/variable_names.ts";

Deno.test("the command finds how much is logged", () => {
  deepEqual(commandVariables(2), [["S6_LOGGING", "2"]]);
});

Deno.test("none of these names is that of a setting", () => {
  const names = [
    ...Object.values(HOLDER_RIGHTS),
    ...Object.values(DUMP_VARIABLES),
    ...SETTINGS_OF_LATER,
    STAGE2_EXITED,
  ];
  const settings: readonly string[] = Object.values(SETTINGS).map(({ variable }) => variable);
  deepEqual(names.filter((name) => settings.includes(name)), []);
});
