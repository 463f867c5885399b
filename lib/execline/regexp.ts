// POSIX regular expressions, extended and basic, as JavaScript ones on byte strings. Whether a text matches is the same
// in both; of several ways to match, POSIX takes the longest and JavaScript the first.

import type { ByteString } from "../bytes.ts";
import { invalid } from "../report.ts";
import { bracketAt, literalSource } from "./bracket.ts";

/** The POSIX extended regular expression. */
export function extendedRegExp(pattern: ByteString, flags = ""): RegExp {
  return compiled(translate(pattern, true), pattern, flags);
}

/** The POSIX basic regular expression. */
export function basicRegExp(pattern: ByteString, flags = ""): RegExp {
  return compiled(translate(pattern, false), pattern, flags);
}

function compiled(source: string, pattern: ByteString, flags: string): RegExp {
  try {
    return new RegExp(source, `s${flags}`);
  } catch {
    throw invalid(`invalid regular expression ${pattern}`);
  }
}

function translate(pattern: ByteString, extended: boolean): string {
  let result = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const next = pattern[at + 1] ?? "";
    if (char === "[") {
      const bracket = bracketAt(pattern, at, false);
      if (bracket === undefined) throw invalid(`invalid regular expression ${pattern}`);
      result += bracket.source;
      at = bracket.end - 1;
    } else if (char === "\\") {
      if (next === "") throw invalid(`invalid regular expression ${pattern}`);
      result += escaped(next, extended);
      at++;
    } else result += plain(char, at === 0 || /\\\($/.test(pattern.slice(0, at)), extended, pattern, at);
  }
  return result;
}

/** What a character behind a backslash means. */
function escaped(char: string, extended: boolean): string {
  if (!extended && /[(){}|+?]/.test(char)) return char;
  if (/[1-9wWsSbB]/.test(char)) return `\\${char}`;
  if (char === "<") return "\\b(?=\\w)";
  if (char === ">") return "\\b(?<=\\w)";
  return literalSource(char);
}

function plain(char: string, first: boolean, extended: boolean, pattern: ByteString, at: number): string {
  if (extended) {
    // A brace that begins no repetition is an ordinary character.
    if (char === "{") return /^\{[0-9]*(?:,[0-9]*)?\}/.test(pattern.slice(at)) ? "{" : "\\{";
    if (char === "}") return /\{[0-9]*(?:,[0-9]*)?$/.test(pattern.slice(0, at)) ? "}" : "\\}";
    return /[/\]-]/.test(char) ? literalSource(char) : char;
  }
  if (char === "*" && first) return "\\*";
  if (char === "^") return first ? "^" : "\\^";
  if (char === "$") return at === pattern.length - 1 || pattern.startsWith("\\)", at + 1) ? "$" : "\\$";
  return /[.*]/.test(char) ? char : literalSource(char);
}

/** A pattern of the shell against a whole word, as fnmatch(3) has it. */
export function shellRegExp(
  pattern: ByteString,
  { escape, period, path }: { escape: boolean; period: boolean; path: boolean },
): RegExp {
  const any = path ? "[^/]" : ".";
  // A period that begins the word, or a component of a path, is only matched by a period.
  const guard = (at: number): string => period && (at === 0 || (path && pattern[at - 1] === "/")) ? "(?!\\.)" : "";
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const bracket = char === "[" ? bracketAt(pattern, at, escape) : undefined;
    if (char === "*") source += `${guard(at)}${any}*`;
    else if (char === "?") source += `${guard(at)}${any}`;
    else if (bracket !== undefined) {
      source += guard(at) + (path ? "(?!/)" : "") + bracket.source;
      at = bracket.end - 1;
    } else if (char === "\\" && escape && at + 1 < pattern.length) source += literalSource(pattern[++at]!);
    else source += literalSource(char);
  }
  return new RegExp(`^${source}$`, "s");
}
