// Waiting for events that match: s6-ftrig-wait, s6-ftrig-listen1 and s6-ftrig-listen.

import type { ByteString } from "../../lib/bytes.ts";
import { subscribe, type Subscription } from "../../lib/event/subscribe.ts";
import { Blocks } from "../../lib/execline/block.ts";
import { type Pattern, regularExpression } from "../../lib/regexp/pattern.ts";
import { about, EXIT, Failure, textOf, UsageError } from "../../lib/report.ts";
import { type Applet, type Context, fork, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";

const HEARD =
  "It prints the events that it has heard, up to those that came together with the one that makes them match.";

export const ftrigWait: Applet = utility({
  name: "s6-ftrig-wait",
  usage: "[ -t timeout ] fifodir regexp",
  summary: "wait until the events of an event directory match",
  help: { t: "wait this many milliseconds at most" },
  exits: { 99: "the time is over" },
  notes: [HEARD],
  options: "t:",
  long: longOptions({ timeout: "t" }),
  least: 2,
  run: async (context, { options, args: [directory = "", pattern = ""] }) => {
    const limit = options.number("t") ?? 0;
    const events = await listen(context, [[directory, pattern]], { any: false, limit });
    if (events === undefined) {
      throw new Failure(NOT_MATCHED, `unable to match regexp on ${pattern}: Connection timed out`);
    }
    context.print(`${events}\n`);
    return 0;
  },
});

export const ftrigListen1: Applet = fork({
  name: "s6-ftrig-listen1",
  usage: "[ -t timeout ] fifodir regexp prog...",
  summary: "listen to an event directory, run a program, wait until events match",
  help: { t: "wait this many milliseconds at most" },
  exits: { 1: "the time is over" },
  notes: [HEARD],
  options: "t:",
  long: longOptions({ timeout: "t" }),
  least: 3,
  run: async (context, { options, args: [directory = "", pattern = "", ...prog] }) => {
    const limit = options.number("t") ?? 0;
    const events = await listen(context, [[directory, pattern]], { any: false, limit, prog });
    if (events === undefined) throw new Failure(TIMED_OUT, NOT_IN_TIME);
    context.print(`${events}\n`);
    return 0;
  },
});

export const ftrigListen: Applet = fork({
  name: "s6-ftrig-listen",
  usage: '[ -a | -o ] [ -t timeout ] fifodir1 regexp1 ... "" prog...',
  summary: "listen to event directories, run a program, wait until events match",
  help: {
    a: "wait until all of them match (default)",
    o: "wait until one of them matches",
    t: "wait this many milliseconds at most",
  },
  exits: { 1: "the time is over" },
  options: "aot:",
  long: longOptions({ and: "a", or: "o", timeout: "t" }),
  least: 4,
  run: async (context, { options, args }) => {
    const blocks = new Blocks(args, context.image.environment, (text) => context.warn(text));
    const words = blocks.tryTake() ?? [];
    if (words.length === 0 || words.length % 2 !== 0 || blocks.rest.length === 0) throw new UsageError();
    const wanted = Array.from({ length: words.length / 2 }, (_, at): Wanted => [words[2 * at]!, words[2 * at + 1]!]);
    const how = { any: options.last("a", "o") === "o", limit: options.number("t") ?? 0, prog: blocks.rest };
    if (await listen(context, wanted, how) === undefined) throw new Failure(TIMED_OUT, NOT_IN_TIME);
    return 0;
  },
});

/** What s6 2.15 exits with where it is s6-ftrig-wait; the others go on with 1. */
const NOT_MATCHED = 99;
const TIMED_OUT = 1;
const NOT_IN_TIME = "unable to get expected event: Connection timed out";

/** An event directory and the expression that its events must match. */
type Wanted = readonly [directory: ByteString, pattern: ByteString];

interface How {
  /** One match is enough. */
  readonly any: boolean;
  /** Milliseconds; 0 is without limit. */
  readonly limit: number;
  /** Started once we listen. */
  readonly prog?: readonly ByteString[];
}

/** Waits until events match. Returns those heard where the last match was, or undefined if the time is over. */
async function listen(context: Context, wanted: readonly Wanted[], how: How): Promise<string | undefined> {
  const { os } = context;
  const deadline = how.limit === 0 ? undefined : os.monotonic() + how.limit;
  const listeners: Listener[] = [];
  try {
    for (const [directory, pattern] of wanted) {
      about("subscribe to", `${directory} with regexp ${pattern}`, () => {
        const expression = compiled(directory, pattern);
        listeners.push(new Listener(subscribe(os, directory), expression));
      });
    }
    if (how.prog !== undefined) await started(context, how.prog);
    return await matched(context, listeners, how.any, deadline);
  } finally {
    for (const { subscription } of listeners) subscription.close();
  }
}

function compiled(directory: ByteString, pattern: ByteString): Pattern {
  try {
    return regularExpression(pattern, { extended: true, ignoreCase: false });
  } catch (error) {
    throw new Failure(EXIT.system, `unable to subscribe to ${directory}: ${textOf(error)}`);
  }
}

class Listener {
  events = "";
  matched = false;

  constructor(readonly subscription: Subscription, private readonly expression: Pattern) {}

  /** Takes the events that have arrived. They are looked at one by one, so that an anchor finds each of them at the end. */
  take(): void {
    const arrived = this.subscription.read();
    if (this.matched) return;
    for (let end = 1; end <= arrived.length && !this.matched; end++) {
      this.matched = this.expression.test(this.events + arrived.slice(0, end));
    }
    this.events += arrived;
  }
}

async function matched(
  context: Context,
  listeners: readonly Listener[],
  any: boolean,
  deadline: number | undefined,
): Promise<string | undefined> {
  const reactor = context.reactor();
  let events: string | undefined;
  for (const listener of listeners) {
    reactor.watch(listener.subscription.fd, "read", () => {
      listener.take();
      const done = listeners.filter((one) => one.matched).length;
      if (done < (any ? 1 : listeners.length)) return;
      events = listener.events;
      reactor.stop();
    });
  }
  if (deadline !== undefined) reactor.at(deadline, () => reactor.stop());
  await reactor.run();
  return events;
}

async function started(context: Context, prog: readonly ByteString[]): Promise<void> {
  try {
    await context.spawn(context.image.run(prog));
  } catch (error) {
    throw new Failure(EXIT.system, textOf(error));
  }
}
