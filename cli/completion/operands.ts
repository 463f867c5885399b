// What can stand where in a command line, read from usage lines: for completion in shells.

import type { Page } from "../pages.ts";

/** One of a list that is known when the completion is printed; a page is a program that s6-overlay help knows. */
type ListedKind = "subcommand" | "page" | "signal" | "shell";

/** What a word is the name of; "none" for what only its writer knows. */
export type OperandKind =
  | ListedKind
  | "service"
  | "servicedir"
  | "scandir"
  | "directory"
  | "file"
  | "user"
  | "group"
  | "program"
  | "none";

type Kinds = Readonly<Record<string, OperandKind>>;

const KINDS: Kinds = {
  account: "user",
  command: "program",
  compiled: "directory",
  dest: "file",
  destdir: "directory",
  dir: "directory",
  dst: "file",
  envdir: "directory",
  fdholder_user: "user",
  fifo: "file",
  fifodir: "directory",
  file: "file",
  fstab: "file",
  group: "group",
  link: "file",
  live: "directory",
  lockfile: "file",
  logdir: "directory",
  loguser: "user",
  new: "file",
  newdb: "directory",
  old: "file",
  path: "file",
  pidfile: "file",
  prog: "program",
  program: "program",
  scandir: "scandir",
  service: "servicedir",
  servicedir: "servicedir",
  servicedirs: "servicedir",
  sources: "directory",
  src: "file",
  subcommand: "subcommand",
  svscandir: "scandir",
  template: "directory",
  user: "user",
  username: "user",
  userscandir: "directory",
};

/** Subcommands call a service by its name alone, and programs are those that they know. */
const KINDS_OF_SUBCOMMANDS: Kinds = {
  file: "file",
  program: "page",
  root: "directory",
  service: "service",
  shell: "shell",
  signal: "signal",
  subcommand: "subcommand",
};

/** The kind of what a usage line calls by this word; undefined for none. */
function kindIn(kinds: Kinds, word: string): OperandKind | undefined {
  const name = word.replace(/\.\.\.$|\d+$/, "");
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

/** What may stand in one place: names of these kinds, or one of these words. */
export interface Operand {
  readonly kinds: readonly OperandKind[];
  readonly words: readonly string[];
}

/** A command line: its options are letters, behind them come operands. */
export interface Shape {
  /** That of a subcommand has two words. It takes options behind operands too, and long ones: "-ready" is a letter. */
  readonly name: string;
  readonly summary: string;
  readonly options: readonly {
    readonly letter: string;
    readonly value: OperandKind | undefined;
    readonly meaning: string;
  }[];
  readonly operands: readonly Operand[];
  /** The last operand may come again. */
  readonly repeats: boolean;
}

/** All that completion knows. */
export interface CommandLines {
  readonly programs: readonly Shape[];
  readonly subcommands: readonly Shape[];
  readonly lists: Readonly<Record<ListedKind, readonly string[]>>;
}

export function shapeOf(page: Page): Shape {
  const words = operandsIn(page.usage);
  const operands = words.map((word) => ({ kinds: [kindIn(KINDS, word) ?? "none"], words: [] }));
  return shaped(page, KINDS, operands, words.at(-1));
}

export function shapeOfSubcommand(page: Page): Shape {
  const places = placesIn(page.usage);
  return shaped(page, KINDS_OF_SUBCOMMANDS, places.map(choice), places.at(-1)?.[0]);
}

function shaped(page: Page, kinds: Kinds, operands: readonly Operand[], last: string | undefined): Shape {
  const { name, summary, options } = page;
  return {
    name,
    summary,
    options: options.map(({ letter, value, meaning }) => ({
      letter,
      value: value === undefined ? undefined : kindIn(kinds, value) ?? "none",
      meaning,
    })),
    operands,
    repeats: last?.endsWith("...") === true,
  };
}

/** Among several, a word that is no name of something stands for itself. */
function choice(words: readonly string[]): Operand {
  const kinds = words.flatMap((word) => kindIn(KINDS_OF_SUBCOMMANDS, word) ?? []);
  if (words.length === 1) return { kinds: kinds.length === 1 ? kinds : ["none"], words: [] };
  return { kinds, words: words.filter((word) => kindIn(KINDS_OF_SUBCOMMANDS, word) === undefined) };
}

/** The words of a usage line that are operands. */
export function operandsIn(usage: string): string[] {
  return withoutOptions(usage).split(/\s+/).filter((word) => /^\w[\w.]*$/.test(word));
}

/** The same by place. Of "service... | all", only a service may come again. */
export function placesIn(usage: string): string[][] {
  const places = withoutOptions(usage).replaceAll(" | ", "|").split(/\s+/).filter((place) => /^\w[\w.|]*$/.test(place));
  return places.map((place) => place.split("|")).flatMap((words) => {
    const again = words.filter((word) => word.endsWith("..."));
    return words.length > 1 && again.length > 0 ? [words, again] : [words];
  });
}

function withoutOptions(usage: string): string {
  return usage.replace(/ \([^)]*\)/g, "").replace(/-?\[ -(?:[^[\]]|\[[^[\]]*\])*\]/g, " ").replace(/ \| -.*$/, "");
}
