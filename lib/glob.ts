// File names that match a pattern of the shell, as glob(3) and fnmatch(3) have it: * ? [...] and backslash, on bytes.
// No braces, no tilde. A name that begins with a dot is matched only by a pattern that begins with one.

import type { ByteString } from "./bytes.ts";
import { isErrno } from "./report.ts";

/** The ports that finding names needs. */
export interface GlobPorts {
  listDirectory(path: ByteString): ByteString[];
  /** A link that leads nowhere exists. Throwing means no. */
  exists(path: ByteString): boolean;
}

export interface GlobOptions {
  /** By bytes. Without it names come in the directory's order (GLOB_NOSORT). */
  readonly sort?: boolean;
  /** Append a slash to directories, even a second one (GLOB_MARK). */
  readonly mark?: boolean;
  /** A backslash is a character like others (GLOB_NOESCAPE). */
  readonly literalBackslash?: boolean;
  /** Told of each directory that cannot be read, other than because it is none; it may throw to give up. */
  readonly onError?: (directory: ByteString, error: unknown) => void;
}

/** One place of a pattern between slashes. */
type Token = { readonly any: "run" | "one" } | { readonly set: ReadonlySet<number> } | { readonly byte: number };
type Piece = { readonly name: ByteString } | { readonly tokens: readonly Token[] };

/** True if the pattern has anything in it that could match more than one name. */
export function isPattern(text: ByteString, literalBackslash = false): boolean {
  return text.split("/").some((piece) => "tokens" in parse(piece, !literalBackslash));
}

/** True if a whole name, without slashes, matches. */
export function matches(pattern: ByteString, name: ByteString): boolean {
  return fits(parse(pattern, true), name);
}

/** The existing paths that match; none is an empty list. A link that leads nowhere exists. */
export function glob(ports: GlobPorts, pattern: ByteString, options: GlobOptions = {}): ByteString[] {
  if (pattern === "") return [];
  // Odd places hold the slashes, which the paths found keep as they are.
  const words = pattern.split(/(\/+)/);
  const pieces = words.map((word) => parse(word, options.literalBackslash !== true));
  let found = [...expand(ports, pieces, 0, "", options)];
  if (options.mark) found = found.map((path) => isDirectory(ports, path) ? `${path}/` : path);
  return options.sort ? found.sort() : found;
}

/** The matches of the pieces from `at` on, below a path that ends in a slash or is empty. */
function* expand(
  ports: GlobPorts,
  pieces: readonly Piece[],
  at: number,
  below: ByteString,
  options: GlobOptions,
): Generator<ByteString> {
  let path = below;
  let next = at;
  for (; next < pieces.length; next++) {
    const piece = pieces[next]!;
    if (!("name" in piece)) break;
    path += piece.name;
  }
  const piece = pieces[next];
  if (piece === undefined) {
    const found = settled(ports, path);
    if (found !== undefined) yield found;
    return;
  }
  for (const name of namesIn(ports, path, options)) {
    if (!fits(piece, name)) continue;
    if (next === pieces.length - 1) yield path + name;
    else if (isDirectory(ports, path + name)) yield* expand(ports, pieces, next + 1, path + name, options);
  }
}

/** A path without patterns, if it exists. As glob(3) has it, a file loses the slash at its end. */
function settled(ports: GlobPorts, path: ByteString): ByteString | undefined {
  if (exists(ports, path)) return path;
  const bare = path.replace(/\/+$/, "");
  return bare !== path && exists(ports, bare) ? bare : undefined;
}

function namesIn(ports: GlobPorts, path: ByteString, { onError, sort }: GlobOptions): ByteString[] {
  try {
    // "." and ".." are entries too, which a pattern like .* matches.
    const names = [".", "..", ...ports.listDirectory(path === "" ? "." : path)];
    return sort ? names.sort() : names;
  } catch (error) {
    if (!isErrno(error, "ENOTDIR")) onError?.(path, error);
    return [];
  }
}

function isDirectory(ports: GlobPorts, path: ByteString): boolean {
  return exists(ports, path.endsWith("/") ? `${path}.` : `${path}/.`);
}

/** What cannot be looked at might as well not be there. */
function exists(ports: GlobPorts, path: ByteString): boolean {
  try {
    return ports.exists(path);
  } catch {
    return false;
  }
}

function parse(text: ByteString, escapes: boolean): Piece {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const char = text[at]!;
    const bracket = char === "[" ? parseSet(text, at, escapes) : undefined;
    if (bracket !== undefined) {
      tokens.push({ set: bracket.set });
      at = bracket.end;
    } else if (char === "*" || char === "?") {
      tokens.push({ any: char === "*" ? "run" : "one" });
      at++;
    } else {
      if (char === "\\" && escapes && at + 1 < text.length) at++;
      tokens.push({ byte: text.charCodeAt(at++) });
    }
  }
  if (!tokens.every((token) => "byte" in token)) return { tokens };
  return { name: String.fromCharCode(...tokens.map(({ byte }) => byte)) };
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  // deno-lint-ignore no-control-regex
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t-\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** The bytes that a bracket expression stands for, and where it ends; undefined if it is none but a plain "[". */
export function parseSet(
  text: ByteString,
  start: number,
  escapes: boolean,
): { set: Set<number>; end: number } | undefined {
  const set = new Set<number>();
  const negated = text[start + 1] === "!" || text[start + 1] === "^";
  const first = start + (negated ? 2 : 1);
  let at = first;
  const nextByte = (): number => {
    if (text[at] === "\\" && escapes) at++;
    return text.charCodeAt(at++); // NaN behind the end
  };
  // A "]" in the first place stands for itself.
  while (at < text.length && (text[at] !== "]" || at === first)) {
    const named = /^\[:([a-z]+):\]/.exec(text.slice(at));
    if (named !== null) {
      for (let byte = 0; byte < 256; byte++) if (CLASSES[named[1]!]?.test(String.fromCharCode(byte))) set.add(byte);
      at += named[0].length;
      continue;
    }
    const low = nextByte();
    const isRange = text[at] === "-" && at + 1 < text.length && text[at + 1] !== "]";
    if (isRange) at++;
    const high = isRange ? nextByte() : low;
    for (let byte = low; byte <= high; byte++) set.add(byte);
  }
  if (at >= text.length) return undefined;
  if (!negated) return { set, end: at + 1 };
  return { set: new Set(Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !set.has(byte))), end: at + 1 };
}

function fits(piece: Piece, name: ByteString): boolean {
  if ("name" in piece) return piece.name === name;
  const { tokens } = piece;
  if (name.startsWith(".") && !("byte" in tokens[0]!)) return false;
  let token = 0;
  let byte = 0;
  // Where to go on after the last run, one byte further each time: earlier runs need no second try.
  let retry: { token: number; byte: number } | undefined;
  while (byte < name.length || token < tokens.length) {
    const wanted = tokens[token];
    if (wanted !== undefined && "any" in wanted && wanted.any === "run") {
      retry = { token: ++token, byte };
    } else if (wanted !== undefined && byte < name.length && accepts(wanted, name.charCodeAt(byte))) {
      token++;
      byte++;
    } else {
      if (retry === undefined || retry.byte >= name.length) return false;
      retry.byte++;
      ({ token, byte } = retry);
    }
  }
  return true;
}

function accepts(token: Token, byte: number): boolean {
  if ("set" in token) return token.set.has(byte);
  return "byte" in token ? token.byte === byte : true;
}
