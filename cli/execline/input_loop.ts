// forstdin and forbacktickx: a command runs for each piece of an input. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import { type Cutting, pieces } from "../../lib/execline/pieces.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, type Course, coursing } from "../applet.ts";
import { leaveBlock } from "./child.ts";
import { checkName } from "./environment.ts";
import { iterate, type Iterations, iterationsOf, type LoopOptions } from "./loop.ts";

const OPTIONS = "EepP:o:x:NnCc0d:";
const HELP = {
  E: "substitute the variable in the command, and do not export it",
  e: "export the variable (default)",
  p: "run all commands at the same time",
  P: "run this many commands at the same time, at most",
  o: "the good exit codes: any other ends the loop",
  x: "the bad exit codes: any of these ends the loop",
  N: "keep the delimiter of each piece",
  n: "take the delimiter off each piece (default)",
  C: "several delimiters in a row are one",
  c: "each delimiter counts (default)",
  0: "the delimiter is a NUL",
  d: "the characters that delimit pieces (default a newline); if empty, read netstrings",
} as const;

interface InputOptions extends LoopOptions {
  value(letter: "d" | "o" | "x"): ByteString | undefined;
  last<L extends "N" | "n" | "C" | "c" | "0" | "d" | "E" | "e" | "o" | "x">(...letters: readonly L[]): L | undefined;
}

function cuttingOf(options: InputOptions): Cutting {
  return {
    delimiters: options.last("0", "d") === "0" ? "\0" : options.value("d") ?? "\n",
    crunch: options.last("C", "c") === "C",
    chomp: options.last("N", "n") !== "N",
  };
}

/** The pieces of what is read at a descriptor. */
class Input {
  private readonly cut: ReturnType<typeof pieces>;
  private portion = "";
  /** There has been one. */
  any = false;

  constructor(private readonly fd: number, cutting: Cutting) {
    this.cut = pieces(cutting);
  }

  *next(): Course<ByteString | undefined> {
    for (;;) {
      const { value, done } = this.cut.next(this.portion);
      if (done) return undefined;
      if (value !== undefined) {
        this.any = true;
        // A variable ends at a NUL.
        return value.split("\0", 1)[0]!;
      }
      this.portion = (yield { way: "read", fd: this.fd }).text;
    }
  }
}

/** Runs the body for each piece of the input. No piece at all is exit code 1. */
function* iterateOver(
  fd: number,
  options: InputOptions,
  how: Iterations,
  [name = "", ...body]: readonly ByteString[],
  warn: (text: string) => void,
): Course<number> {
  const input = new Input(fd, cuttingOf(options));
  const code = yield* iterate(how, checkName(name), () => input.next(), body, warn);
  if (!input.any) return 1;
  // Side by side the original forgets the codes.
  return how.parallel === undefined ? code : 0;
}

export const forstdin: Applet = coursing({
  name: "forstdin",
  usage: "[ -E | -e ] [ -p | -P max | -o okcode,okcode,... | -x breakcode,breakcode,... ] [ -N | -n ] [ -C | -c ] " +
    "[ -0 | -d delim ] var command...",
  summary: "run a command for each line of standard input",
  help: HELP,
  exits: { 1: "there was nothing to read" },
  options: OPTIONS,
  least: 2,
  course: (image, { options, args }, warn) => iterateOver(0, options, iterationsOf(options, image), args, warn),
});

export const forbacktickx: Applet = coursing({
  name: "forbacktickx",
  usage: "[ -p | -P max | -o okcode,okcode,... | -x breakcode,breakcode,... ] [ -E | -e ] [ -N | -n ] [ -C | -c ] " +
    "[ -0 | -d delim ] var { backtickcmd... } command...",
  summary: "run a command for each line that another one prints",
  help: HELP,
  exits: { 1: "there was nothing to read" },
  options: OPTIONS,
  least: 1,
  *course(image, { options, args: [name = "", ...words] }, warn): Course {
    checkName(name);
    const blocks = new Blocks(words, image.environment, warn);
    const command = blocks.take();
    if (command.length === 0) throw invalid("empty block");
    // In the original the body has programs of its own in front of it: one that takes "!" away, one that fails for it.
    const how = { ...iterationsOf(options, image.withVariables([["!", undefined]])), mustExecute: false };
    const fd = yield* leaveBlock(image.run(command), "readAside");
    return yield* iterateOver(fd, options, how, [name, ...blocks.rest], warn);
  },
});
