// Time, processes and the machine: s6-sleep, s6-pause, s6-nice, s6-maximumtime, s6-nuke, s6-clock, s6-sync and
// s6-uniquename. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { systemError } from "../../lib/errno.ts";
import { uniqueName } from "../../lib/random.ts";
import { about, EXIT, OsError, textOf, UsageError } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { parseStamp, stampText } from "../../lib/tai.ts";
import { exitCode } from "../../lib/wait_status.ts";
import { type Applet, fork, utility } from "../applet.ts";
import { NO_OPTIONS, unsigned } from "../getopt.ts";
import { runWithin, startOf } from "../time_limit.ts";

export const sleep: Applet = fork({
  name: "s6-sleep",
  usage: "[ -m ] duration prog...",
  summary: "wait, then run a program",
  help: { m: "the duration is in milliseconds, not seconds" },
  options: "m",
  least: 1,
  run: ({ os, image }, { options, args: [duration = "", ...prog] }) => {
    const end = os.monotonic() + unsigned(duration) * (options.has("m") ? 1 : 1000);
    // A signal that stops and continues us ends the call early.
    for (let left = end - os.monotonic(); left > 0; left = end - os.monotonic()) os.sleep(left);
    return prog.length === 0 ? 0 : image.run(prog);
  },
});

const PAUSED_THROUGH = {
  t: SIGNAL.TERM,
  h: SIGNAL.HUP,
  a: SIGNAL.ALRM,
  q: SIGNAL.QUIT,
  b: SIGNAL.ABRT,
  i: SIGNAL.INT,
} as const;

export const pause: Applet = utility({
  name: "s6-pause",
  usage: "[ -t ] [ -h ] [ -a ] [ -q ] [ -b ] [ -i ] [ -p signal,signal... ]",
  summary: "do nothing until a signal comes that is not named",
  help: {
    t: "not for TERM",
    h: "not for HUP",
    a: "not for ALRM",
    q: "not for QUIT",
    b: "not for ABRT",
    i: "not for INT",
    p: "not for signals of these numbers",
  },
  options: "thaqbip:",
  least: 0,
  run: (context, { options }) => {
    const ignored = options.list.flatMap(({ letter, value }) =>
      letter === "p" ? signalsOf(value) : [PAUSED_THROUGH[letter as keyof typeof PAUSED_THROUGH]]
    );
    const reactor = context.reactor();
    for (const signal of ignored) reactor.onSignal(signal, () => {});
    reactor.run();
    return 0;
  },
});

function signalsOf(list: ByteString): number[] {
  const words = list.split(/[, \t\n]+/).filter((word) => word !== "");
  if (words.length === 0) throw new UsageError();
  return words.map(unsigned);
}

export const nice: Applet = fork({
  name: "s6-nice",
  usage: "[ -I | -i ] [ -n value ] prog...",
  summary: "run a program with another nice value",
  help: {
    I: "warn and go on if the value cannot be set (default)",
    i: "exit if the value cannot be set",
    n: "add this to the nice value (default 10)",
  },
  options: "Iin:",
  least: 1,
  run: (context, { options, args }) => {
    const value = options.value("n") ?? "10";
    if (!/^[+-]?[0-9]{1,9}$/.test(value)) throw new UsageError();
    try {
      about("nice to", value, () => context.os.addNice(Number(value)));
    } catch (error) {
      if (options.last("I", "i") === "i" || !(error instanceof OsError)) throw error;
      context.warn(textOf(error));
    }
    return context.image.run(args);
  },
});

const LAST_WORDS: Readonly<Record<string, number>> = {
  0: 0,
  a: SIGNAL.ALRM,
  b: SIGNAL.ABRT,
  i: SIGNAL.INT,
  k: SIGNAL.KILL,
  q: SIGNAL.QUIT,
  t: SIGNAL.TERM,
  x: 24, // XCPU
  1: SIGNAL.USR1,
  2: SIGNAL.USR2,
};

export const maximumtime: Applet = fork({
  name: "s6-maximumtime",
  usage: "[ -0 | -a | -b | -i | -k | -q | -t | -x | -1 | -2 ] milliseconds prog...",
  summary: "run a program for so long at most",
  help: {
    0: "send no signal when the time is over",
    a: "send ALRM",
    b: "send ABRT",
    i: "send INT",
    k: "send KILL",
    q: "send QUIT",
    t: "send TERM (default)",
    x: "send XCPU",
    1: "send USR1",
    2: "send USR2",
  },
  exits: { 99: "the time is over" },
  options: "0abikqtx12",
  least: 2,
  run: (context, { options, args: [limit = "", ...prog] }) => {
    const signal = LAST_WORDS[options.list.at(-1)?.letter ?? "t"]!;
    const status = runWithin(context, startOf(context, prog), unsigned(limit), signal);
    if (status === undefined) {
      context.warn("unable to wait for child process: Connection timed out");
      return TIMED_OUT;
    }
    const code = exitCode(status);
    if (code === undefined) context.warn("child process crashed");
    return code ?? EXIT.system;
  },
});

const TIMED_OUT = 99;

export const nuke: Applet = utility({
  name: "s6-nuke",
  usage: "[ -h | -t | -k ]",
  summary: "send a signal to every process",
  help: { h: "send SIGHUP", t: "send SIGTERM and SIGCONT", k: "send SIGKILL" },
  options: "htk",
  least: 0,
  run: ({ os }, { options }) => {
    const signals = [
      ...options.has("h") ? [SIGNAL.HUP] : [],
      ...options.has("t") ? [SIGNAL.TERM, SIGNAL.CONT] : [],
      ...options.has("k") ? [SIGNAL.KILL] : [],
    ];
    // Linux spares the sender and process 1.
    const reached = signals.map((signal) => os.kill(-1, signal));
    if (reached.includes(false)) throw systemError("kill", "", "ESRCH");
    return 0;
  },
});

export const clock: Applet = utility({
  name: "s6-clock",
  usage: "[ tai64nlabel ]",
  summary: "print or set the system's clock",
  notes: ["Without a label it prints the time as one, with a label it sets the clock."],
  options: NO_OPTIONS,
  least: 0,
  run: (context, { args: [stamp] }) => {
    if (stamp === undefined) {
      context.print(`${stampText(context.os.now())}\n`);
      return 0;
    }
    const instant = parseStamp(stamp);
    if (instant === undefined) throw new UsageError();
    context.os.setTime(instant);
    return 0;
  },
});

export const sync: Applet = utility({
  name: "s6-sync",
  usage: "",
  summary: "write everything to the disks",
  options: NO_OPTIONS,
  least: 0,
  run: ({ os }) => {
    os.sync();
    return 0;
  },
});

export const uniquename: Applet = utility({
  name: "s6-uniquename",
  usage: "[ -n randomlen ] prefix",
  summary: "print a name that nothing else has",
  help: { n: "end the name with this many random characters (default 8)" },
  options: "n:",
  least: 1,
  run: (context, { options, args: [prefix = ""] }) => {
    context.print(`${uniqueName(context.os, prefix, options.number("n"))}\n`);
    return 0;
  },
});
