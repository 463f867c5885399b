// s6-setsid: a program in a session or process group of its own.

import { about, OsError, textOf } from "../../lib/report.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import type { Option } from "../getopt.ts";
import { longOptions } from "../long_options.ts";

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
    d: "the descriptor of the terminal (default: the one that /dev/tty is)",
  },
  options: "sbfgiIqd:",
  long: longOptions({
    "background-process-group": "b",
    "process-group": "process-group",
    "ctty": "d",
    "foreground": "foreground",
    "foreground-process-group": "f",
    "foreground-process-group-grab": "g",
    "grab": "grab",
    "no-strict": "I",
    "quiet": "q",
    "session": "s",
    "strict": "i",
  }),
  least: 1,
  run: (context, { options, args }) => {
    const strictness = options.last("i", "I", "q") ?? "I";
    for (const step of stepsOf(context.os, kindOf(options.list), options.number("d"))) {
      try {
        step();
      } catch (error) {
        if (strictness === "i" || !(error instanceof OsError)) throw error;
        if (strictness === "I") context.warn(textOf(error));
      }
    }
    return context.image.run(args);
  },
});

interface Kind {
  readonly group: boolean;
  /** It counts for a group only. */
  readonly foreground: boolean;
}

/** What the options say, the last of those that exclude each other. Some long names say the half of what a letter says. */
function kindOf(options: readonly Option[]): Kind {
  let kind: Kind = { group: false, foreground: false };
  for (const { letter } of options) {
    if (letter === "s") kind = { group: false, foreground: false };
    else if (letter === "b") kind = { group: true, foreground: false };
    else if (letter === "f" || letter === "g") kind = { group: true, foreground: true };
    else if (letter === "process-group") kind = { ...kind, group: true };
    else if (letter === "foreground") kind = { ...kind, foreground: true };
  }
  return kind;
}

/** One may fail, and the next be done all the same. */
function stepsOf(os: Context["os"], { group, foreground }: Kind, terminal: number | undefined): (() => void)[] {
  if (!group) return [() => about("setsid", "", () => os.newSession())];
  const grouped = (): void => about("setpgid", "", () => os.setProcessGroup(0, 0));
  return foreground ? [grouped, () => bringToForeground(os, terminal)] : [grouped];
}

/** With f and g a group that is in the background takes the terminal; setForeground sees to it. */
function bringToForeground(os: Context["os"], terminal: number | undefined): void {
  const fd = terminal ?? os.open("/dev/tty", ["readwrite"]);
  try {
    about("tcsetpgrp", "", () => os.setForeground(fd));
  } finally {
    if (terminal === undefined) os.close(fd);
  }
}
