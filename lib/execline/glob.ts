// Globbing as glob(3) does it: a pattern of path components against the names in directories. `*`, `?`, `[...]`; a
// leading dot is only matched by a dot.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { OsError } from "../report.ts";

export interface GlobView extends Pick<Os, "listDirectory"> {
  exists(path: ByteString): boolean;
}

export interface GlobOptions {
  /** A backslash makes the next character ordinary. */
  readonly escape: boolean;
  /** Append a slash to directories. */
  readonly mark: boolean;
  readonly onError: (error: OsError) => void;
}

/** The paths that match, in the order of their directories. */
export function glob(view: GlobView, pattern: ByteString, options: GlobOptions): ByteString[] {
  const root = /^\/*/.exec(pattern)![0];
  let paths = [root];
  // Components and the slashes behind them, which a found path keeps.
  for (const [, component = "", slashes = ""] of pattern.slice(root.length).matchAll(/([^/]+)(\/*)/g)) {
    paths = paths.flatMap((path) => matches(view, path, component, options)).map((path) => path + slashes);
    if (slashes !== "") paths = paths.filter((path) => isDirectory(view, path));
  }
  if (root === pattern) return view.exists(root) && root !== "" ? [root] : [];
  return options.mark ? paths.map((path) => !path.endsWith("/") && isDirectory(view, path) ? `${path}/` : path) : paths;
}

function matches(view: GlobView, base: ByteString, component: ByteString, options: GlobOptions): ByteString[] {
  const literal = literalOf(component, options.escape);
  if (literal !== undefined) return view.exists(base + literal) ? [base + literal] : [];
  const expression = componentPattern(component, options.escape);
  return list(view, base, options).filter((name) => expression.test(name)).map((name) => base + name);
}

function list(view: GlobView, directory: ByteString, options: GlobOptions): ByteString[] {
  try {
    return [".", "..", ...view.listDirectory(directory === "" ? "." : directory)];
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    if (error.errno !== "ENOTDIR" && error.errno !== "ENOENT") options.onError(error);
    return [];
  }
}

function isDirectory(view: GlobView, path: ByteString): boolean {
  return view.exists(path.endsWith("/") ? `${path}.` : `${path}/.`);
}

/** The name a component without wildcards stands for. */
function literalOf(component: ByteString, escape: boolean): ByteString | undefined {
  const plain = escape ? component.replace(/\\(.)/gs, "") : component;
  if (/[*?[]/.test(plain)) return undefined;
  return escape ? component.replace(/\\(.)/gs, "$1") : component;
}

/** A component as a regular expression on bytes. */
export function componentPattern(component: ByteString, escape: boolean): RegExp {
  return new RegExp(
    `^${component.startsWith(".") || component.startsWith("\\.") ? "" : "(?!\\.)"}${source(component, escape)}$`,
    "s",
  );
}

function source(pattern: ByteString, escape: boolean): string {
  let result = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const bracket = char === "[" ? bracketAt(pattern, at, escape) : undefined;
    if (char === "*") result += ".*";
    else if (char === "?") result += ".";
    else if (bracket !== undefined) {
      result += bracket.source;
      at = bracket.end - 1;
    } else if (char === "\\" && escape && at + 1 < pattern.length) result += literal(pattern[++at]!);
    else result += literal(char);
  }
  return result;
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\s",
  upper: "A-Z",
  xdigit: "0-9A-Fa-f",
};

/** The set that a "[" opens, as a regular expression; undefined if nothing closes it. */
export function bracketAt(
  pattern: ByteString,
  at: number,
  escape: boolean,
): { source: string; end: number } | undefined {
  const negated = pattern[at + 1] === "!" || pattern[at + 1] === "^";
  let set = "";
  const first = at + (negated ? 2 : 1);
  for (let here = first; here < pattern.length;) {
    const char = pattern[here]!;
    if (char === "]" && here > first) return { source: `[${negated ? "^" : ""}${set}]`, end: here + 1 };
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(here));
    if (named !== null && CLASSES[named[1]!] !== undefined) {
      set += CLASSES[named[1]!];
      here += named[0].length;
    } else if (char === "-" && here > first && pattern[here + 1] !== "]") {
      set += "-";
      here++;
    } else if (char === "\\" && escape && here + 1 < pattern.length) {
      set += literal(pattern[here + 1]!);
      here += 2;
    } else {
      set += literal(char);
      here++;
    }
  }
  return undefined;
}

function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}
