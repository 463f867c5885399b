// s6-overlay-help: what there is to know of the programs, from their declarations: help, man pages and completion.

import { invalid, UsageError } from "../../lib/report.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { isShell, SHELLS } from "../completion/shells.ts";
import { helpText, pageNamed, sentence } from "../help.ts";
import { FAMILIES, familyOf, type Page, pagesOf } from "../pages.ts";

export const overlayHelp: Applet = utility({
  name: "s6-overlay-help",
  usage: "[ -m ] [ program ] | -c shell",
  summary: "tell what programs there are, and how to use them",
  help: {
    m: "print the man page of the program",
    c: "print the completion of command lines for bash, zsh or fish",
  },
  options: "mc:",
  least: 0,
  notes: [
    "Without a program it lists all of them.",
    "A man page is for a pager such as man: s6-overlay-help -m s6-svc | man -l -.",
    'Completion is loaded with eval "$(s6-overlay-help -c bash)", or put where the shell looks for it.',
  ],
  run: async (context, { options, args: [name] }) => {
    const shell = options.value("c");
    if (shell !== undefined) {
      if (!isShell(shell)) throw invalid(`no completion for ${shell}: there is one for bash, zsh and fish`);
      context.print(await SHELLS[shell](await visiblePages()));
    } else if (name !== undefined) {
      const page = await pageNamed(name);
      if (page === undefined) throw invalid(`there is no program ${name}`, NO_PROGRAM);
      context.print(options.has("m") ? await manPage(page) : helpText(page));
    } else if (options.has("m")) throw new UsageError();
    else await printList(context);
    return 0;
  },
  exits: { 1: "there is no such program" },
});

const NO_PROGRAM = 1;

async function manPage(page: Page): Promise<string> {
  return await import("../man.ts").then(({ manPage }) => manPage(page, familyOf(page.name)));
}

/** The programs that people type. Those of execline are for scripts, and some are words of the shell. */
async function visiblePages(): Promise<Page[]> {
  const pages: Page[] = [];
  for (const family of FAMILIES) {
    if (family !== "execline") { for (const page of await pagesOf(family)) pages.push(page); }
  }
  return pages.filter(({ name }) => name !== "init");
}

async function printList(context: Context): Promise<void> {
  for (const family of FAMILIES) {
    const pages = await pagesOf(family);
    const width = pages.reduce((most, { name }) => Math.max(most, name.length), 0);
    const rows = pages.map(({ name, summary }) => `  ${name.padEnd(width)}  ${sentence(summary)}\n`);
    context.print(`${family}:\n${rows.join("")}${family === FAMILIES.at(-1) ? "" : "\n"}`);
  }
}
