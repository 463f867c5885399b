// What the rows about s6-log leave out: each option, each directive, and each thing that it can say, should have a row.

import { parse } from "../../cli/getopt.ts";
import { log } from "../../cli/s6/log.ts";
import { DIRECTIVE_BYTES } from "../../lib/log/directive.ts";
import type { Case } from "./harness.ts";

const SOURCES = [
  "cli/s6/log.ts",
  "lib/log/archive.ts",
  "lib/log/directive.ts",
  "lib/log/intake.ts",
  "lib/log/logdir.ts",
];

/** The command lines of loggers in a row; in shell scripts "start" starts one, too. */
function commandLines({ argv }: Case): string[][] {
  if (argv[0] === "s6-log") return [argv.slice(1)];
  const calls = argv.flatMap((text) => [...text.matchAll(/\b(?:s6-log|start) ((?:'[^']*'|"[^"]*"|[^|;&<>\n])*)/g)]);
  return calls.map(([, words]) =>
    [...words!.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((word) => word.slice(1).join(""))
  );
}

/** The texts in the code that are printed, as expressions that match what is printed. */
async function texts(): Promise<string[]> {
  const found = new Set<string>();
  for (const path of SOURCES) {
    const source = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
    const told = /(?:invalid|warn|warnings\.push|retryAfter)\(\s*(?:`([^`]*)`|"([^"]*)")/g;
    for (const [, template, plain] of source.matchAll(told)) found.add(template ?? plain!);
    for (const [, template] of source.matchAll(/failed: \(path\) => `([^`]*)`/g)) found.add(`unable to ${template}: `);
  }
  return [...found];
}

function matches(template: string, told: string): boolean {
  const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".*")).test(told);
}

/** What has no row, one line each. */
export async function missingLogRows(rows: readonly Case[]): Promise<string[]> {
  const letters = new Set<string>();
  const directives = new Set<string>();
  for (const line of rows.flatMap(commandLines)) {
    try {
      const { options, args } = parse(log.options, line);
      options.list.forEach(({ letter }) => letters.add(letter));
      args.forEach((word) => directives.add(word[0] ?? ""));
    } catch {
      // A row about a wrong command line.
    }
  }
  const told = rows.map(({ tells, expect }) => `${tells ?? ""}\n${expect?.stderr ?? ""}`).join("\n");
  return [
    ...[...log.options].filter((letter) => letter !== ":" && !letters.has(letter)).map((letter) => `option -${letter}`),
    ...DIRECTIVE_BYTES.filter((byte) => !directives.has(byte)).map((byte) => `directive ${byte}`),
    ...(await texts()).filter((text) => !matches(text, told)).map((text) => `what it says: ${text}`),
  ];
}
