// forx and loopwhilex: a command runs again and again. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { exitCodeOf, invalid, textOf, UsageError } from "../../lib/report.ts";
import { passedOnCode, type WaitStatus } from "../../lib/wait_status.ts";
import { type Applet, type Course, coursing } from "../applet.ts";
import { leaveBlock, runBlock } from "./child.ts";
import { checkName, passValue } from "./environment.ts";

/** True for an exit code that does not end a loop. */
type LoopCondition = (code: number) => boolean;

interface CodeOptions {
  last(...letters: readonly ("o" | "x")[]): "o" | "x" | undefined;
  value(letter: "o" | "x"): ByteString | undefined;
}

/** The codes that -o calls good or -x calls bad; undefined without either. */
function verdictOf(options: CodeOptions): LoopCondition | undefined {
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

/** Where a loop has its values from; undefined: there is no more. */
type NextValue = () => Course<ByteString | undefined>;

type BodyOf = (value: ByteString) => ProcessImage;
type Warn = (text: string) => void;

/** Runs the body once for each value, in turn or side by side, and returns the loop's exit code. */
export function iterate(
  how: Iterations,
  name: ByteString,
  next: NextValue,
  body: readonly ByteString[],
  warn: Warn,
): Course<number> {
  const image: BodyOf = (value) => passValue(how.image, name, value, body, how.byImport);
  return how.parallel === undefined ? inTurn(how, next, image, warn) : sideBySide(how, how.parallel, next, image, warn);
}

function* inTurn(how: Iterations, next: NextValue, image: BodyOf, warn: Warn): Course<number> {
  for (let value = yield* next(); value !== undefined; value = yield* next()) {
    const code = passedOnCode(yield* statusOfBody(how, image(value), warn));
    if (how.good !== undefined && !how.good(code)) return code;
  }
  return 0;
}

function* statusOfBody(
  { mustExecute }: Iterations,
  image: ProcessImage,
  warn: Warn,
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

function* sideBySide(
  { good, mustExecute }: Iterations,
  most: number,
  next: NextValue,
  image: BodyOf,
  warn: Warn,
): Course<number> {
  const running: number[] = [];
  let result = 0;
  const judge = (code: number): void => {
    if (good !== undefined && !good(code)) result = 1;
  };
  const awaitOne = function* (): Course<void> {
    judge(passedOnCode((yield { way: "wait", pid: running.shift()! }).status));
  };
  for (let value = yield* next(); value !== undefined; value = yield* next()) {
    if (running.length >= most) yield* awaitOne();
    try {
      running.push(yield* leaveBlock(image(value), "leave"));
    } catch (error) {
      if (mustExecute) throw error;
      warn(textOf(error));
      judge(exitCodeOf(error));
    }
  }
  while (running.length > 0) yield* awaitOne();
  return result;
}

export const forx: Applet = coursing({
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
    return body.length === 0 ? 0 : yield* iterate(how, name, oneOf(values), body, warn);
  },
});

/** Each of them, without a command. */
function oneOf(values: readonly ByteString[]): NextValue {
  const left = values.values();
  // deno-lint-ignore require-yield
  return function* (): Course<ByteString | undefined> {
    return left.next().value;
  };
}

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
