// Commands for supervisors and scanners: s6-svc and s6-svscanctl. Their letters go out as given, in one write; what
// they mean is for the receiver to know (lib/supervise/control.ts).

import type { ByteString } from "../../lib/bytes.ts";
import { invalid, UsageError } from "../../lib/report.ts";
import { awaitServices } from "../../lib/supervise/await_services.ts";
import { sendCommands } from "../../lib/supervise/client.ts";
import { SCANNER_COMMANDS, SERVICE_COMMANDS } from "../../lib/supervise/control.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import type { Option } from "../getopt.ts";
import { codeOf, type GoalLetter, GOALS, ONE_FAILED, portsOf } from "./svwait.ts";

const MOST_SERVICE_COMMANDS = 62;
const MOST_SCANNER_COMMANDS = 64;

export const svc: Applet = utility({
  name: "s6-svc",
  usage: "[ -wu | -wU | -wd | -wD | -wr | -wR ] [ -T timeout ] [ -abqhkti12pcyroduDUxOQ ] servicedir",
  summary: "control a supervised service",
  // The usage line is that of 2.11.3; P, C, K and l came later.
  options: "w:T:abqhkti12pcyrPCKloduDUxOQ",
  least: 1,
  run: async (context, { options, args: [directory = "", ...extra] }) => {
    const timeout = options.number("T") ?? 0;
    const wait = waitLetter(options.value("w"));
    const letters = lettersOf(options.list, SERVICE_COMMANDS, MOST_SERVICE_COMMANDS);
    if (extra.length > 0) context.warn("ignoring extra arguments");
    if (directory === "") throw invalid("invalid service path");
    const send = (): void => sendCommands(context.os, directory, "supervise", letters);
    if (wait === undefined) {
      send();
      return 0;
    }
    const goals = GOALS[attainable(context, directory, wait)];
    const wanted = { directories: [directory], goals, any: false, timeout };
    return codeOf(await awaitServices(portsOf(context), wanted, letters === "" ? undefined : send), failed(directory));
  },
});

export const svscanctl: Applet = utility({
  name: "s6-svscanctl",
  usage: "[ -zabhitqnN ] svscandir",
  summary: "control a supervision tree",
  options: "zabhitqnN",
  least: 1,
  run: ({ os }, { options, args: [directory = ""] }) => {
    sendCommands(os, directory, ".s6-svscan", lettersOf(options.list, SCANNER_COMMANDS, MOST_SCANNER_COMMANDS));
    return 0;
  },
});

function lettersOf(list: readonly Option[], alphabet: Readonly<Record<string, unknown>>, most: number): ByteString {
  const letters = list.map(({ letter }) => letter).filter((letter) => Object.hasOwn(alphabet, letter)).join("");
  if (letters.length > most) throw invalid("too many commands");
  return letters;
}

function waitLetter(value: ByteString | undefined): GoalLetter | undefined {
  if (value === undefined) return undefined;
  const letter = value[0] ?? "";
  if (!Object.hasOwn(GOALS, letter)) throw new UsageError();
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
