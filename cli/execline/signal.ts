// wait and trap: what children and signals do, while a program waits or runs. After execline 2.9; trap also has the
// "timeout" that it lost in 2.7.

import type { ByteString } from "../../lib/bytes.ts";
import type { Blocks } from "../../lib/execline/block.ts";
import type { Death } from "../../lib/os/os.ts";
import { EXIT, invalid, UsageError } from "../../lib/report.ts";
import { SIGNAL, signalName, signalNumber } from "../../lib/signals.ts";
import { passedOnCode, type WaitStatus } from "../../lib/wait_status.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import { unsigned } from "../getopt.ts";
import { blocksOf, goOn, startBlock } from "./child.ts";

const TIMED_OUT = 99;

export const wait: Applet = fork({
  name: "wait",
  usage: "[ -I | -i ] [ -a | -o ] [ -r | -t timeout ] { pids... } [ prog... ]",
  summary: "wait for children, then run a program",
  options: "Iiaort:",
  least: 0,
  run: (context, { options, args }) => {
    const blocks = blocksOf(context, args);
    const block = blocks.tryTake();
    const pids = (block ?? args).map(unsigned);
    const limit = options.last("r", "t") === "r" ? 0 : options.number("t");
    const one = options.last("o", "a") === "o";
    const { deaths, left } = deathsOf(context, pids, limit, one);
    if (left && options.last("i", "I") === "i") throw invalid("unable to wait: Connection timed out", TIMED_OUT);
    const last = one ? deaths[0] : deaths.findLast(({ pid }) => pid === pids.at(-1));
    if (block === undefined) {
      return pids.length === 0 ? 0 : last === undefined ? EXIT.notFound : passedOnCode(last.status);
    }
    if (!one) return goOn(context.image, blocks.rest);
    const found = last && { pid: String(last.pid), code: String(passedOnCode(last.status)) };
    return goOn(context.image.withVariables([["!", found?.pid], ["?", found?.code]]), blocks.rest);
  },
});

interface Deaths {
  readonly deaths: readonly Death[];
  /** The time was over before all, or with `one` any, of them were dead. */
  readonly left: boolean;
}

/** Waits for these children, for all of ours if none is named, or only for the first of them to die. */
function deathsOf(
  context: Context,
  pids: readonly number[],
  limit: number | undefined,
  one: boolean,
): Deaths {
  const { os } = context;
  const deaths: Death[] = [];
  const wanted = new Set(pids.length === 0 ? [-1] : pids);
  /** Takes in who is dead; true if there is nobody left to wait for. */
  const look = (): boolean => {
    for (const pid of wanted) {
      for (let death = os.reap(pid); death !== undefined; death = os.reap(pid)) {
        deaths.push(death);
        if (one) return true;
      }
      if (!os.hasChild(pid)) wanted.delete(pid);
    }
    return wanted.size === 0;
  };
  if (limit === 0) return { left: !look(), deaths };
  const reactor = context.reactor();
  let done = false;
  const cancels = [reactor.onSignal(SIGNAL.CHLD, () => {
    done = look();
    if (done) reactor.stop();
  })];
  done = look();
  if (!done) {
    if (limit !== undefined) cancels.push(reactor.after(limit, () => reactor.stop()));
    reactor.run();
  }
  for (const cancel of cancels) cancel();
  return { left: !done, deaths };
}

/** Signals that cannot, or must not, be trapped: the faults, and two that the C library uses itself. */
const UNTRAPPABLE: ReadonlySet<number> = new Set([4, 5, 7, 8, SIGNAL.KILL, 11, SIGNAL.CHLD, SIGNAL.STOP, 32, 33]);
const LAST_SIGNAL = 64;

type Event = number | "default" | "timeout";
type Handlers = ReadonlyMap<Event, readonly ByteString[]>;

export const trap: Applet = fork({
  name: "trap",
  usage: "[ -x ] [ -t timeout ] { signal { cmdline } ... } prog...",
  summary: "run a program, and commands when signals arrive",
  options: "xt:",
  least: 0,
  run: (context, { options, args }) => {
    const blocks = blocksOf(context, args);
    const handlers = handlersOf(blocks);
    if (blocks.rest.length === 0) throw new UsageError();
    const silence = handlers.has("timeout") ? options.number("t") ?? 0 : 0;
    return guard(context, handlers, blocks.rest, { forwards: options.has("x"), silence });
  },
});

/** The commands by signal. */
function handlersOf(blocks: Blocks): Handlers {
  const block = blocks.take();
  if (block.length === 0) throw invalid("empty block");
  const handlers = new Map<Event, readonly ByteString[]>();
  for (let words: readonly ByteString[] = block; words.length > 0;) {
    const [name = "", ...rest] = words;
    const key = name === "default" || name === "timeout" ? name : signalNumber(name);
    if (key === undefined) throw invalid(`unrecognized directive: ${name}`);
    if (key === SIGNAL.KILL || key === SIGNAL.STOP || key === SIGNAL.CHLD) {
      throw invalid(`${signalName(key)} (${key}) cannot be trapped`);
    }
    if (handlers.has(key)) throw invalid(`duplicate directive: ${name}`);
    const inner = blocks.within(rest);
    const command = inner.tryTake();
    if (command === undefined) throw invalid(`unterminated internal block for directive ${name}`);
    handlers.set(key, command);
    words = inner.rest;
  }
  return handlers;
}

interface Watching {
  readonly forwards: boolean;
  /** After so many milliseconds without a signal the command of "timeout" runs, again and again; 0 for never. */
  readonly silence: number;
}

/** Runs the program to its end, and the handlers of the signals that arrive meanwhile. */
function guard(
  context: Context,
  handlers: Handlers,
  prog: readonly ByteString[],
  { forwards, silence }: Watching,
): number {
  const { os, image } = context;
  // Before the child is there, so that neither its death nor a signal is missed.
  const reactor = context.reactor();
  const running = new Map<Event, number>(); // to pid
  let child = 0;
  let status: WaitStatus = 0;
  let failure: unknown;
  const look = (): void => {
    for (let death = os.reap(); death !== undefined; death = os.reap()) {
      for (const [signal, pid] of running) if (pid === death.pid) running.delete(signal);
      if (death.pid !== child) continue;
      status = death.status;
      reactor.stop();
    }
  };
  const handle = (event: Event, command: readonly ByteString[], signal?: number): void => {
    if (command.length === 0 || running.has(event)) return;
    const handler = image.withVariables([["!", String(child)], ["SIGNAL", signal?.toString()]]).run(command);
    try {
      running.set(event, startBlock(context, handler));
    } catch (error) {
      failure = error;
      reactor.stop();
    }
  };
  let cancel = (): void => {};
  const listen = (): void => {
    cancel();
    if (silence === 0) return;
    cancel = reactor.after(silence, () => {
      handle("timeout", handlers.get("timeout")!);
      listen();
    });
  };
  const arrive = (signal: number): void => {
    listen();
    const command = handlers.get(signal) ?? handlers.get("default");
    if (command === undefined) os.kill(child, signal);
    else handle(signal, command, signal);
  };
  reactor.onSignal(SIGNAL.CHLD, look);
  for (let signal = 1; signal <= LAST_SIGNAL; signal++) {
    const caught = handlers.has(signal) || ((forwards || handlers.has("default")) && !UNTRAPPABLE.has(signal));
    if (caught) reactor.onSignal(signal, arrive);
  }
  child = startBlock(context, image.run(prog));
  listen();
  // Even if the child is dead by now: a signal it sent before comes first.
  reactor.run();
  if (failure !== undefined) throw failure;
  return passedOnCode(status);
}
