// Commands for supervisors and scanners: s6-svc and s6-svscanctl. Their letters go out as given, in one write; what
// they mean is for the receiver to know (lib/supervise/control.ts).

import type { ByteString } from "../../lib/bytes.ts";
import type { Saying } from "../../lib/image/plan.ts";
import { exitCodeOf, invalid, textOf, UsageError } from "../../lib/report.ts";
import { signalNumber } from "../../lib/signals.ts";
import { awaitServices } from "../../lib/supervise/await_services.ts";
import { sendCommands } from "../../lib/supervise/client.ts";
import { SCANNER_COMMANDS, SERVICE_COMMANDS } from "../../lib/supervise/control.ts";
import { type Applet, type Call, type Context, utility } from "../applet.ts";
import { type Option, taken } from "../getopt.ts";
import { codeOf, type GoalLetter, GOALS, ONE_FAILED, replyToWait, SOME_FAILED } from "./svwait.ts";
import { NOTIFICATION_FILE, tellsReadiness } from "../../lib/supervise/readiness_files.ts";

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

const SERVICE_OPTIONS = "w:T:s:abqhkti12pcyrlPCKoduDUxOQ";

export const svc: Applet = utility({
  name: "s6-svc",
  usage: "[ -wu | -wU | -wd | -wD | -wr | -wR ] [ -T timeout ] [ -s signal | -abqhkti12pcyrlPCK ] [ -oduDUxOQ ] " +
    "servicedirs...",
  summary: "control supervised services",
  help: {
    ...COMMAND_HELP,
    s: "send this signal, by its name or number, if it is one of those that have a letter",
    P: "send STOP to its process group",
    C: "send CONT to its process group",
    K: "send KILL to its process group",
    l: "have it reload: send its reload-signal",
    Q: "do not start it again when it ends, and make a file down",
  },
  exits: {
    1: "a service failed for good while it was waited for",
    99: "the time is over",
    102: "a directory is not that of a supervised service",
  },
  options: SERVICE_OPTIONS,
  least: 1,
  reads: true,
  reply: (call, sight) => {
    const { directories, letters, wait, timeout } = wishOf(call);
    const [directory = "", ...others] = directories;
    if (others.length > 0) return undefined;
    const said = sending(directory, "supervise", letters);
    if (wait === undefined) return said;
    // It says so itself.
    if (!isAttainable(directory, wait, (file) => sight.find(file) !== undefined)) return undefined;
    const wanted = { directories, goals: GOALS[wait], any: false, timeout };
    return replyToWait("s6-svc", wanted, sight, `${directory} ${ONE_FAILED}`, letters === "" ? undefined : said.sends);
  },
  run: async (context, call) => {
    const { directories, letters, wait, timeout } = wishOf(call);
    if (wait === undefined) {
      const refused = refusals(context, directories, letters);
      for (const error of refused) context.warn(textOf(error));
      return refused.length === 0 ? 0 : exitCodeOf(refused.at(-1));
    }
    const attained = directories.map((directory) => attainable(context, directory, wait));
    // One that cannot tell when it is ready makes it a wait for all to be up, as in s6.
    const goals = GOALS[attained.find((letter) => letter !== wait) ?? wait];
    const send = (): void => {
      // What is not sent would be waited for in vain.
      for (const error of refusals(context, directories, letters)) throw error;
    };
    const wanted = { directories, goals, any: false, timeout };
    const awaited = await awaitServices(context, wanted, letters === "" ? undefined : send);
    return codeOf(awaited, directories.length === 1 ? `${directories[0]} ${ONE_FAILED}` : SOME_FAILED);
  },
});

/** Sends to all of them. @returns for each where nothing can be sent why not */
function refusals({ os }: Context, directories: readonly ByteString[], letters: ByteString): unknown[] {
  return directories.flatMap((directory) => {
    try {
      sendCommands(os, directory, "supervise", letters);
      return [];
    } catch (error) {
      return [error];
    }
  });
}

interface Wish {
  readonly directories: readonly ByteString[];
  readonly letters: ByteString;
  readonly wait: GoalLetter | undefined;
  readonly timeout: number;
}

function wishOf({ options, args: directories }: Call<typeof SERVICE_OPTIONS>): Wish {
  const timeout = options.number("T") ?? 0;
  const wait = waitLetter(options.value("w"));
  const letters = lettersOf(options.list.map(asLetter), SERVICE_COMMANDS, MOST_SERVICE_COMMANDS);
  if (directories.includes("")) throw invalid("invalid service path");
  return { directories, letters, wait, timeout };
}

/** An option as the letter that it sends. */
function asLetter(option: Option): Option {
  if (option.letter !== "s") return option;
  const word = option.value;
  const number = signalNumber(word);
  if (number === undefined && !/^[0-9]+$/.test(word)) throw invalid(`invalid signal: ${word}`);
  const letter = Object.keys(SERVICE_COMMANDS).find((letter) => {
    const command = SERVICE_COMMANDS[letter]!;
    return command.on === "signal" && command.group === undefined && command.signal === number;
  });
  if (letter === undefined) throw invalid(`${word} is not in the list of user-available signals`);
  return { ...option, letter };
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
  if (isAttainable(directory, letter, (file) => context.os.find(file) !== undefined)) return letter;
  context.warn(`${directory}/${NOTIFICATION_FILE} not present - ignoring request for readiness notification`);
  return letter === "U" ? "u" : "r";
}

function isAttainable(directory: ByteString, letter: GoalLetter, isThere: (file: ByteString) => boolean): boolean {
  return letter !== "U" && letter !== "R" || tellsReadiness((file) => isThere(`${directory}/${file}`));
}
