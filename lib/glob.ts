// File names that match a pattern of the shell, as glob(3) and fnmatch(3) have it: * ? [...] and backslash, on bytes.
// No braces, no tilde. A name that begins with a dot is matched only by a pattern that begins with one.

import type { ByteString } from "./bytes.ts";
import { type Meter, UNMETERED } from "./meter.ts";
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
  /** Called with each directory that cannot be read, other than because it is none; it may throw to give up. */
  readonly onError?: (directory: ByteString, error: unknown) => void;
  /** Counts what it costs: a pattern may lead to any number of names. */
  readonly meter?: Meter;
}

/** One place of a pattern between slashes. */
type Token = { readonly any: "run" | "one" } | { readonly set: Uint8Array } | { readonly byte: number };
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
  options.meter?.steps(pattern.length);
  // Odd places hold the slashes, which the paths found keep as they are.
  const words = pattern.split(/(\/+)/);
  const pieces = words.map((word) => parse(word, options.literalBackslash !== true));
  let found = Array.from(expand(ports, pieces, options));
  if (options.mark) found = found.map((path) => isDirectory(ports, path) ? `${path}/` : path);
  return options.sort ? found.sort() : found;
}

/** A place on the way: what is left of the names below a path, all of which match the piece. */
interface Level {
  readonly path: ByteString;
  readonly piece: number;
  readonly names: Iterator<ByteString>;
}

/** The matches of all pieces, those of one directory after the other. */
function* expand(ports: GlobPorts, pieces: readonly Piece[], options: GlobOptions): Generator<ByteString> {
  const enter = (below: ByteString, from: number): Level | ByteString | undefined => {
    let [path, at] = [below, from];
    for (; at < pieces.length; at++) {
      const piece = pieces[at]!;
      if ("tokens" in piece) return { path, piece: at, names: matching(ports, path, piece, options) };
      path += piece.name;
    }
    return settled(ports, path);
  };
  const levels: Level[] = [];
  for (let next = enter("", 0);;) {
    if (typeof next === "string") yield next;
    else if (next !== undefined) levels.push(next);
    const level = levels.at(-1);
    if (level === undefined) return;
    const { done, value: name } = level.names.next();
    next = undefined;
    if (done) levels.pop();
    else if (level.piece === pieces.length - 1) next = level.path + name;
    else if (isDirectory(ports, level.path + name)) next = enter(level.path + name, level.piece + 1);
  }
}

function* matching(
  ports: GlobPorts,
  path: ByteString,
  piece: Piece & { readonly tokens: unknown },
  options: GlobOptions,
): Generator<ByteString> {
  const meter = options.meter ?? UNMETERED;
  for (const name of namesIn(ports, path, options)) {
    meter.steps(2);
    if (!fits(piece, name, meter)) continue;
    meter.steps((path.length + name.length) >> 6);
    yield name;
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

/** What cannot be inspected counts as missing. */
function exists(ports: GlobPorts, path: ByteString): boolean {
  try {
    return ports.exists(path);
  } catch {
    return false;
  }
}

function parse(text: ByteString, escapes: boolean): Piece {
  const tokens: Token[] = [];
  const brackets = new Brackets(text, escapes);
  let name = "";
  for (let at = 0; at < text.length;) {
    const char = text[at]!;
    const bracket = char === "[" ? brackets.at(at) : undefined;
    if (bracket !== undefined) {
      tokens.push({ set: bracket.set });
      at = bracket.end;
    } else if (char === "*" || char === "?") {
      tokens.push({ any: char === "*" ? "run" : "one" });
      at++;
    } else {
      if (char === "\\" && escapes && at + 1 < text.length) at++;
      name += text[at];
      tokens.push({ byte: text.charCodeAt(at++) });
    }
  }
  return tokens.length > name.length ? { tokens } : { name };
}

/** Pairs of first and last. */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: "09AZaz",
  alpha: "AZaz",
  blank: "\t\t  ",
  cntrl: "\0\x1f\x7f\x7f",
  digit: "09",
  graph: "!~",
  lower: "az",
  print: " ~",
  punct: "!/:@[`{~",
  space: "\t\r  ",
  upper: "AZ",
  xdigit: "09AFaf",
};

const NAMED = /\[:([a-z]+):\]/y;

/** What a bracket expression stands for: 256 flags, one for each byte; and where it ends. */
interface Bracket {
  readonly set: Uint8Array<ArrayBuffer>;
  readonly end: number;
}

/** The bracket expressions of a pattern. */
export class Brackets {
  /** Places behind which no bracket is closed: one that gets there is none, and none is looked for a second time. */
  private readonly open = new Set<number>();
  private readonly set = new Uint8Array(256);

  /** @param escapes a backslash takes the meaning from what follows it */
  constructor(private readonly text: ByteString, private readonly escapes: boolean) {}

  /** The expression whose "[" stands at this place; undefined if it is none but a plain "[". */
  at(start: number): Bracket | undefined {
    const { text, set } = this;
    set.fill(0);
    const negated = text[start + 1] === "!" || text[start + 1] === "^";
    const first = start + (negated ? 2 : 1);
    const passed: number[] = [];
    // A "]" in the first place stands for itself.
    for (let at = first; at < text.length && (at === first || !this.open.has(at)); at = this.item(at)) {
      if (text[at] === "]" && at > first) {
        return { set: negated ? set.map((flag) => 1 - flag) : set.slice(), end: at + 1 };
      }
      if (at > first) passed.push(at);
    }
    for (const place of passed) this.open.add(place);
    return undefined;
  }

  /** Takes in what stands at this place, a byte, a range or a class, and returns where it ends. */
  private item(at: number): number {
    const { text, set } = this;
    NAMED.lastIndex = at;
    const name = text[at] === "[" ? NAMED.exec(text)?.[1] : undefined;
    if (name !== undefined) {
      const ranges = Object.hasOwn(CLASSES, name) ? CLASSES[name]! : "";
      for (let pair = 0; pair < ranges.length; pair += 2) {
        set.fill(1, ranges.charCodeAt(pair), ranges.charCodeAt(pair + 1) + 1);
      }
      return at + name.length + 4;
    }
    const low = this.escaped(at);
    const isRange = text[low + 1] === "-" && low + 2 < text.length && text[low + 2] !== "]";
    const high = isRange ? this.escaped(low + 2) : low;
    // A backslash at the very end stands for nothing.
    if (high < text.length) set.fill(1, text.charCodeAt(low), text.charCodeAt(high) + 1);
    return high + 1;
  }

  /** The place of the byte itself. */
  private escaped(at: number): number {
    return this.text[at] === "\\" && this.escapes ? at + 1 : at;
  }
}

/** In time proportional to the lengths of both multiplied, at worst. */
function fits(piece: Piece, name: ByteString, meter: Meter = UNMETERED): boolean {
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
      meter.steps(1 + ((byte - retry.byte) >> 5));
      retry.byte++;
      ({ token, byte } = retry);
    }
  }
  return true;
}

function accepts(token: Token, byte: number): boolean {
  if ("set" in token) return token.set[byte] === 1;
  return "byte" in token ? token.byte === byte : true;
}
