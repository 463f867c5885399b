// Command lines of our own programs, held against their declarations: is there such a program or subcommand, and does it
// take these words? A page may leave out the last ones: an option's value, operands, the program behind them.

import { applets } from "../../cli/index.ts";
import type { Applet } from "../../cli/applet.ts";
import { parse } from "../../cli/getopt.ts";
import { argumentsOf } from "../../cli/operator/subcommand.ts";
import { subcommands } from "../../cli/operator/subcommands.ts";

type Words = readonly string[];

/** What may stand for words that are left out: a value, an operand. */
const LEFT_OUT: readonly Words[] = [[], ["1"], ["1", "1"]];

/** A word that stands for any other, as SERVICE. */
export function isPlaceholder(word: string): boolean {
  return /^[A-Z]{2,}$/.test(word);
}

export function ownName(word: string): string | undefined {
  const name = word.slice(word.lastIndexOf("/") + 1);
  return Object.hasOwn(applets, name) ? name : undefined;
}

export function isSubcommand(word: string): boolean {
  return Object.hasOwn(subcommands, word);
}

/** Whether all of its words are given, or some left out; undefined where it does not take them. */
type Reading = "complete" | "shortened" | undefined;

/** How s6-overlay reads the words behind its name. */
export async function readingOfSubcommand([name, ...words]: Words): Promise<Reading> {
  if (name === undefined) return "complete";
  if (isPlaceholder(name)) return "shortened";
  if (!isSubcommand(name)) return undefined;
  if (words.includes("--help")) return "complete";
  const declared = await subcommands[name]!();
  return readingOf(words, (given) => argumentsOf(declared, given));
}

/** How one of our programs reads a command line, and the program that it is to run, where one is given. */
export async function readingOfOwn(
  [first, ...words]: Words,
): Promise<{ readonly reading: Reading; readonly runs: Words }> {
  const name = ownName(first!)!;
  if (name === "s6-overlay") return { reading: await readingOfSubcommand(words), runs: [] };
  if (words.includes("--help")) return { reading: "complete", runs: [] };
  const applet = await applets[name]!();
  const operands = (given: Words): Words => (applet.long?.parse ?? parse)(applet.options, given).args;
  const whole = readingOf(words, (given) => {
    if (operands(given).length < applet.least) throw new Error("too few operands");
  });
  const reading = whole ?? (readingOf(words, operands) === undefined ? undefined : "shortened");
  return { reading, runs: reading === "complete" ? commandOf(applet, operands(words)) : [] };
}

function readingOf(words: Words, read: (given: Words) => void): Reading {
  const rest = LEFT_OUT.find((more) => {
    try {
      read([...words, ...more]);
      return true;
    } catch {
      return false;
    }
  });
  return rest === undefined ? undefined : rest.length === 0 ? "complete" : "shortened";
}

/** The last operands of a program that becomes, or runs, another. */
function commandOf({ usage }: Applet, operands: Words): Words {
  const named = usage.replace(/\[[^\]]*\]/g, "").trim().split(/ +/);
  return named.at(-1) === "prog..." ? operands.slice(named.length - 1) : [];
}
