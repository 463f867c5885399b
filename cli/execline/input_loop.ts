// forstdin and forbacktickx: a command runs for each piece of an input. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { type Cutting, pieces } from "../../lib/execline/pieces.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import { blocksOf, startBlock } from "./child.ts";
import { checkName } from "./environment.ts";
import { iterate, type Iterations, iterationsOf, type LoopOptions } from "./loop.ts";
import { openPipe } from "../pipe.ts";
import { chunksOf } from "../reading.ts";

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

/** Runs the body for each piece of the input. No piece at all is exit code 1. */
async function iterateOver(
  context: Context,
  fd: number,
  options: InputOptions,
  how: Iterations,
  [name = "", ...body]: readonly ByteString[],
): Promise<number> {
  let any = false;
  const values = function* (): Generator<ByteString> {
    for (const piece of pieces(chunksOf(context.os, fd), cuttingOf(options))) {
      any = true;
      // A variable ends at a NUL.
      yield piece.split("\0", 1)[0]!;
    }
  };
  const code = await iterate(context, how, checkName(name), values(), body);
  if (!any) return 1;
  // Side by side the original forgets the codes.
  return how.parallel === undefined ? code : 0;
}

export const forstdin: Applet = fork({
  name: "forstdin",
  usage: "[ -E | -e ] [ -p | -P max | -o okcode,okcode,... | -x breakcode,breakcode,... ] [ -N | -n ] [ -C | -c ] " +
    "[ -0 | -d delim ] var command...",
  summary: "run a command for each line of standard input",
  help: HELP,
  exits: { 1: "there was nothing to read" },
  options: OPTIONS,
  least: 2,
  run: (context, { options, args }) => iterateOver(context, 0, options, iterationsOf(options, context.image), args),
});

export const forbacktickx: Applet = fork({
  name: "forbacktickx",
  usage: "[ -p | -P max | -o okcode,okcode,... | -x breakcode,breakcode,... ] [ -E | -e ] [ -N | -n ] [ -C | -c ] " +
    "[ -0 | -d delim ] var { backtickcmd... } command...",
  summary: "run a command for each line that another one prints",
  help: HELP,
  exits: { 1: "there was nothing to read" },
  options: OPTIONS,
  least: 1,
  run: async (context, { options, args: [name = "", ...words] }) => {
    checkName(name);
    const blocks = blocksOf(context, words);
    const command = blocks.take();
    if (command.length === 0) throw invalid("empty block");
    // In the original the body has programs of its own in front of it: one that takes "!" away, one that fails for it.
    const image = context.image.withVariables([["!", undefined]]);
    const how = { ...iterationsOf(options, image), mustExecute: false };
    const pipe = openPipe(context.os);
    const child = context.image.step({ do: "copy", by: "forbacktickx", from: pipe.write, to: 1 }).run(command);
    startBlock(context, child);
    context.os.close(pipe.write);
    return await iterateOver(context, pipe.read, options, how, [name, ...blocks.rest]);
  },
});
