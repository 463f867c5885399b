// s6-rc-dryrun: prints a command instead of running it, and takes its time.

import { type Applet, utility } from "../applet.ts";

export const dryrun: Applet = utility({
  name: "s6-rc-dryrun",
  usage: "[ -v verbosity ] [ -t timeout ] args...",
  summary: "print a command line instead of running it",
  help: {
    v: "0 prints nothing (default 1)",
    t: "wait this many milliseconds then (default 1000)",
  },
  options: "v:t:",
  least: 1,
  run: (context, { options, args }) => {
    const verbosity = options.number("v") ?? 1;
    const milliseconds = options.number("t") ?? 1000;
    if (verbosity > 0) context.print(`${context.name}: ${args.join(" ")}\n`);
    context.os.sleep(milliseconds);
    return 0;
  },
});
