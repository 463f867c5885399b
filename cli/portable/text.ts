// Small programs that print: s6-echo, s6-true and s6-false. From s6-portable-utils.

import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

export const echo: Applet = utility({
  name: "s6-echo",
  usage: "[ -n ] [ -s sep ] args...",
  summary: "print the arguments",
  options: "ns:",
  least: 0,
  inProcess: true,
  run: (context, { options, args }) => {
    // An empty separator is its terminating NUL in C, and scripts may count on what comes out of that.
    const separator = options.has("s") ? options.value("s")![0] ?? "\0" : " ";
    context.print(args.join(separator) + (options.has("n") ? "" : "\n"));
    return 0;
  },
});

export const succeed: Applet = utility({
  name: "s6-true",
  usage: "",
  summary: "do nothing, successfully",
  options: NO_OPTIONS,
  least: 0,
  inProcess: true,
  run: () => 0,
});

export const fail: Applet = utility({
  name: "s6-false",
  usage: "",
  summary: "do nothing, unsuccessfully",
  options: NO_OPTIONS,
  least: 0,
  inProcess: true,
  run: () => 1,
});
