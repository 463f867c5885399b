// with-retries: a program that may have to be tried more than once. From s6-overlay v2.

import { invalid } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { exitCode } from "../../lib/wait_status.ts";
import { type Applet, fork } from "../applet.ts";
import { runWithin, startOf } from "../time_limit.ts";

/** The time of the last attempt was over, or a signal has killed it. */
const FAILED = 1;

export const withRetries: Applet = fork({
  name: "with-retries",
  usage: "[ -n attempts ] [ -t milliseconds ] prog...",
  summary: "run a program until it succeeds, a few times at most",
  help: {
    n: "try so often at most (default 3)",
    t: "end an attempt after this many milliseconds (default 500)",
  },
  options: "n:t:",
  least: 1,
  run: (context, { options, args }) => {
    const attempts = options.number("n") ?? 3;
    const limit = options.number("t") ?? 500;
    if (attempts === 0) throw invalid("the number of attempts must not be 0");
    for (let attempt = 0; attempt < attempts; attempt++) {
      const status = runWithin(context, startOf(context, args), limit, SIGNAL.TERM);
      if (status === 0) return 0;
      if (attempt + 1 === attempts && status !== undefined) return exitCode(status) ?? FAILED;
    }
    return FAILED;
  },
});
