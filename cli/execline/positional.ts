// Programs that work on the positional parameters in the environment: shift, elgetopt, runblock, dollarat. After
// execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks, tolerate } from "../../lib/execline/block.ts";
import { countOf, isOption, isPositional, popFrame, pushFrame } from "../../lib/execline/positional.ts";
import { toNetstrings } from "../../lib/execline/transform.ts";
import type { Environment } from "../../lib/environment.ts";
import { Budget } from "../../lib/image/budget.ts";
import { Failure, invalid, UsageError } from "../../lib/report.ts";
import { type Applet, chain, utility } from "../applet.ts";
import { type Option, unsigned } from "../getopt.ts";

/** The number of positional parameters. */
function requiredCount(environment: Environment): number {
  const count = countOf(environment);
  if (count === undefined) throw invalid(environment.has("#") ? "invalid #" : "# not set");
  return count;
}

export const shift: Applet = chain({
  name: "shift",
  usage: "[ -n arg# ] [ -b block# ] prog...",
  summary: "drop the first positional parameters",
  help: {
    n: "drop this many positional parameters (default 1)",
    b: "drop this many blocks of positional parameters after that",
  },
  options: "n:b:",
  least: 1,
  next: (image, { options, args }, view) => {
    const blocks = options.number("b") ?? 0;
    const wanted = options.number("n") ?? (options.has("b") ? 0 : 1);
    const count = requiredCount(image.environment);
    view.budget.steps(count);
    if (wanted > count) {
      tolerate(`unable to shift ${wanted} arguments: got ${count}`, image.environment, view.warn);
    }
    const dropped = behindBlocks(image.environment, Math.min(wanted, count), blocks, count, view.warn);
    return image.withEnvironment(shifted(image.environment, count, dropped)).run(args);
  },
});

/** How many parameters to drop so that the given number of blocks, which begin behind the first `from`, is gone. */
function behindBlocks(
  environment: Environment,
  from: number,
  blocks: number,
  count: number,
  warn: (text: string) => void,
): number {
  let at = from;
  for (let block = 0; block < blocks; block++) {
    for (let position = 1;; position++) {
      if (at === count) throw invalid(`unable to shift block ${block + 1}: too few arguments`);
      const word = environment.get(String(++at));
      if (word === undefined) throw invalid(`${at} not set`);
      if (word === "") break;
      if (word.startsWith(" ")) continue;
      tolerate(`unquoted positional ${word} at block ${block} position ${position}`, environment, warn);
    }
  }
  return at;
}

function shifted(environment: Environment, count: number, by: number): Environment {
  const changes: [ByteString, ByteString | undefined][] = [["#", String(count - by)]];
  for (let at = 1; at <= count; at++) {
    changes.push([String(at), at + by <= count ? environment.get(String(at + by)) : undefined]);
  }
  return environment.with(changes);
}

/** The positional parameters from 1 on; all must be set. */
function requiredArguments(environment: Environment, budget: Budget = Budget.unlimited): ByteString[] {
  const count = requiredCount(environment);
  const words: ByteString[] = [];
  // One after the other, as any number may be claimed.
  for (let at = 1; at <= count; at++) {
    const value = environment.get(String(at));
    if (value === undefined) throw invalid(`${at} not set`);
    budget.words(words.push(value));
  }
  budget.steps(count);
  return words;
}

/** The environment with these as its positional parameters, and their number. */
function withArguments(environment: Environment, count: number, args: readonly ByteString[]): Environment {
  const changes: [ByteString, ByteString | undefined][] = [["#", String(args.length)]];
  for (let at = 0; at < count; at++) changes.push([String(at + 1), args[at]]);
  return environment.with(changes);
}

export const elgetopt: Applet = chain({
  name: "elgetopt",
  usage: "[ -D default ] optstring prog...",
  summary: "parse the options among the positional parameters",
  help: { D: "the value of an option that stands alone (default 1)" },
  exits: { 1: "the script was called with a wrong option" },
  options: "D:",
  least: 2,
  next: (image, { options, args, args: [declared = ""] }, { budget }) => {
    const { environment } = image;
    const words = requiredArguments(environment, budget);
    const script = environment.get("0");
    if (script === undefined) throw invalid("0 not set");
    const parsed = parseOptions(declared, words, options.value("D") ?? "1", script);
    const pushed = pushFrame(environment, isOption, budget).with(
      parsed.found.map(({ letter, value }) => [`ELGETOPT_${letter}`, value] as const),
    );
    return image.withEnvironment(withArguments(pushed, words.length, parsed.operands)).run(args.slice(1));
  },
});

/** Options as getopt(3) takes them; a fault is reported in the script's name, with code 1. */
function parseOptions(
  declared: ByteString,
  words: readonly ByteString[],
  flagValue: ByteString,
  script: ByteString,
): { found: Option[]; operands: readonly ByteString[] } {
  const found: Option[] = [];
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") return { found, operands: words.slice(at + 1) };
    if (word.length < 2 || word[0] !== "-") break;
    for (let column = 1; column < word.length; column++) {
      const letter = word[column]!;
      const place = letter === ":" ? -1 : declared.indexOf(letter);
      if (place < 0) throw new Failure(1, `${script}: illegal option -- ${letter}`);
      if (declared[place + 1] !== ":") {
        found.push({ letter, value: flagValue });
        continue;
      }
      const value = column + 1 < word.length ? word.slice(column + 1) : words[++at];
      if (value === undefined) throw new Failure(1, `${script}: option requires an argument -- ${letter}`);
      found.push({ letter, value });
      break;
    }
  }
  return { found, operands: words.slice(at) };
}

export const runblock: Applet = chain({
  name: "runblock",
  usage: "[ -P ] [ -n argshift ] [ -r ] n cmd...",
  summary: "run one of the blocks among the positional parameters",
  help: {
    P: "leave the positional parameters as they are",
    n: "skip this many parameters first",
    r: "run the words behind the block of that number",
  },
  options: "Pn:r",
  least: 1,
  next: (image, { options, args, args: [number = ""] }, view) => {
    const skip = options.number("n") ?? 0;
    const index = unsigned(number);
    const wantsRest = options.has("r");
    if (index === 0 && !wantsRest) throw new UsageError();
    const words = requiredArguments(image.environment, view.budget);
    if (skip > words.length) throw invalid("too few arguments");
    const blocks = new Blocks(words.slice(skip), image.environment, view.warn);
    let selected: readonly ByteString[] = [];
    for (let taken = 0; taken < index; taken++) selected = blocks.tryTake() ?? tooFew();
    const popped = options.has("P")
      ? image
      : image.withEnvironment(popFrame(image.environment, isPositional, view.budget));
    return popped.run(args.slice(1).concat(wantsRest ? blocks.rest : selected));
  },
});

function tooFew(): never {
  throw invalid("too few arguments");
}

export const dollarat: Applet = utility({
  name: "dollarat",
  usage: "[ -n ] [ -0 | -d delimchar ]",
  summary: "print the positional parameters",
  help: {
    n: "print no delimiter behind the last argument",
    0: "end each argument with a NUL",
    d: "end each argument with this character (default a newline)",
  },
  options: "n0d:",
  least: 0,
  inProcess: true,
  run: (context, { options }) => {
    const words = requiredArguments(context.image.environment);
    const delimiter = options.last("0", "d") === "0" ? "\0" : options.has("d") ? options.value("d")![0] : "\n";
    const end = options.has("n") || words.length === 0 ? "" : delimiter;
    context.print(delimiter === undefined ? toNetstrings(words) : words.join(delimiter) + end);
    return 0;
  },
});
