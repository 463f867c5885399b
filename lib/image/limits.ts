// What becomes of the limits of a resource when a program asks for others. After s6-softlimit.

import type { Limits } from "../os/operands.ts";
import type { Step } from "../os/step.ts";

/** The value of no limit. */
const UNLIMITED = 2n ** 64n - 1n;

/** The limits after the step. */
export function limitsAfter({ soft, hard }: Limits, { which, value }: Extract<Step, { do: "limit" }>): Limits {
  const most = which === "soft" ? hard : UNLIMITED;
  const limit = value === "most" || value > most ? most : value;
  return { soft: which === "hard" ? soft : limit, hard: which === "soft" ? hard : limit };
}
