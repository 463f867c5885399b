// The substitution programs: a value under a key is written into all the words that follow. Each is a directive, so that
// multisubstitute can do several in parallel. After execline 2.9, and import from 2.4, which old scripts use.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks, tolerate } from "../../lib/execline/block.ts";
import { frameOf, positionalBindings } from "../../lib/execline/positional.ts";
import { bind, type Bindings, substitute } from "../../lib/execline/substitute.ts";
import { DEFAULT_DELIMITERS, type Transform, transform } from "../../lib/execline/transform.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { EXIT, invalid, UsageError } from "../../lib/report.ts";
import { type Applet, chain, type Manual, type SystemView } from "../applet.ts";
import { Options } from "../getopt.ts";

/** A key and its values, or how to work them out: they can be malformed, but a bad key is reported first. */
export type Binding = readonly [ByteString, readonly ByteString[] | (() => readonly ByteString[])];

export function valuesOf([, values]: Binding): readonly ByteString[] {
  return typeof values === "function" ? values() : values;
}

/** What a directive found: values by key, variables to remove from the environment, and where it ends. */
export interface DirectiveFinding {
  /** Undefined if the values that the directive goes for are not there. */
  readonly bindings: Iterable<Binding> | undefined;
  /** The positional parameters, which are too many to be listed. */
  readonly frame?: Bindings;
  readonly unexport?: ByteString;
  /** The place of the first word behind it. */
  readonly end: number;
}

/** The words in which a directive stands; its operands are those from a place on. A block may hold thousands of them. */
export interface WordPlace {
  readonly words: readonly ByteString[];
  readonly at: number;
}

/** A substitution program without the substitution: what it would put in place of what. */
export interface Directive<S extends string = string> extends Manual<S, ""> {
  readonly name: string;
  readonly usage: string;
  readonly options: S;
  readonly least: number;
  readonly reads?: boolean;
  /** @param outer the blocks of the program that the directive stands in a block of */
  readonly find: (
    image: ProcessImage,
    options: Options<S>,
    place: WordPlace,
    view: SystemView,
    outer?: Blocks,
  ) => DirectiveFinding;
}

export function directive<const S extends string>(declaration: Directive<S>): Directive {
  return declaration as unknown as Directive;
}

/** The program that a directive is on its own. */
export function substitution({ find, ...declaration }: Directive): Applet {
  return chain({
    ...declaration,
    next: (image, { options, args }, view) => {
      const { bindings, frame, unexport, end } = find(image, options, { words: args, at: 0 }, view);
      if (bindings === undefined) throw invalid("bad substitution key", EXIT.system);
      const bound = frame ?? bind(Array.from(bindings, (binding) => [binding[0], valuesOf(binding)] as const));
      const next = image.run(substitute(args.slice(end), bound, view.budget));
      return unexport === undefined ? next : next.withVariables([[unexport, undefined]]);
    },
  });
}

/** The options by which a value is cut up. */
interface TransformOptions {
  value(letter: "d"): ByteString | undefined;
  last(...letters: readonly ("C" | "c" | "n" | "N")[]): string | undefined;
}

function transformOf(options: TransformOptions, split: boolean): Transform {
  return {
    delimiters: options.value("d") ?? DEFAULT_DELIMITERS,
    crunch: options.last("C", "c") === "C",
    chomp: options.last("n", "N") === "n",
    split,
  };
}

const VALUE_HELP = {
  N: "keep a delimiter at the end of the value (default)",
  n: "take one delimiter off the end of the value",
  s: "split the value into words",
  C: "several delimiters in a row are one",
  c: "each delimiter counts (default)",
  d: "the characters that delimit words (default blank, newline, carriage return and tab)",
} as const;

const IMPORT_HELP = {
  i: "exit if there is no such variable",
  D: "the value if there is no such variable",
  u: "remove the variable from the environment",
} as const;

export const defineDirective: Directive = directive({
  name: "define",
  usage: "[ -N | -n ] [ -s ] [ -C | -c ] [ -d delim ] key value prog...",
  summary: "substitute a value for a key in the command line",
  help: VALUE_HELP,
  options: "NnsCcd:",
  least: 2,
  find: (_image, options, { words, at }, { budget }) => {
    const [key = "", value = ""] = [words[at], words[at + 1]];
    const values = (): ByteString[] => transform(value, transformOf(options, options.has("s")), budget);
    return { bindings: [[key, values]], end: at + 2 };
  },
});

export const importasDirective: Directive = directive({
  name: "importas",
  usage: "[ -i | -D default ] [ -u ] [ -N | -n ] [ -s ] [ -C | -c ] [ -d delim ] [ -S ] key var prog...",
  summary: "substitute the value of an environment variable for a key in the command line",
  help: { ...VALUE_HELP, ...IMPORT_HELP, S: "the key is the name of the variable" },
  options: "NnsCcd:iD:uS",
  least: 1,
  find: (image, options, { words, at }, { budget }) => {
    const same = options.has("S");
    const [key, name] = [words[at], words[same ? at : at + 1]];
    if (key === undefined || name === undefined) throw new UsageError();
    const value = image.environment.get(name) ?? (options.has("i") ? undefined : options.value("D"));
    if (value === undefined && options.has("i")) throw invalid(`${name} not set`);
    const values = (): ByteString[] =>
      value === undefined ? [] : transform(value, transformOf(options, options.has("s")), budget);
    return { bindings: [[key, values]], end: at + (same ? 1 : 2), ...(options.has("u") ? { unexport: name } : {}) };
  },
});

/** `import var` is `importas var var`. */
export const importDirective: Directive = directive<string>({
  ...importasDirective,
  name: "import",
  options: "NnsCcd:iD:u",
  usage: "[ -i | -D default ] [ -u ] [ -N | -n ] [ -s ] [ -C | -c ] [ -d delim ] var prog...",
  summary: "substitute the value of an environment variable for its name in the command line",
  help: { ...VALUE_HELP, ...IMPORT_HELP },
  find: (image, { list }, place, view) =>
    importasDirective.find(image, new Options([...list, { letter: "S", value: "" }]), place, view),
});

export const multidefineDirective: Directive = directive({
  name: "multidefine",
  usage: "[ -0 ] [ -r ] [ -N | -n ] [ -C | -c ] [ -d delim ] value { vars... } prog...",
  summary: "split a value and substitute its words for several keys in the command line",
  help: {
    N: "keep a delimiter at the end of the value (default)",
    n: "take one delimiter off the end of the value",
    C: "several delimiters in a row are one",
    c: "each delimiter counts (default)",
    d: "the characters that delimit words",
    0: "a word that is missing is no word, not an empty one",
    r: "the last variable takes all words that are left",
  },
  options: "NnCcd:0r",
  least: 1,
  find: (image, options, { words, at }, { warn, budget }, outer) => {
    const value = words[at] ?? "";
    const blocks = outer?.within(words, at + 1) ?? new Blocks(words, image.environment, warn).within(words, at + 1);
    const keys = blocks.tryTake();
    if (keys === undefined) throw new UsageError();
    if (keys.length === 0) throw invalid("empty block");
    const values = transform(value, transformOf(options, true), budget);
    const missing: readonly ByteString[] = options.has("0") ? [] : [""];
    const last = keys.findLastIndex((key) => key !== "");
    const surplus = options.has("r") ? Math.max(0, values.length - keys.length) : 0;
    const bindings = keys.map((key, place): [ByteString, readonly ByteString[]] => [
      key,
      place < values.length ? values.slice(place, place + 1 + (place === last ? surplus : 0)) : missing,
    ]);
    return { bindings: bindings.filter(([key]) => key !== ""), end: blocks.place };
  },
});

export const elgetpositionalsDirective: Directive = directive({
  name: "elgetpositionals",
  usage: "[ -P num ] prog...",
  summary: "substitute the positional parameters in the command line",
  help: { P: "there are this many parameters at least; those that are missing are empty" },
  options: "P:",
  least: 0,
  find: (image, options, { at }, view) => {
    const least = options.number("P") ?? 0;
    const frame = frameOf(image.environment, view.budget);
    const got = frame?.args.length ?? 0;
    if (frame !== undefined && got < least) {
      tolerate(`too few arguments: expected at least ${least} but got ${got}`, image.environment, view.warn);
    }
    if (frame === undefined) return { bindings: undefined, end: at };
    return { bindings: [], frame: positionalBindings(frame, least), end: at };
  },
});

export const define: Applet = substitution(defineDirective);
export const importas: Applet = substitution(importasDirective);
export const importSame: Applet = substitution(importDirective);
export const multidefine: Applet = substitution(multidefineDirective);
export const elgetpositionals: Applet = substitution(elgetpositionalsDirective);
