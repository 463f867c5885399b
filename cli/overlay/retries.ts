// with-retries: a program that may have to be tried more than once. From s6-overlay v2.

import { invalid } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { exitCode } from "../../lib/wait_status.ts";
import { type Applet, fork } from "../applet.ts";
import { runWithin } from "../time_limit.ts";

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
  run: async (context, { options, args }) => {
    const attempts = options.number("n") ?? 3;
    const limit = options.number("t") ?? 500;
    if (attempts === 0) throw invalid("the number of attempts must not be 0");
    for (let attempt = 0; attempt < attempts; attempt++) {
      const status = await runWithin(context, args, limit, SIGNAL.TERM);
      if (status === 0) return 0;
      if (attempt + 1 === attempts && status !== undefined) return exitCode(status) ?? FAILED;
    }
    return FAILED;
  },
});

const FAILED = 1;
