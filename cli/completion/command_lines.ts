// The command lines that completion knows: those of programs and subcommands, from what they declare.

import { SIGNAL_NAMES } from "../../lib/signals.ts";
import { subcommandPages } from "../operator/subcommand_pages.ts";
import { FAMILIES, type Page, pagesOf } from "../pages.ts";
import { type CommandLines, shapeOf, shapeOfSubcommand } from "./operands.ts";
import { SHELLS } from "./shells.ts";

export async function commandLines(): Promise<CommandLines> {
  const programs: Page[] = [];
  const typed: Page[] = [];
  for (const family of FAMILIES) {
    for (const page of await pagesOf(family)) {
      programs.push(page);
      if (isTyped(page, family)) typed.push(page);
    }
  }
  const subcommands = await subcommandPages();
  return {
    programs: typed.map(shapeOf),
    subcommands: subcommands.map(shapeOfSubcommand),
    lists: {
      subcommand: subcommands.map(({ name }) => name.split(" ")[1]!),
      page: programs.map(({ name }) => name),
      signal: SIGNAL_NAMES,
      shell: Object.keys(SHELLS),
    },
  };
}

/** The programs of execline are for scripts, and some are words of the shell. */
function isTyped({ name }: Page, family: string): boolean {
  return family !== "execline" && name !== "init";
}
