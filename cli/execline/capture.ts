// backtick and withstdinas: what is read from a command, or from standard input, becomes a variable. heredoc: a string
// becomes input. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { Failure, invalid, UsageError } from "../../lib/report.ts";
import { killedBy, passedOnCode, questionMark, type WaitStatus } from "../../lib/wait_status.ts";
import { type Applet, type Course, coursing, type Outcome } from "../applet.ts";
import { unsigned } from "../getopt.ts";
import { captureBlock, supplyText, textAt } from "./child.ts";
import { checkName, passValues } from "./environment.ts";

const NUL_IN_OUTPUT = 124;

export const backtick: Applet = coursing({
  name: "backtick",
  usage: "[ -i | -I | -x | -D default ] [ -N | -n ] [ -E | -e ] var { prog... } remainder...",
  summary: "run a program with the output of a command in a variable",
  help: {
    i: "exit if the child fails",
    I: "go on with what was read if the child fails",
    x: "go on without the variable if the child fails",
    D: "take this value if the child fails",
    N: "keep a newline at the end of the output",
    n: "take one newline off the end of the output (default)",
    E: "substitute the variable in the rest, and do not export it",
    e: "export the variable (default)",
  },
  exits: { 124: "the output contains a NUL" },
  options: "iIxD:NnEe",
  least: 1,
  *course(image, { options, args: [name = "", ...words] }, warn): Course {
    checkName(name);
    const blocks = new Blocks(words, image.environment, warn);
    const block = blocks.tryTake();
    if (block === undefined) throw new UsageError();
    if (block.length === 0) throw invalid("empty block");
    const { text, status } = yield* captureBlock(image.run(block));
    const value = outputValue(warn, text, failureOf(status), options);
    // Only where a failure does not end everything. New in 2.9.5.
    const tells = (options.last("i", "I", "x", "D") ?? "i") !== "i";
    const told: Variable[] = tells ? [["?", String(questionMark(status))], [name, value]] : [[name, value]];
    return passOn(image, told, blocks.rest, options.last("E", "e") === "E");
  },
});

/** The failure that such an end is; undefined for success. */
function failureOf(status: WaitStatus): Failure | undefined {
  if (status === 0) return undefined;
  const signal = killedBy(status);
  const how = signal === 0 ? "child process exited non-zero" : `child crashed with signal ${signal}`;
  return new Failure(passedOnCode(status), how);
}

interface ValueOptions<Remedy extends string> {
  value(letter: "D"): ByteString | undefined;
  last<L extends Remedy | "D" | "N" | "n">(...letters: readonly L[]): L | undefined;
}

/** A command's output as a value, or what stands for it where it cannot be used; undefined for none. */
function outputValue(
  warn: (text: string) => void,
  text: ByteString,
  failure: Failure | undefined,
  options: ValueOptions<"i" | "I" | "x">,
): ByteString | undefined {
  const hasNul = text.includes("\0");
  if (failure === undefined && !hasNul) return chomped(text, options);
  const remedy = options.last("i", "I", "x", "D") ?? "i";
  if (remedy === "i") throw failure ?? new Failure(NUL_IN_OUTPUT, "child process output contained a null character");
  if (remedy === "I") return chomped(text.split("\0", 1)[0]!, options);
  if (failure === undefined) warn("child process output contained a null character");
  return remedy === "D" ? options.value("D") : undefined;
}

function chomped(text: ByteString, options: ValueOptions<never>): ByteString {
  return options.last("N", "n") !== "N" && text.endsWith("\n") ? text.slice(0, -1) : text;
}

type Variable = readonly [name: ByteString, value: ByteString | undefined];

function passOn(
  image: ProcessImage,
  variables: readonly Variable[],
  words: readonly ByteString[],
  byImport: boolean,
): Outcome {
  return words.length === 0 ? 0 : passValues(image, variables, words, byImport);
}

export const withstdinas: Applet = coursing({
  name: "withstdinas",
  usage: "[ -i | -I | -D default ] [ -N | -n ] [ -E | -e ] var remainder...",
  summary: "run a program with what standard input holds in a variable",
  help: {
    i: "exit if the input contains a NUL",
    I: "go on without the variable if the input contains a NUL",
    D: "take this value if the input contains a NUL; by default it ends there",
    N: "keep a newline at the end of the input",
    n: "take one newline off the end of the input (default)",
    E: "substitute the variable in the rest, and do not export it",
    e: "export the variable (default)",
  },
  options: "iID:NnEe",
  least: 1,
  *course(image, { options, args: [name = "", ...words] }): Course {
    checkName(name);
    const value = inputValue(yield* textAt(0), options);
    return passOn(image, [[name, value]], words, options.last("E", "e") === "E");
  },
});

/** Standard input as a value. Unlike an output, it is cut at a NUL only after the newline at its end is off. */
function inputValue(text: ByteString, options: ValueOptions<"i" | "I">): ByteString | undefined {
  const remedy = text.includes("\0") ? options.last("i", "I", "D") : undefined;
  if (remedy === "i") throw new Failure(1, "stdin contained a null character");
  if (remedy === "I") return undefined;
  return remedy === "D" ? options.value("D") : chomped(text, options).split("\0", 1)[0];
}

export const heredoc: Applet = coursing({
  name: "heredoc",
  usage: "[ -d ] fd string command...",
  summary: "run a program with a string to be read on a descriptor",
  help: { d: "fork twice, so that the command has no child that it does not know" },
  options: "d",
  least: 3,
  *course(image, { args: [number = "", text = "", ...rest] }): Course {
    const fd = unsigned(number);
    const from = yield* supplyText(text);
    return image.step({ do: "move", by: "heredoc", from, to: fd }).run(rest);
  },
});
