// Which variables are reported as unknown settings, and what they are taken for.

import { deepEqual, equal, match } from "node:assert/strict";
import { SETTINGS } from "../../../lib/overlay/settings.ts";
import { nearest, tellOfUnknown } from "../../../lib/overlay/unknown_settings.ts";

function told(...names: readonly string[]): string[] {
  const lines: string[] = [];
  tellOfUnknown(names.map((name) => [name, "1"]), (line) => lines.push(line));
  return lines;
}

const MEANT: Readonly<Record<string, string | undefined>> = {
  S6_KILL_GRACE_TIME: "S6_KILL_GRACETIME",
  S6_BEHAVIOR_IF_STAGE2_FAILS: "S6_BEHAVIOUR_IF_STAGE2_FAILS",
  S6_CMD_WAIT_FOR_SERVICE: "S6_CMD_WAIT_FOR_SERVICES",
  S6_LOGING: "S6_LOGGING",
  S6_logging: "S6_LOGGING",
  S6_READONLY_ROOT: "S6_READ_ONLY_ROOT",
  S6_SYNC_DISK: "S6_SYNC_DISKS",
  S6_PROFILE: undefined,
  S6_FOO: undefined,
  [`S6_${"X".repeat(1000)}`]: undefined,
};

for (const [name, setting] of Object.entries(MEANT)) {
  Deno.test(`${name.slice(0, 40)} is taken for ${setting ?? "no setting"}`, () => {
    equal(nearest(name), setting);
    const [line = "", ...more] = told(name);
    deepEqual(more, []);
    match(
      line,
      setting === undefined
        ? /^S6_\S+ is not a setting and has no effect$/
        : new RegExp(`; did you mean ${setting}\\?$`),
    );
  });
}

Deno.test("what is a setting, of another generation, or of builds and clusters is not reported", () => {
  const settings = Object.values(SETTINGS).map(({ variable }) => variable);
  const others = "S6_SIGNAL_HUP S6_SIGNAL_NOSUCH S6_STAGE2_EXITED S6_FDHOLDER_LIST S6_FD_0 S6_FD# S6_VERBOSITY " +
    "S6_CMD_RECEIVE_SIGNALS S6_OVERLAY_VERSION S6_VERSION S6_ARCH S6_OVERLAY_ARCH S6_PORT_80_TCP S6_SERVICE_HOST " +
    "S6_WEB_SERVICE_PORT S6_RELEASE PATH S6 s6_logging";
  deepEqual(told(...settings, ...others.split(" ")), []);
});

Deno.test("of many that are unknown a few are reported", () => {
  equal(told(...Array.from({ length: 1000 }, (_, at) => `S6_UNKNOWN_${at}`)).length, 10);
});
