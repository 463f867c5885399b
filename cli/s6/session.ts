// s6-setsid: a program in a session or process group of its own.

import { about, OsError, textOf } from "../../lib/report.ts";
import { type Applet, type Context, fork } from "../applet.ts";

export const setsid: Applet = fork({
  name: "s6-setsid",
  usage: "[ -s | -b | -f | -g ] [ -i | -I | -q ] [ -d ctty ] prog...",
  summary: "run a program in a new session or process group",
  help: {
    s: "in a new session (default)",
    b: "in a new process group in the background",
    f: "in a new process group in the foreground of the terminal",
    g: "the same",
    i: "exit if that cannot be done",
    I: "warn and go on if that cannot be done (default)",
    q: "go on silently if that cannot be done",
    d: "the descriptor of the terminal (default 0)",
  },
  options: "sbfgiIqd:",
  least: 1,
  run: (context, { options, args }) => {
    const kind = options.last("s", "b", "f", "g") ?? "s";
    const terminal = options.number("d") ?? 0;
    const strictness = options.last("i", "I", "q") ?? "I";
    try {
      separate(context, kind, terminal);
    } catch (error) {
      if (strictness === "i" || !(error instanceof OsError)) throw error;
      if (strictness === "I") context.warn(textOf(error));
    }
    return context.image.run(args);
  },
});

function separate({ os }: Context, kind: "s" | "b" | "f" | "g", terminal: number): void {
  if (kind === "s") return about("setsid", "", () => os.newSession());
  about("setpgid", "", () => os.setProcessGroup(0, 0));
  // With both letters a group that is in the background takes the terminal; setForeground sees to it.
  if (kind !== "b") about("tcsetpgrp", "", () => os.setForeground(terminal));
}
