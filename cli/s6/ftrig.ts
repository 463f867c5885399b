// Waiting for events that match: s6-ftrig-wait, s6-ftrig-listen1 and s6-ftrig-listen.

import type { ByteString } from "../../lib/bytes.ts";
import { subscribe, type Subscription } from "../../lib/event/subscribe.ts";
import { Blocks } from "../../lib/execline/block.ts";
import { type Pattern, regularExpression } from "../../lib/regexp/pattern.ts";
import { about, EXIT, Failure, textOf, UsageError } from "../../lib/report.ts";
import { type Applet, type Context, fork, utility } from "../applet.ts";

export const ftrigWait: Applet = utility({
  name: "s6-ftrig-wait",
  usage: "[ -t timeout ] fifodir regexp",
  summary: "wait until the events of an event directory match",
  help: { t: "wait this many milliseconds at most" },
  exits: { 1: "the time is over" },
  options: "t:",
  least: 2,
  run: async (context, { options, args: [directory = "", pattern = ""] }) => {
    const limit = options.number("t") ?? 0;
    const last = await listen(context, [[directory, pattern]], { any: false, limit });
    if (last === undefined) throw new Failure(TIMED_OUT, `unable to match regexp on ${pattern}: Connection timed out`);
    context.print(`${last}\n`);
    return 0;
  },
});

export const ftrigListen1: Applet = fork({
  name: "s6-ftrig-listen1",
  usage: "[ -t timeout ] fifodir regexp prog...",
  summary: "listen to an event directory, run a program, wait until events match",
  help: { t: "wait this many milliseconds at most" },
  exits: { 1: "the time is over" },
  options: "t:",
  least: 3,
  run: async (context, { options, args: [directory = "", pattern = "", ...prog] }) => {
    const limit = options.number("t") ?? 0;
    const last = await listen(context, [[directory, pattern]], { any: false, limit, prog });
    if (last === undefined) throw new Failure(TIMED_OUT, NOT_IN_TIME);
    context.print(`${last}\n`);
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

/** Waits until events match. Returns the last one that was needed, or undefined if the time is over. */
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
  private events = "";
  /** The event that completed a match, once there was one. */
  last: string | undefined;

  constructor(readonly subscription: Subscription, private readonly expression: Pattern) {}

  /** Takes the events that have arrived, one by one, up to the first match. */
  take(): void {
    for (const letter of this.subscription.read()) {
      if (this.last !== undefined) return;
      this.events += letter;
      if (this.expression.test(this.events)) this.last = letter;
    }
  }
}

async function matched(
  context: Context,
  listeners: readonly Listener[],
  any: boolean,
  deadline: number | undefined,
): Promise<string | undefined> {
  const reactor = context.reactor();
  let last: string | undefined;
  for (const listener of listeners) {
    reactor.watch(listener.subscription.fd, "read", () => {
      listener.take();
      const done = listeners.filter((one) => one.last !== undefined).length;
      if (done < (any ? 1 : listeners.length)) return;
      last = listener.last;
      reactor.stop();
    });
  }
  if (deadline !== undefined) reactor.at(deadline, () => reactor.stop());
  await reactor.run();
  return last;
}

async function started(context: Context, prog: readonly ByteString[]): Promise<void> {
  try {
    await context.spawn(context.image.run(prog));
  } catch (error) {
    throw new Failure(EXIT.system, textOf(error));
  }
}
