// The text of --help, from what a program declares.

import type { Os } from "../lib/os/os.ts";
import { rawBytes } from "../lib/bytes.ts";
import { about } from "../lib/report.ts";
import { familyOf, type Page, type PageOption, pagesOf } from "./pages.ts";

const WIDTH = 80;

/** Prints the help of the program on standard output. @returns the exit code */
export async function printHelp(os: Pick<Os, "writeAll">, name: string): Promise<number> {
  const page = await pageNamed(name);
  about("write to", "stdout", () => os.writeAll(1, rawBytes(helpText(page!))));
  return 0;
}

/** The page of the program; undefined if there is none of that name. */
export async function pageNamed(name: string): Promise<Page | undefined> {
  const family = familyOf(name);
  return family === "" ? undefined : (await pagesOf(family)).find((page) => page.name === name);
}

export function helpText(page: Page): string {
  const { options, exits, notes } = page;
  const parts = [`Usage: ${synopsis(page)}\n${sentence(page.summary)}\n`];
  if (options.length > 0) parts.push(list("Options", options.map((option) => [spelled(option), option.meaning])));
  if (notes.length > 0) parts.push(notes.map((note) => `${wrapped(note, "").join("\n")}\n`).join("\n"));
  if (Object.keys(exits).length > 0) parts.push(list("Exit codes", Object.entries(exits)));
  return parts.join("\n");
}

/** The whole usage line. */
function synopsis({ name, usage }: Page): string {
  return `${name} ${usage}`.trim();
}

/** A summary as a sentence. */
export function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

/** An option as it is written. */
export function spelled({ letter, long, value }: PageOption): string {
  const short = value === undefined ? `-${letter}` : `-${letter} ${value}`;
  return long === undefined ? short : `${short}, --${long}${value === undefined ? "" : `=${value}`}`;
}

function list(heading: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(18, rows.reduce((most, [term]) => Math.max(most, term.length), 0));
  const indent = " ".repeat(width + 4);
  const lines = rows.flatMap(([term, meaning]) => {
    const [first = "", ...more] = wrapped(meaning, indent);
    const head = `  ${term.padEnd(width)}  `;
    return term.length <= width ? [head + first.trimStart(), ...more] : [head.trimEnd(), first, ...more];
  });
  return `${heading}:\n${lines.join("\n")}\n`;
}

/** Lines of words, none longer than the width if that can be helped. */
export function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line !== indent && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line];
}
