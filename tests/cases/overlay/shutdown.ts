// halt, poweroff and reboot. That they stop a container is tested in tests/containers/stop_test.ts.

import type { Case } from "../../rows/harness.ts";

const OUTSIDE = "unable to control /var/run/s6/services: No such file or directory";

export const cases: readonly Case[] = ["halt", "poweroff", "reboot"].flatMap((program): Case[] => [
  {
    name: `${program} outside of a container says so`,
    argv: [program],
    expect: { stdout: "", code: 111, stderr: `${program}: fatal: ${OUTSIDE}\n` },
  },
  {
    name: `${program} takes no options`,
    argv: [program, "-f"],
    expect: { stdout: "", code: 100 },
  },
]);
