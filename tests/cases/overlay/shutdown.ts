// halt, poweroff, reboot and shutdown. That they stop a container is tested in tests/containers/stop_test.ts.

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
]).concat([{
  name: "shutdown now outside of a container says so",
  argv: ["shutdown", "-h", "now"],
  expect: { stdout: "", code: 111, stderr: `shutdown: fatal: ${OUTSIDE}\n` },
}, {
  name: "shutdown takes no other time",
  argv: ["shutdown", "-r", "+5"],
  expect: {
    stdout: "",
    code: 100,
    stderr: "shutdown: fatal: a container is stopped now, or not at all\n",
  },
}]);
