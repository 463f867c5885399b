// wait and trap: what children and signals do, while a program waits or runs. After execline 2.9; trap also has the
// "timeout" that it lost in 2.7.

import type { ByteString } from "../../lib/bytes.ts";
import type { Blocks } from "../../lib/execline/block.ts";
import type { Cancel, Death, Reactor } from "../../lib/os/os.ts";
import { passableSignals } from "../../lib/passable_signals.ts";
import { EXIT, invalid, UsageError } from "../../lib/report.ts";
import { SIGNAL, signalName, signalNumber } from "../../lib/signals.ts";
import { passedOnCode, type WaitStatus } from "../../lib/wait_status.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import { unsigned } from "../getopt.ts";
import { longOptions } from "../long_options.ts";
import { blocksOf, goOn, startBlock } from "./child.ts";

const TIMED_OUT = 99;

export const wait: Applet = fork({
  name: "wait",
  usage: "[ -I | -i ] [ -a | -o ] [ -r | -t timeout ] { pids... } [ prog... ]",
  summary: "wait for children, then run a program",
  help: {
    I: "go on when the time is over (default)",
    i: "exit when the time is over",
    a: "wait for all of them (default)",
    o: "wait for one of them",
    r: "do not wait, only take what has ended",
    t: "wait this many milliseconds at most",
  },
  exits: { 99: "the time is over" },
  options: "Iiaort:",
  long: longOptions({ "all": "a", "insist": "i", "no-insist": "I", "one": "o", "reap": "r", "timeout": "t" }),
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

/** Waits for these children, for all children if none is named, or only for the first of them to die. */
function deathsOf(
  context: Context,
  pids: readonly number[],
  limit: number | undefined,
  one: boolean,
): Deaths {
  const { os } = context;
  const deaths: Death[] = [];
  const wanted = new Set(pids.length === 0 ? [-1] : pids);
  /** Reaps dead children; true if there is none left to wait for. */
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

type Event = number | "default" | "timeout";
type Handlers = ReadonlyMap<Event, readonly ByteString[]>;

export const trap: Applet = fork({
  name: "trap",
  usage: "[ -x ] [ -t timeout ] { signal { cmdline } ... } prog...",
  summary: "run a program, and commands when signals arrive",
  help: {
    x: "pass signals without a command on to the program",
    t: 'with a command for "timeout", run it each time this many milliseconds have passed',
  },
  options: "xt:",
  least: 0,
  run: (context, { options, args }) => {
    const blocks = blocksOf(context, args);
    const handlers = handlersOf(blocks);
    if (blocks.rest.length === 0) throw new UsageError();
    const silence = handlers.has("timeout") ? options.number("t") ?? 0 : 0;
    return new Guard(context, handlers, { forwards: options.has("x"), silence }).run(blocks.rest);
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
  /** Milliseconds without a signal after which the command of "timeout" runs, each time; 0 for never. */
  readonly silence: number;
}

/** A program, and the handlers of the signals that arrive while it runs. */
class Guard {
  // Made before the child is there, so that neither its death nor a signal is missed.
  private readonly reactor: Reactor;
  private readonly running = new Map<Event, number>(); // to pid
  private child = 0;
  private status: WaitStatus = 0;
  private failure: unknown;
  private cancelSilence: Cancel = () => {};

  constructor(
    private readonly context: Context,
    private readonly handlers: Handlers,
    private readonly watching: Watching,
  ) {
    this.reactor = context.reactor();
  }

  /** Runs the program to its end and returns the exit code for it. */
  run(prog: readonly ByteString[]): number {
    this.listen();
    this.child = startBlock(this.context, this.context.image.run(prog));
    this.awaitSilence();
    // Even if the child is dead by now: a signal it sent before comes first.
    this.reactor.run();
    if (this.failure !== undefined) throw this.failure;
    return passedOnCode(this.status);
  }

  private listen(): void {
    this.reactor.onSignal(SIGNAL.CHLD, () => this.reap());
    const others = this.watching.forwards || this.handlers.has("default") ? passableSignals() : [];
    const own = [...this.handlers.keys()].filter((event) => typeof event === "number");
    for (const signal of new Set([...own, ...others])) this.reactor.onSignal(signal, (arrived) => this.arrive(arrived));
  }

  private reap(): void {
    const { os } = this.context;
    for (let death = os.reap(); death !== undefined; death = os.reap()) {
      for (const [signal, pid] of this.running) if (pid === death.pid) this.running.delete(signal);
      if (death.pid !== this.child) continue;
      this.status = death.status;
      this.reactor.stop();
    }
  }

  private arrive(signal: number): void {
    this.awaitSilence();
    const command = this.handlers.get(signal) ?? this.handlers.get("default");
    if (command === undefined) this.context.os.kill(this.child, signal);
    else this.handle(signal, command, signal);
  }

  private awaitSilence(): void {
    this.cancelSilence();
    if (this.watching.silence === 0) return;
    this.cancelSilence = this.reactor.after(this.watching.silence, () => {
      this.handle("timeout", this.handlers.get("timeout")!);
      this.awaitSilence();
    });
  }

  private handle(event: Event, command: readonly ByteString[], signal?: number): void {
    if (command.length === 0 || this.running.has(event)) return;
    const { image } = this.context;
    const told = image.withVariables([["!", String(this.child)], ["SIGNAL", signal?.toString()]]);
    try {
      this.running.set(event, startBlock(this.context, told.run(command)));
    } catch (error) {
      this.failure = error;
      this.reactor.stop();
    }
  }
}
