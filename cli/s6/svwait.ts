// Waiting for services: s6-svwait, and s6-svlisten and s6-svlisten1, which set something moving once they listen.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import type { Saying } from "../../lib/image/plan.ts";
import { EXIT, Failure, textOf, UsageError } from "../../lib/report.ts";
import { reportLine } from "../../lib/reporter.ts";
import { awaitServices, type Wanted } from "../../lib/supervise/await_services.ts";
import { Expectation } from "../../lib/supervise/expectation.ts";
import { type Awaited, followEvents } from "../../lib/supervise/follow_events.ts";
import type { Goal } from "../../lib/supervise/goal.ts";
import { type Applet, type Context, fork, type SaidLater, type Sight, utility } from "../applet.ts";
import { Options } from "../getopt.ts";

/** The letters of a wait, which s6-svc -w takes too. */
export const GOALS: Readonly<Record<"u" | "U" | "d" | "D" | "r" | "R", readonly Goal[]>> = {
  u: ["up"],
  U: ["ready"],
  d: ["down"],
  D: ["finished"],
  r: ["down", "up"],
  R: ["down", "ready"],
};

export type GoalLetter = keyof typeof GOALS;

const TIMED_OUT = 99;
const GOAL_HELP = {
  u: "until it is up (default)",
  U: "until it is up and ready",
  d: "until it is down",
  D: "until it is down and its finish script has ended",
  r: "until it has been down and is up again",
  R: "until it has been down and is up and ready again",
} as const;
/** The most directories of which it is told at once that they are where they are wanted: each is looked up. */
const MOST_AT_ONCE = 32;
const WHICH = "[ -U | -u | -d | -D | -r | -R ]";

export const svwait: Applet = utility({
  name: "s6-svwait",
  usage: `${WHICH} [ -a | -o ] [ -t timeout ] servicedir...`,
  summary: "wait until services are up, ready or down",
  help: {
    ...GOAL_HELP,
    a: "wait for all of the services (default)",
    o: "wait for one of the services",
    t: "wait this many milliseconds at most (default 0, without limit)",
  },
  exits: { 1: "a service failed for good", 99: "the time is over" },
  options: "uUdDrRaot:",
  least: 1,
  reads: true,
  reply: ({ options, args }, sight) => replyToWait("s6-svwait", several(options, args), sight, SOME_FAILED),
  run: async (context, { options, args }) => {
    const awaited = await awaitServices(context, several(options, args));
    return codeOf(awaited, SOME_FAILED);
  },
});

export const svlisten: Applet = fork({
  name: "s6-svlisten",
  usage: `${WHICH} [ -a | -o ] [ -t timeout ] servicedir... "" prog...`,
  summary: "listen to services, run a program, wait until they are up, ready or down",
  help: {
    ...GOAL_HELP,
    a: "wait for all of the services (default)",
    o: "wait for one of the services",
    t: "wait this many milliseconds at most (default 0, without limit)",
  },
  exits: { 1: "a service failed for good", 99: "the time is over" },
  options: "uUdDrRaot:",
  least: 3,
  run: async (context, { options, args }) => {
    const blocks = new Blocks(args, context.image.environment, (text) => context.warn(text));
    const directories = blocks.tryTake() ?? [];
    if (directories.length === 0 || blocks.rest.length === 0) throw new UsageError();
    const awaited = await awaitServices(
      context,
      several(options, directories),
      starting(context, blocks.rest),
    );
    return codeOf(awaited, SOME_FAILED);
  },
});

export const svlisten1: Applet = fork({
  name: "s6-svlisten1",
  usage: `${WHICH} [ -t timeout ] servicedir prog...`,
  summary: "listen to a service, run a program, wait until the service is up, ready or down",
  help: { ...GOAL_HELP, t: "wait this many milliseconds at most (default 0, without limit)" },
  exits: { 1: "the service failed for good", 99: "the time is over" },
  options: "uUdDrRt:",
  least: 2,
  run: async (context, { options, args: [directory = "", ...prog] }) => {
    const awaited = await awaitServices(context, wantedBy(options, [directory]), starting(context, prog));
    return codeOf(awaited, `${directory} ${ONE_FAILED}`);
  },
});

export const ONE_FAILED = "failed permanently or its supervisor died";
export const SOME_FAILED = "some services reported permanent failure or their supervisor died";

/** The exit code of a wait. */
export function codeOf(awaited: Awaited, failureText: string): number {
  const failure = failureOf(awaited, failureText);
  if (failure !== undefined) throw failure;
  return 0;
}

function failureOf(awaited: Awaited, text: string): Failure | undefined {
  if (awaited.timedOut) return new Failure(TIMED_OUT, "timed out");
  return awaited.failures > 0 ? new Failure(awaited.failures, text) : undefined;
}

/**
 * What a program of that name says of a wait, at once or at its end; undefined where the wait takes a process of its own.
 * @param sends what sets the services moving, once they are listened to
 */
export function replyToWait(
  name: string,
  { directories, goals, any, timeout }: Wanted,
  sight: Sight,
  failureText: string,
  sends?: Saying["sends"],
): Saying | SaidLater | undefined {
  if (directories.length > MOST_AT_ONCE) return undefined;
  const reports = directories.map((directory) => sight.service(directory));
  const expectation = Expectation.of(goals, any, reports.map(({ status }) => status));
  const sending = sends === undefined ? {} : { sends };
  if (expectation.over) return { text: "", code: 0, ...sending };
  const sources = reports.flatMap(({ events }) => events ?? []);
  if (sources.length < reports.length) return undefined;
  const limit = timeout === 0 ? undefined : (over: () => void) => sight.after(timeout, over);
  const sayingOf = (failure: Failure | undefined): Saying =>
    failure === undefined
      ? { text: "", code: 0 }
      : { text: "", complaint: `${reportLine("fatal", name, failure.message)}\n`, code: failure.code };
  return {
    ...sending,
    then: (say) => followEvents(expectation, sources, limit, (ended) => say(sayingOf(failureOf(ended, failureText)))),
  };
}

function wantedBy(options: Options<"uUdDrRt:">, directories: readonly ByteString[], any = false): Wanted {
  const goals = GOALS[options.last("u", "U", "d", "D", "r", "R") ?? "u"];
  return { directories, goals, any, timeout: options.number("t") ?? 0 };
}

/** The options of s6-svwait and s6-svlisten hold those of s6-svlisten1. */
function several(options: Options<"uUdDrRaot:">, directories: readonly ByteString[]): Wanted {
  return wantedBy(new Options(options.list), directories, options.last("a", "o") === "o");
}

function starting(context: Context, prog: readonly ByteString[]): () => void {
  return () => {
    try {
      context.spawn(context.image.run(prog));
    } catch (error) {
      // Whatever was wrong with the program, the failure is that of the wait.
      throw new Failure(EXIT.system, textOf(error));
    }
  };
}
