// What the rows of tests/cases leave out. Each option of a program, and each way to call it wrongly, should have a row.
// Programs are looked for wherever a row names one: in its command, in its blocks, in the scripts it is given.

import type { Applet } from "../../cli/applet.ts";
import { NO_OPTIONS, parse } from "../../cli/getopt.ts";
import { lex } from "../../lib/execline/lexer.ts";
import type { Case } from "./harness.ts";

/** A program as a row calls it; options and operands are undefined if they are not a right command line. */
interface Found {
  readonly words: readonly string[];
  readonly letters: ReadonlySet<string> | undefined;
  readonly args: readonly string[] | undefined;
  /** EXECLINE_STRICT of the row. */
  readonly strict: string | undefined;
}

/** What a usage line says of the words behind the options. */
interface Shape {
  /** How many operands come before the blocks, or before the rest. */
  readonly operands: number;
  readonly blocks: number;
  /** A command to go on with ends the line. */
  readonly rest: boolean;
}

/** Reads a usage line. */
export function callShapeOf(usage: string): Shape {
  let brackets = 0;
  let braces = 0;
  const shape = { operands: 0, blocks: 0, rest: false };
  for (const word of usage.split(" ")) {
    if (word === "[" || word === "-[") brackets++;
    else if (word === "]") brackets--;
    else if (word === "{") braces++;
    else if (word === "}" && --braces === 0) shape.blocks++;
    else if (braces > 0 || word.startsWith("-")) continue;
    else if (word.endsWith("...")) shape.rest = true;
    else if (brackets === 0) shape.operands++;
  }
  return shape;
}

/** The command lines in a row: its own, and those of the scripts in it. */
function commandLines({ argv, files = {} }: Case): readonly string[][] {
  const scripts = Object.values(files).flatMap((given) =>
    typeof given === "string" ? [given] : "content" in given ? [given.content] : []
  );
  for (const [at, word] of argv.entries()) if (/^ *-[A-Za-z0-9]*c$/.test(word)) scripts.push(argv[at + 1] ?? "");
  const lines = [[...argv]];
  for (const script of scripts) {
    try {
      lines.push(lex(script));
    } catch {
      // A row about what is not a script.
    }
  }
  return lines;
}

/** The words behind a program that belong to it, without the blanks of the blocks around it. */
function wordsBehind(line: readonly string[], at: number, level: number): string[] {
  const words: string[] = [];
  for (const word of line.slice(at + 1)) {
    if (!word.startsWith(" ".repeat(level))) break;
    words.push(word.slice(level));
  }
  return words;
}

/** Every call of these applets in the rows, by name. */
function callsIn(rows: readonly Case[], applets: ReadonlyMap<string, Applet>): ReadonlyMap<string, Found[]> {
  const found = new Map([...applets.keys()].map((name): [string, Found[]] => [name, []]));
  for (const row of rows) {
    for (const line of commandLines(row)) {
      for (const [at, word] of line.entries()) {
        const name = word.trimStart();
        const applet = applets.get(name);
        if (applet === undefined) continue;
        found.get(name)!.push(read(applet, wordsBehind(line, at, word.length - name.length), row));
      }
    }
  }
  return found;
}

function read(applet: Applet, words: readonly string[], row: Case): Found {
  const strict = row.env?.["EXECLINE_STRICT"];
  try {
    const { options, args } = parse(applet.options, words);
    return { words, letters: new Set(options.list.map(({ letter }) => letter)), args, strict };
  } catch {
    return { words, letters: undefined, args: undefined, strict };
  }
}

/** Names that rows give programs which are not there. */
const MISSING: ReadonlySet<string> = new Set(["nope", "no-such-program"]);

type Wish = readonly [what: string, isMet: (call: Found) => boolean];

/** The rows that an applet should have. */
function wishesOf({ options, ignored = "", least, usage, kind }: Applet): Wish[] {
  const { operands, blocks, rest } = callShapeOf(usage);
  const letters = options === NO_OPTIONS
    ? []
    : [...options].filter((letter) => letter !== ":" && !ignored.includes(letter));
  const wishes: Wish[] = letters.map((letter) => [`option -${letter}`, (call) => call.letters?.has(letter) === true]);
  if (options !== NO_OPTIONS) wishes.push(["an unknown option", (call) => call.letters === undefined]);
  if (least > 0) wishes.push(["too few operands", ({ args }) => args !== undefined && args.length < least]);
  if (blocks > 0) wishes.push(...blockWishes(operands));
  if (!rest || kind === "utility") return wishes;
  const isEmpty = (args: readonly string[]): boolean => restOf(args, operands, blocks)?.length === 0;
  return [
    ...wishes,
    ["no program", ({ args }) => args !== undefined && (args.length < least || isEmpty(args))],
    [
      "a program that is not there",
      ({ args }) => args !== undefined && restOf(args, operands, blocks)?.some((word) => MISSING.has(word)) === true,
    ],
  ];
}

/** The words behind the operands and the blocks; undefined if they are not all there. */
function restOf(args: readonly string[], operands: number, blocks: number): readonly string[] | undefined {
  let rest = args.slice(operands);
  for (let block = 0; block < blocks; block++) {
    const end = rest.indexOf("");
    if (end < 0) return undefined;
    rest = rest.slice(end + 1);
  }
  return rest;
}

function blockWishes(operands: number): Wish[] {
  const behind = ({ args }: Found): readonly string[] => args?.slice(operands) ?? [];
  const unquoted = (call: Found): boolean => {
    const words = behind(call);
    return words.slice(0, Math.max(0, words.indexOf(""))).some((word) => !word.startsWith(" "));
  };
  return [
    ["an unterminated block", (call) => behind(call).length > 0 && !behind(call).includes("")],
    ["an empty block", (call) => behind(call)[0] === ""],
    ["unquoted words in a block, warned of", (call) => call.strict === "1" && unquoted(call)],
    ["unquoted words in a block, refused", (call) => call.strict === "2" && unquoted(call)],
  ];
}

/** What has no row, one line each. */
export function missingRows(rows: readonly Case[], applets: ReadonlyMap<string, Applet>): string[] {
  const calls = callsIn(rows, applets);
  return [...applets].flatMap(([name, applet]) =>
    wishesOf(applet).filter(([, isMet]) => !calls.get(name)!.some(isMet)).map(([what]) => `${name}: ${what}`)
  );
}
