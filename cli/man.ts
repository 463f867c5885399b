// Man pages from declarations, for man(7).

import { sentence, spelled, wrapped } from "./help.ts";
import type { Page } from "./pages.ts";

/** Of the form of these pages, not of a program. */
const DATE = "2026-01-01";

/** Exit codes that mean the same for all programs. */
const USUAL: Readonly<Record<string, string>> = {
  0: "success",
  100: "wrong usage",
  111: "a system call failed",
  126: "the program to go on with cannot be executed",
  127: "the program to go on with does not exist",
};

/** A page has a name of one word, as git-log(1) has. */
export function manName({ name }: Pick<Page, "name">): string {
  return name.replaceAll(" ", "-");
}

export function manSection({ kind }: Pick<Page, "kind">): 1 | 8 {
  return kind === "daemon" ? 8 : 1;
}

export function manPage(page: Page, family: string): string {
  const { name, summary, options, notes } = page;
  const title = manName(page);
  return [
    `.TH ${title.toUpperCase()} ${manSection(page)} ${DATE} s6-overlay "${family}"`,
    ".SH NAME",
    // The first dash of the line is the one between name and summary, as whatis(1) wants it.
    text(`${title} - ${summary}`),
    ".SH SYNOPSIS",
    // Some have words too long to stretch the others in their line.
    ".ad l",
    `.B ${text(name)}`,
    ...(page.usage === "" ? [] : [text(page.usage)]),
    ".SH DESCRIPTION",
    text(sentence(summary)),
    ...notes.flatMap((note) => [".PP", text(note)]),
    ...(options.length === 0 ? [] : [".SH OPTIONS"]),
    ...options.flatMap((option) => item(spelled(option), option.meaning)),
    ".SH EXIT STATUS",
    ...Object.entries(exitCodes(page)).flatMap(([code, meaning]) => item(code, meaning)),
    ".SH SEE ALSO",
    ".BR s6-overlay (1)",
    "",
  ].join("\n");
}

/** What each exit code means, by the code. */
export function exitCodes({ usage, exits }: Page): Readonly<Record<string, string>> {
  const goesOn = usage.includes("prog...") || usage.includes("remainder...") || usage.includes("command...");
  const usual = Object.entries(USUAL).filter(([code]) => goesOn || !["126", "127"].includes(code));
  return { ...Object.fromEntries(usual), ...exits };
}

function item(term: string, meaning: string): string[] {
  return [".TP", `.B ${text(term)}`, text(sentence(meaning))];
}

/** Words as roff takes them: no escapes but ours, lines that are not long, and no request at the beginning of one. */
function text(words: string): string {
  const escaped = words.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("'", "\\(aq").replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti").replaceAll("`", "\\(ga");
  return wrapped(escaped, "").map((line) => line.startsWith(".") ? `\\&${line}` : line).join("\n");
}
