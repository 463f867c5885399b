// Commands for supervisors and scanners: s6-svc and s6-svscanctl. Their letters go out as given, in one write; what
// they mean is for the receiver to know (lib/supervise/control.ts).

import type { ByteString } from "../../lib/bytes.ts";
import type { Saying } from "../../lib/image/plan.ts";
import { invalid, UsageError } from "../../lib/report.ts";
import { awaitServices } from "../../lib/supervise/await_services.ts";
import { sendCommands } from "../../lib/supervise/client.ts";
import { SCANNER_COMMANDS, SERVICE_COMMANDS } from "../../lib/supervise/control.ts";
import { type Applet, type Call, type Context, utility } from "../applet.ts";
import { type Option, taken } from "../getopt.ts";
import { codeOf, type GoalLetter, GOALS, ONE_FAILED } from "./svwait.ts";

const MOST_SERVICE_COMMANDS = 62;
const MOST_SCANNER_COMMANDS = 64;

export const COMMAND_HELP = {
  w: "wait until the service is u up, U ready, d down, D down and cleaned up, r restarted, R restarted and ready",
  T: "with -w, wait this many milliseconds at most (default 0, without limit)",
  a: "send ALRM",
  b: "send ABRT",
  q: "send QUIT",
  h: "send HUP",
  k: "send KILL",
  t: "send TERM",
  i: "send INT",
  1: "send USR1",
  2: "send USR2",
  p: "send STOP",
  c: "send CONT",
  y: "send WINCH",
  r: "restart it: send its down-signal",
  o: "let it run once: bring it up, do not start it again",
  O: "do not start it again when it ends",
  d: "bring it down",
  u: "bring it up, and start it again when it ends",
  D: "bring it down, and make a file down: it stays so",
  U: "bring it up, and remove the file down: it stays so",
  x: "end its supervisor when the service is down",
} as const;

// The usage line is that of 2.11.3; P, C, K and l came later.
const SERVICE_OPTIONS = "w:T:abqhkti12pcyrPCKloduDUxOQ";

export const svc: Applet = utility({
  name: "s6-svc",
  usage: "[ -wu | -wU | -wd | -wD | -wr | -wR ] [ -T timeout ] [ -abqhkti12pcyroduDUxOQ ] servicedir",
  summary: "control a supervised service",
  help: {
    ...COMMAND_HELP,
    P: "send STOP to its process group",
    C: "send CONT to its process group",
    K: "send KILL to its process group",
    l: "have it reload: send its reload-signal",
    Q: "do not start it again when it ends, and make a file down",
  },
  exits: { 1: "the service failed for good while it was waited for", 99: "the time is over" },
  options: SERVICE_OPTIONS,
  least: 1,
  reply: (call) => {
    const { directory, letters, wait, extra } = wishOf(call);
    const saysMore = wait !== undefined || extra.length > 0 || directory === "";
    return saysMore ? undefined : sending(directory, "supervise", letters);
  },
  run: async (context, call) => {
    const { directory, letters, wait, timeout, extra } = wishOf(call);
    if (extra.length > 0) context.warn("ignoring extra arguments");
    const ignored = extra.filter((word) => word.includes("/"));
    if (ignored.length > 0) {
      context.warn(`nothing is sent to ${ignored.join(", ")}: call s6-svc once for each service directory`);
    }
    if (directory === "") throw invalid("invalid service path");
    const send = (): void => sendCommands(context.os, directory, "supervise", letters);
    if (wait === undefined) {
      send();
      return 0;
    }
    const goals = GOALS[attainable(context, directory, wait)];
    const wanted = { directories: [directory], goals, any: false, timeout };
    return codeOf(
      await awaitServices(context, wanted, letters === "" ? undefined : send),
      failed(directory),
    );
  },
});

interface Wish {
  readonly directory: ByteString;
  readonly letters: ByteString;
  readonly wait: GoalLetter | undefined;
  readonly timeout: number;
  /** Words behind the directory. */
  readonly extra: readonly ByteString[];
}

function wishOf({ options, args: [directory = "", ...extra] }: Call<typeof SERVICE_OPTIONS>): Wish {
  const timeout = options.number("T") ?? 0;
  const wait = waitLetter(options.value("w"));
  const letters = lettersOf(options.list, SERVICE_COMMANDS, MOST_SERVICE_COMMANDS);
  return { directory, letters, wait, timeout, extra };
}

function sending(subject: ByteString, directory: "supervise" | ".s6-svscan", letters: ByteString): Saying {
  return { text: "", code: 0, sends: { path: `${subject}/${directory}/control`, text: letters } };
}

export const svscanctl: Applet = utility({
  name: "s6-svscanctl",
  usage: "[ -zabhitqnN ] svscandir",
  summary: "control a supervision tree",
  help: {
    z: "reap processes that have ended",
    a: "look for new services",
    b: "end at once and leave everything running",
    h: "look for new services and end those that are gone",
    i: "stop all services and end, as on INT",
    t: "stop all services and end, as on TERM",
    q: "stop all services at once and end, as on QUIT",
    n: "end services that are gone",
    N: "end services that are gone, and their loggers",
  },
  options: "zabhitqnN",
  least: 1,
  reply: ({ options, args: [directory = ""] }) => sending(directory, ".s6-svscan", scannerLetters(options.list)),
  run: ({ os }, { options, args: [directory = ""] }) => {
    sendCommands(os, directory, ".s6-svscan", scannerLetters(options.list));
    return 0;
  },
});

function scannerLetters(list: readonly Option[]): ByteString {
  return lettersOf(list, SCANNER_COMMANDS, MOST_SCANNER_COMMANDS);
}

function lettersOf(list: readonly Option[], alphabet: Readonly<Record<string, unknown>>, most: number): ByteString {
  const letters = list.map(({ letter }) => letter).filter((letter) => Object.hasOwn(alphabet, letter)).join("");
  if (letters.length > most) throw invalid("too many commands");
  return letters;
}

function waitLetter(value: ByteString | undefined): GoalLetter | undefined {
  if (value === undefined) return undefined;
  const letter = value[0] ?? "";
  if (!Object.hasOwn(GOALS, letter)) {
    throw value.includes("/") ? taken("w", value, "u, U, d, D, r or R") : new UsageError();
  }
  return letter as GoalLetter;
}

/** A service that cannot tell when it is ready is only waited for until it is up. */
function attainable(context: Context, directory: ByteString, letter: GoalLetter): GoalLetter {
  if (letter !== "U" && letter !== "R") return letter;
  const file = `${directory}/notification-fd`;
  if (context.os.find(file) !== undefined) return letter;
  context.warn(`${file} not present - ignoring request for readiness notification`);
  return letter === "U" ? "u" : "r";
}

function failed(directory: ByteString): string {
  return `${directory} ${ONE_FAILED}`;
}
