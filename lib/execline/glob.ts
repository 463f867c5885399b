// Globbing as glob(3) does it: a pattern of path components against the names in directories. `*`, `?`, `[...]`; a
// leading dot is only matched by a dot.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { OsError } from "../report.ts";
import { bracketAt, literalSource } from "./bracket.ts";

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
    } else if (char === "\\" && escape && at + 1 < pattern.length) result += literalSource(pattern[++at]!);
    else result += literalSource(char);
  }
  return result;
}
