// Rows for cli/s6/fghack.ts.

import type { Case } from "../../rows/harness.ts";

function fghack(name: string, script: string): Case {
  return { name, argv: ["s6-fghack", "sh", "-c", script] };
}

export const cases: readonly Case[] = [
  fghack("s6-fghack ends with the program's exit code", "exit 3"),
  fghack("s6-fghack waits for what goes to the background", "{ sleep 0.2; echo late; } & exit 5"),
  fghack("s6-fghack of a program that is killed", "kill -9 $$"),
  fghack(
    "s6-fghack of a program that writes to the pipe",
    "for n in /proc/$$/fd/??; do echo x >$n; done 2>/dev/null; exit 0",
  ),
  { name: "s6-fghack of a missing program", argv: ["s6-fghack", "no-such-program"] },
  { name: "s6-fghack knows no options", argv: ["s6-fghack", "-x", "true"] },
  { name: "s6-fghack without a program", argv: ["s6-fghack"], stderr: true },
];
