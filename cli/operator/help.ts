// s6-overlay help: what there is to know of the programs, from their declarations: help, man pages and completion.

import { printable } from "../../lib/printable.ts";
import { invalid, UsageError } from "../../lib/report.ts";
import type { Context } from "../applet.ts";
import { commandLines } from "../completion/command_lines.ts";
import { isShell, SHELLS } from "../completion/shells.ts";
import { helpText, pageNamed, sentence } from "../help.ts";
import { FAMILIES, familyOf, type Page, pagesOf } from "../pages.ts";
import { pageOfSubcommand } from "./pages.ts";
import type { Subcommand } from "./subcommand.ts";
import { subcommands } from "./subcommands.ts";

export const help: Subcommand = {
  name: "help",
  usage: "[ -m ] [ subcommand | program ] | -c shell",
  summary: "tell what programs there are, and how to use them",
  options: {
    m: "print the man page",
    "c shell": "print the completion of command lines for bash, zsh or fish",
  },
  exits: { 1: "there is no such program" },
  notes: [
    "Without a program it lists the subcommands and all programs.",
    "A man page is for a pager such as man: s6-overlay help -m s6-svc | man -l -.",
    'Completion is loaded with eval "$(s6-overlay help -c bash)", or put where the shell looks for it.',
  ],
  least: 0,
  most: 1,
  run: async (context, given) => {
    const shell = given.value("c");
    const [name] = given.operands;
    if (shell !== undefined) {
      if (name !== undefined || given.has("m")) throw new UsageError();
      if (!isShell(shell)) throw invalid(`no completion for ${printable(shell)}: there is one for bash, zsh and fish`);
      context.print(await SHELLS[shell](await commandLines()));
    } else if (name !== undefined) {
      const page = await subcommandNamed(name) ?? await pageNamed(name);
      if (page === undefined) {
        throw invalid(`there is no subcommand or program ${printable(name)}; s6-overlay help lists them`, NO_PROGRAM);
      }
      context.print(given.has("m") ? await manPage(page) : helpText(page));
    } else if (given.has("m")) throw new UsageError();
    else await printList(context);
    return 0;
  },
};

const NO_PROGRAM = 1;

async function subcommandNamed(name: string): Promise<Page | undefined> {
  return Object.hasOwn(subcommands, name) ? pageOfSubcommand(await subcommands[name]!()) : undefined;
}

async function manPage(page: Page): Promise<string> {
  return await import("../man.ts").then(({ manPage }) => manPage(page, familyOf(page.name.split(" ")[0]!)));
}

export async function printSubcommands(context: Context): Promise<void> {
  const own: { readonly name: string; readonly summary: string }[] = [];
  for (const load of Object.values(subcommands)) own.push(await load());
  context.print(listed("s6-overlay SUBCOMMAND", own));
}

async function printList(context: Context): Promise<void> {
  await printSubcommands(context);
  for (const family of FAMILIES) context.print(`\n${listed(family, await pagesOf(family))}`);
}

function listed(title: string, pages: readonly Pick<Page, "name" | "summary">[]): string {
  const width = pages.reduce((most, { name }) => Math.max(most, name.length), 0);
  const rows = pages.map(({ name, summary }) => `  ${name.padEnd(width)}  ${sentence(summary)}\n`);
  return `${title}:\n${rows.join("")}`;
}
