// Short forms of rows for the portable utilities. Debian has none of them, so each row says what must come out; what
// they say was seen with s6-portable-utils 2.3.0.

import type { Case, Result } from "../../rows/harness.ts";

/** This file has no rows of its own. */
export const cases: readonly Case[] = [];

/** What a row starts with. */
type Start = Omit<Case, "name" | "argv" | "expect">;

/** A command line in words, what it prints, and its exit code. */
export function prints(words: string, stdout: string, code = 0, start: Start = {}): Case {
  return row(words.split(" "), { stdout, code }, start);
}

/** A command line that leaves these files behind (and no others) and prints nothing. */
export function leaves(words: string, files: Record<string, string>, code = 0, start: Start = {}): Case {
  return row(words.split(" "), { stdout: "", code, files }, start);
}

/** A command line in words that says just this on standard error, prints nothing else, and leaves nothing behind. */
export function fails(words: string, stderr: string, code: number, start: Start = {}): Case {
  return row(words.split(" "), { stdout: "", stderr: `${stderr}\n`, code }, start);
}

/** A program called with too few words (if it wants any) and with an option that it does not have. */
export function misused(name: string, usage: string, fewest = 1): readonly Case[] {
  const stderr = `${name}: usage: ${name} ${usage}`;
  return [...fewest > 0 ? [fails(name, stderr, 100)] : [], fails(`${name} -@ a b`, stderr, 100)];
}

/** A command line in words that may hold blanks or be empty. */
export function row(argv: readonly string[], expect: Partial<Result>, start: Start = {}): Case {
  const shown = argv.map((word) => /^[^\s']+$/.test(word) ? word : `'${word.replaceAll("\n", "\\n")}'`).join(" ");
  const input = start.stdin === undefined ? "" : ` of ${JSON.stringify(start.stdin)}`;
  return { name: shown + input, argv, expect, ...start };
}
