// The logging script: one word is one directive, known by its first byte. Selections, then actions, make a group; a
// selection behind an action opens the next group. Settings hold for every later action until they are changed.
// Follows s6-log(8), the script; all errors of the script are exit code 100.

import type { ByteString } from "../bytes.ts";
import { BadPattern } from "../regexp/bracket.ts";
import { parseExpression, type Tree } from "../regexp/syntax.ts";
import { invalid } from "../report.ts";

/**
 * One selection: `take` selects matching lines (+), `drop` deselects them (-), `rest` selects unhandled lines (f).
 * Without an expression every line matches.
 */
export type Selection =
  | { readonly select: "take" | "drop"; readonly expression: Tree | undefined }
  | { readonly select: "rest" };

/** What stands before the text of a line: stamps in the order TAI64N, local time, then the prefix. */
export interface Label {
  readonly tai: boolean;
  readonly local: boolean;
  readonly prefix: ByteString;
}

/** How a log directory is kept. Sizes are bytes. */
export interface Keeping {
  readonly archives: number;
  readonly size: number;
  readonly tolerance: number;
  /** All archives together; 0 is without limit. */
  readonly total: number;
  /** Seconds between rotations of a directory that was written to; 0 is never. */
  readonly interval: number;
  /** Milliseconds from an error to the next attempt. */
  readonly retry: number;
  /** The command that works on each finished file, as the words to run. */
  readonly processor: readonly ByteString[] | undefined;
}

export type LogAction =
  & { readonly label: Label }
  & (
    | { readonly do: "stdout" }
    | { readonly do: "alert"; readonly cut: number }
    | { readonly do: "status"; readonly file: ByteString; readonly size: number }
    | { readonly do: "directory"; readonly path: ByteString; readonly keeping: Keeping }
  );

export interface Group {
  readonly selections: readonly Selection[];
  readonly actions: readonly LogAction[];
}

export interface Script {
  /** The last group may be without actions; it does nothing then. */
  readonly groups: readonly Group[];
}

const SMALLEST = 4096;
const LARGEST = 268435455;
const UNSIGNED = 0xffffffffn;
const UNSIGNED_LONG = 0xffffffffffffffffn;

type Settings =
  & { -readonly [K in keyof Keeping]: Keeping[K] }
  & { cut: number; statusSize: number }
  & {
    -readonly [K in keyof Label]: Label[K];
  };

interface Draft {
  readonly settings: Settings;
  readonly groups: { selections: Selection[]; actions: LogAction[] }[];
}

/** The directives by first byte. `text` is the rest of the word. */
const DIRECTIVES: Readonly<Record<string, (draft: Draft, text: ByteString, word: ByteString) => void>> = {
  "+": (draft, text, word) => select(draft, { select: "take", expression: expression(text, word) }),
  "-": (draft, text, word) => select(draft, { select: "drop", expression: expression(text, word) }),
  f: (draft) => select(draft, { select: "rest" }),
  n: ({ settings }, text, word) => settings.archives = number(text, word),
  s: ({ settings }, text, word) => settings.size = Math.min(LARGEST, Math.max(SMALLEST, number(text, word))),
  S: ({ settings }, text, word) => settings.total = number(text, word, UNSIGNED_LONG),
  l: ({ settings }, text, word) => {
    settings.tolerance = number(text, word);
    if (settings.tolerance > settings.size / 2) throw invalid(`directive ${word} conflicts with previous s directive`);
  },
  r: ({ settings }, text, word) => settings.retry = number(text, word),
  R: ({ settings }, text, word) => settings.interval = number(text, word),
  E: ({ settings }, text, word) => settings.cut = number(text, word),
  "^": ({ settings }, text, word) => settings.statusSize = number(text, word),
  "!": ({ settings }, text) => settings.processor = text === "" ? undefined : ["execlineb", "-Pc", text],
  "?": ({ settings }, text) => settings.processor = text === "" ? undefined : ["/bin/sh", "-c", text],
  p: ({ settings }, text) => settings.prefix = text,
  t: ({ settings }) => settings.tai = true,
  T: ({ settings }) => settings.local = true,
  1: (draft) => act(draft, (label) => ({ label, do: "stdout" })),
  2: alert,
  e: alert,
  "=": (draft, text) => act(draft, (label, { statusSize }) => ({ label, do: "status", file: text, size: statusSize })),
  ".": directory,
  "/": directory,
};

/** What a directive may begin with. */
export const DIRECTIVE_BYTES: readonly string[] = Object.keys(DIRECTIVES);

function select(draft: Draft, selection: Selection): void {
  const last = draft.groups.at(-1);
  if (last === undefined || last.actions.length > 0) draft.groups.push({ selections: [selection], actions: [] });
  else last.selections.push(selection);
}

/** Adds an action. The stamps of `t` and `T` are used up by it; everything else stays set. */
function act({ settings, groups }: Draft, make: (label: Label, settings: Settings) => LogAction): void {
  const { tai, local, prefix } = settings;
  settings.tai = settings.local = false;
  if (groups.length === 0) groups.push({ selections: [], actions: [] });
  groups.at(-1)!.actions.push(make({ tai, local, prefix }, settings));
}

function alert(draft: Draft): void {
  act(draft, (label, { cut }) => ({ label, do: "alert", cut }));
}

function directory(draft: Draft, _text: ByteString, word: ByteString): void {
  act(draft, (label, { archives, size, tolerance, total, interval, retry, processor }) => {
    const keeping = { archives, size, tolerance, total, interval, retry, processor };
    return { label, do: "directory", path: word, keeping };
  });
}

/** Errors of a script are reported in its order, so that a bad expression is found here. */
function expression(text: ByteString, word: ByteString): Tree | undefined {
  if (text === "") return undefined;
  try {
    return parseExpression(text, { extended: true, ignoreCase: false, byLine: true }).tree;
  } catch (error) {
    throw error instanceof BadPattern ? unrecognized(word) : error;
  }
}

function unrecognized(word: ByteString): Error {
  return invalid(`unrecognized directive: ${word}`);
}

function syntaxError(word: ByteString): Error {
  return invalid(`syntax error at directive: ${word}`);
}

function number(text: ByteString, word: ByteString, most: bigint = UNSIGNED): number {
  if (!/^[0-9]+$/.test(text) || BigInt(text) > most) throw unrecognized(word);
  return Number(text);
}

/** Words that are right only as they are. */
const ALONE = /^[ftT12]./s;
const ACTION = /^[12e=./]/;

/** What can be said of the words before they are parsed in full. */
function checkShape(words: readonly ByteString[], warn: (text: string) => void): void {
  for (const word of words) {
    if (!Object.hasOwn(DIRECTIVES, word[0] ?? "") || /^e./s.test(word)) throw unrecognized(word);
    if (ALONE.test(word) || word === "=") throw syntaxError(word);
  }
  const last = words.findLastIndex((word) => ACTION.test(word));
  if (last < 0) throw invalid("no action directive specified");
  if (words.includes("e")) warn("directive e is deprecated, use 2 instead");
  if (words.slice(last).some((word) => /^[-+f]/.test(word))) warn("ignoring extraneous non-action directives");
}

/**
 * Reads a logging script. What is wrong in the shape of a word is found before a wrong number or expression.
 * @param warn takes a line for what is odd in it, but harmless
 * @throws Failure with exit code 100 on the first word that is wrong
 */
export function parseScript(words: readonly ByteString[], warn: (text: string) => void = () => {}): Script {
  checkShape(words, warn);
  const settings: Settings = {
    ...{ archives: 10, size: 99999, tolerance: 2000, total: 0, interval: 0, retry: 2000, processor: undefined },
    ...{ cut: 200, statusSize: 1001, tai: false, local: false, prefix: "" },
  };
  const draft: Draft = { settings, groups: [] };
  for (const word of words) DIRECTIVES[word[0]!]!(draft, word.slice(1), word);
  return { groups: draft.groups };
}
