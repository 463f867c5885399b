// s6-overlay: the one command for people who look after a container. What it does is in its subcommands.

import type { ByteString } from "../../lib/bytes.ts";
import type { Saying } from "../../lib/image/plan.ts";
import { nearestWord } from "../../lib/nearest_word.ts";
import { printable } from "../../lib/printable.ts";
import { EXIT, invalid, UsageError } from "../../lib/report.ts";
import { type Applet, type Context, type Sight, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { helpText } from "../help.ts";
import { printFailure } from "../print.ts";
import { pageOfSubcommand } from "./pages.ts";
import { argumentsOf, type Subcommand } from "./subcommand.ts";
import { subcommands } from "./subcommands.ts";

const NAME = "s6-overlay";

export const s6Overlay: Applet = utility({
  name: NAME,
  usage: "subcommand [ option... ] [ operand... ]",
  summary: "look after a container: what runs, what is waited for, why something fails",
  options: NO_OPTIONS,
  least: 0,
  notes: ["s6-overlay help lists the subcommands; s6-overlay SUBCOMMAND --help tells about one of them."],
  exits: { 1: "what was asked about is not as it should be" },
  run: async (context, { args: [name, ...words] }) => {
    if (name === undefined || name === "--help") return await list(context);
    if (!Object.hasOwn(subcommands, name)) throw noSuchSubcommand(name);
    return await run(context, await subcommands[name]!(), words);
  },
  reads: true,
  // Under our loader (load.ts) import() calls back at once.
  reply: ({ args: [name, ...words] }, sight) => {
    let found: Saying | undefined;
    if (name !== undefined && Object.hasOwn(subcommands, name)) {
      subcommands[name]!().then((subcommand) => found = replyOf(subcommand, words, sight));
    }
    return found;
  },
});

async function list(context: Context): Promise<number> {
  await import("./help.ts").then(({ printSubcommands }) => printSubcommands(context));
  context.print("\ns6-overlay SUBCOMMAND --help tells about one of them, s6-overlay help lists all programs.\n");
  return 0;
}

async function run(context: Context, subcommand: Subcommand, words: readonly string[]): Promise<number> {
  const page = pageOfSubcommand(subcommand);
  if (words[0] === "--help") {
    context.print(helpText(page));
    return 0;
  }
  try {
    return await subcommand.run(context, argumentsOf(subcommand, words));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    printFailure(context.os, NAME, page, error);
    return subcommand.usageCode ?? EXIT.usage;
  }
}

function noSuchSubcommand(name: ByteString): Error {
  // Other programs have --version and -v.
  const near = nearestWord(name.replace(/^-+/, ""), Object.keys(subcommands));
  const cure = near === undefined ? "s6-overlay help lists them" : `did you mean ${near}?`;
  return invalid(`there is no subcommand ${printable(name)}; ${cure}`);
}

/** Undefined for what takes a process of its own. */
function replyOf(subcommand: Subcommand, words: readonly string[], sight: Sight): Saying | undefined {
  return subcommand.reply === undefined ? undefined : subcommand.reply(argumentsOf(subcommand, words), sight);
}
