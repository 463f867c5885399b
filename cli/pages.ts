// The texts for people about the programs, by family: help, man pages and completion are printed from it. In the bundle
// the declarations are without these texts, and scripts/strip.ts puts them in place of this module.

import type { Applet } from "./applet.ts";
import { families } from "./index.ts";

/** What there is to tell about a program. */
export interface Page {
  readonly name: string;
  readonly kind: Applet["kind"];
  /** The words behind the name. */
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly PageOption[];
  readonly exits: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** An option that people use. */
export interface PageOption {
  readonly letter: string;
  /** Its other name; undefined if it has none. */
  readonly long?: string;
  /** What its value is called in the usage line; undefined for one that stands alone. */
  readonly value: string | undefined;
  readonly meaning: string;
}

/** The families of programs. */
export const FAMILIES: readonly string[] = Object.keys(families);

/** The family of the program of that name; empty if there is none. */
export function familyOf(name: string): string {
  return FAMILIES.find((family) => Object.hasOwn(families[family]!, name)) ?? "";
}

/** The pages of a family, in the order of their names. */
export async function pagesOf(family: string): Promise<readonly Page[]> {
  return await Promise.all(Object.values(families[family]!).map(async (load) => pageOf(await load())));
}

/** What a declaration says. */
export function pageOf(applet: Applet): Page {
  const { name, kind, usage, summary, exits = {}, notes = [] } = applet;
  return { name, kind, usage, summary, options: optionsOf(applet), exits, notes };
}

function optionsOf({ options, usage, help = {}, long }: Applet): PageOption[] {
  const names = new Map(Object.entries(long?.names ?? {}).map(([name, letter]) => [letter, name]));
  return Object.entries(help).map(([letter, meaning]) => {
    const takesValue = options[options.indexOf(letter) + 1] === ":";
    const name = names.get(letter);
    return {
      letter,
      ...(name === undefined ? {} : { long: name }),
      value: takesValue ? valueName(letter, usage) : undefined,
      meaning,
    };
  });
}

/** The word behind the option in the usage line. */
function valueName(letter: string, usage: string): string {
  const word = new RegExp(`-${letter} ([^ \\]|]+)`).exec(usage)?.[1]?.replaceAll('"', "") ?? "value";
  return word.includes(",") ? "list" : word;
}
