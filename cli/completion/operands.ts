// What can stand where in a command line, read from usage lines: for completion in shells.

import type { Page } from "../pages.ts";

/** What a word is the name of; "none" for what only its writer knows. */
export type OperandKind = "service" | "scandir" | "directory" | "file" | "user" | "group" | "program" | "none";

const KINDS: Readonly<Record<string, OperandKind>> = {
  account: "user",
  command: "program",
  dest: "file",
  dir: "directory",
  dst: "file",
  envdir: "directory",
  fifo: "file",
  fifodir: "directory",
  file: "file",
  fstab: "file",
  group: "group",
  link: "file",
  lockfile: "file",
  logdir: "directory",
  loguser: "user",
  new: "file",
  old: "file",
  path: "file",
  pidfile: "file",
  prog: "program",
  program: "program",
  scandir: "scandir",
  service: "service",
  servicedir: "service",
  src: "file",
  svscandir: "scandir",
  template: "directory",
  user: "user",
  username: "user",
  userscandir: "directory",
};

/** The kind of what a usage line calls by this word. */
function kindOf(word: string): OperandKind {
  const name = word.replace(/\.\.\.$|\d+$/, "");
  return Object.hasOwn(KINDS, name) ? KINDS[name]! : "none";
}

/** A command line: its options are letters, behind them come operands. */
export interface Shape {
  readonly name: string;
  readonly options: readonly {
    readonly letter: string;
    readonly value: OperandKind | undefined;
    readonly meaning: string;
  }[];
  readonly operands: readonly OperandKind[];
  /** The last operand may come again. */
  readonly repeats: boolean;
}

export function shapeOf({ name, usage, options }: Page): Shape {
  const words = operandsIn(usage);
  return {
    name,
    options: options.map(({ letter, value, meaning }) => ({
      letter,
      value: value === undefined ? undefined : kindOf(value),
      meaning,
    })),
    operands: words.map(kindOf),
    repeats: words.at(-1)?.endsWith("...") === true,
  };
}

/** The words of a usage line that are operands. */
export function operandsIn(usage: string): string[] {
  const withoutOptions = usage.replace(/-?\[ -(?:[^[\]]|\[[^[\]]*\])*\]/g, " ");
  return withoutOptions.split(/\s+/).filter((word) => /^\w[\w.]*$/.test(word));
}
