// forx and loopwhilex: a command runs again and again. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { NeedsProcess } from "../../lib/image/search.ts";
import { exitCodeOf, invalid, textOf, UsageError } from "../../lib/report.ts";
import { passedOnCode, type WaitStatus } from "../../lib/wait_status.ts";
import { type Applet, type Context, type Course, coursing, fork } from "../applet.ts";
import { runBlock, startBlock } from "./child.ts";
import { checkName, passValue } from "./environment.ts";

/** True for an exit code that does not end a loop. */
export type LoopCondition = (code: number) => boolean;

interface CodeOptions {
  last(...letters: readonly ("o" | "x")[]): "o" | "x" | undefined;
  value(letter: "o" | "x"): ByteString | undefined;
}

/** The codes that -o calls good or -x calls bad; undefined without either. */
export function verdictOf(options: CodeOptions): LoopCondition | undefined {
  const letter = options.last("o", "x");
  if (letter === undefined) return undefined;
  const list = options.value(letter)!;
  // Whatever stands between two numbers separates them.
  if (!/^[0-9]/.test(list)) throw new UsageError();
  const codes = list.match(/[0-9]+/g)!.map(Number);
  return (code) => codes.includes(code) === (letter === "o");
}

/** How the iterations of a for loop are run and what their codes mean. */
export interface Iterations {
  /** What each begins as. */
  readonly image: ProcessImage;
  readonly good: LoopCondition | undefined;
  /** How many may run at once; undefined for one after another, each ending the loop if it is bad. */
  readonly parallel: number | undefined;
  readonly byImport: boolean;
  /** A body that cannot be executed ends the loop; else it counts as one that ended with the code of the failure. */
  readonly mustExecute: boolean;
}

export interface LoopOptions extends CodeOptions {
  has(letter: "p"): boolean;
  number(letter: "P"): number | undefined;
  last<L extends "E" | "e" | "o" | "x">(...letters: readonly L[]): L | undefined;
}

/** What the options of a for loop say. */
export function iterationsOf(options: LoopOptions, image: ProcessImage): Iterations {
  const most = options.number("P");
  const byImport = options.last("E", "e") === "E";
  return {
    image,
    good: verdictOf(options),
    parallel: most === 0 || (most === undefined && options.has("p")) ? Infinity : most,
    byImport,
    // With -E the original starts importas, which is always there; that the body is not is then how importas ends.
    mustExecute: !byImport,
  };
}

/** Runs the body once for each value, in turn or side by side, and returns the loop's exit code. */
export function iterate(
  context: Context,
  how: Iterations,
  name: ByteString,
  values: Iterable<ByteString>,
  body: readonly ByteString[],
): Promise<number> | number {
  const image = bodyOf(how, name, body);
  if (how.parallel !== undefined) return sideBySide(context, how, how.parallel, values, image);
  return context.follow(inTurn(how, values, image, (text) => context.warn(text)));
}

/** The image of the body with a value. */
function bodyOf(how: Iterations, name: ByteString, body: readonly ByteString[]): (value: ByteString) => ProcessImage {
  return (value) => passValue(how.image, name, value, body, how.byImport);
}

function* inTurn(
  how: Iterations,
  values: Iterable<ByteString>,
  image: (value: ByteString) => ProcessImage,
  warn: (text: string) => void,
): Course<number> {
  for (const value of values) {
    const code = passedOnCode(yield* statusOfBody(how, image(value), warn));
    if (how.good !== undefined && !how.good(code)) return code;
  }
  return 0;
}

function* statusOfBody(
  { mustExecute }: Iterations,
  image: ProcessImage,
  warn: (text: string) => void,
): Course<WaitStatus> {
  if (mustExecute) return yield* runBlock(image);
  try {
    if (image.argv.length === 0) throw invalid("there is nothing to run");
    return (yield { image, way: "run" }).status;
  } catch (error) {
    warn(textOf(error));
    return exitCodeOf(error) << 8;
  }
}

function sideBySide(
  context: Context,
  { good, mustExecute }: Iterations,
  most: number,
  values: Iterable<ByteString>,
  image: (value: ByteString) => ProcessImage,
): number {
  const running: number[] = [];
  let result = 0;
  const awaitOne = (): void => {
    const code = passedOnCode(context.os.wait(running.shift()!));
    if (good !== undefined && !good(code)) result = 1;
  };
  for (const value of values) {
    if (running.length >= most) awaitOne();
    try {
      running.push(startBlock(context, image(value)));
    } catch (error) {
      if (mustExecute) throw error;
      context.warn(textOf(error));
      if (good !== undefined && !good(exitCodeOf(error))) result = 1;
    }
  }
  while (running.length > 0) awaitOne();
  return result;
}

export const forx: Applet = fork({
  name: "forx",
  usage:
    "[ -E | -e ] [ -p | -P max ] [ -o okcode,okcode,... | -x breakcode,breakcode,... ] var { values... } command...",
  summary: "run a command for each of some values",
  help: {
    E: "substitute the variable in the command, and do not export it",
    e: "export the variable (default)",
    p: "run all commands at the same time",
    P: "run this many commands at the same time, at most",
    o: "the good exit codes: any other ends the loop",
    x: "the bad exit codes: any of these ends the loop",
  },
  exits: { 1: "with -p or -P, a command ended with a bad code" },
  options: "EepP:o:x:",
  least: 1,
  *course(image, call, warn): Course {
    const { how, name, values, body } = forLoop(image, call, warn);
    // Side by side they are children of the loop's own process.
    if (how.parallel !== undefined) throw new NeedsProcess();
    return body.length === 0 ? 0 : yield* inTurn(how, values, bodyOf(how, name, body), warn);
  },
  run: (context, call) => {
    const { how, name, values, body } = forLoop(context.image, call, (text) => context.warn(text));
    return body.length === 0 ? 0 : iterate(context, how, name, values, body);
  },
});

interface ForLoop {
  readonly how: Iterations;
  readonly name: ByteString;
  readonly values: readonly ByteString[];
  readonly body: readonly ByteString[];
}

function forLoop(
  image: ProcessImage,
  { options, args: [name = "", ...words] }: { readonly options: LoopOptions; readonly args: readonly ByteString[] },
  warn: (text: string) => void,
): ForLoop {
  const blocks = new Blocks(words, image.environment, warn);
  const values = blocks.tryTake();
  if (values === undefined) throw new UsageError();
  const how = iterationsOf(options, image);
  checkName(name);
  return { how, name, values, body: blocks.rest };
}

export const loopwhilex: Applet = coursing({
  name: "loopwhilex",
  usage: "[ -n ] [ -o okcode,okcode,... | -x exitcode,exitcode,... ] prog...",
  summary: "run a command as long as it succeeds",
  help: {
    n: "go on while the program fails",
    o: "go on while its exit code is one of these",
    x: "go on while its exit code is none of these",
  },
  options: "no:x:",
  least: 1,
  *course(image, { options, args }): Course {
    const good = verdictOf(options) ?? ((code) => code === 0);
    for (;;) {
      const code = passedOnCode(yield* runBlock(image.run(args)));
      if (good(code) === options.has("n")) return code;
    }
  },
});
