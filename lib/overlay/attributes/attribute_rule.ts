// A line of fix-attrs, `path recurse account fmode dmode`, and the ids that its account stands for. The table of fallbacks
// is that of generation 2; lines may also begin with blanks, or with # for a comment.

import { type AccountFiles, findGroup, findUser, LARGEST_ID } from "../../accounts.ts";
import type { ByteString } from "../../bytes.ts";
import { invalid } from "../../report.ts";

export interface Rule {
  readonly pattern: ByteString;
  readonly recurse: boolean;
  readonly account: ByteString;
  /** Undefined leaves modes alone. */
  readonly fileMode: number | undefined;
  readonly directoryMode: number | undefined;
  /** What is wrong with the line though the rule applies, in words. */
  readonly faults: readonly string[];
}

/** The owner to set; undefined leaves that half alone. */
export interface Owner {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/**
 * The rule on a line; undefined if the line is empty or a comment.
 * @throws Failure if there is no telling what is meant
 */
export function parseRule(line: ByteString): Rule | undefined {
  const words = line.replace(/\r$/, "").split(/[ \t]+/).filter((word) => word !== "");
  const [pattern, recurse, account, fileMode, directoryMode] = words;
  if (pattern === undefined || pattern.startsWith("#")) return undefined;
  if (recurse === undefined || account === undefined) {
    throw invalid(`${pattern}: expected a path, true or false, an account, a mode for files and one for directories`);
  }
  const faults: string[] = [];
  if (recurse !== "true" && recurse !== "false") faults.push(`${pattern}: ${recurse} is neither true nor false`);
  return {
    pattern,
    recurse: recurse === "true",
    account,
    fileMode: parseMode(fileMode, "files", pattern, faults),
    directoryMode: parseMode(directoryMode, "directories", pattern, faults),
    faults,
  };
}

function parseMode(
  word: ByteString | undefined,
  what: string,
  pattern: ByteString,
  faults: string[],
): number | undefined {
  if (word === "-") return undefined;
  const mode = word !== undefined && /^[0-7]+$/.test(word) ? parseInt(word, 8) : NaN;
  if (mode <= 0o7777) return mode;
  faults.push(`${pattern}: ${word === undefined ? "no mode" : `${word} is not an octal mode`} for ${what}`);
  return undefined;
}

/**
 * The ids an account field stands for: "user" or "user:group", and after a comma the numbers to take for what does not
 * exist. Without a colon the word is a name, even a number; with one, each half may be a number.
 * @throws Failure with exit code 1 if a name is unknown and nothing stands in for it
 */
export function resolveOwner(files: AccountFiles, account: ByteString): Owner {
  const [primary = "", substitute] = account.split(",");
  const fallback = substitute === undefined || substitute === "" ? undefined : parseFallback(substitute);
  const colon = primary.indexOf(":");
  if (colon < 0) return findUser(files, primary) ?? fallback ?? unknown("user", primary);
  const [user, group] = [primary.slice(0, colon), primary.slice(colon + 1)];
  return {
    uid: half(user, findUser(files, user)?.uid, fallback?.uid, "user"),
    gid: half(group, findGroup(files, group), fallback?.gid, "group"),
  };
}

function half(
  word: ByteString,
  found: number | undefined,
  fallback: number | undefined,
  kind: "user" | "group",
): number | undefined {
  if (word === "") return fallback;
  return found ?? leadingNumber(word) ?? fallback ?? unknown(kind, word);
}

function leadingNumber(word: ByteString): number | undefined {
  const digits = /^[0-9]+/.exec(word)?.[0];
  return digits === undefined || Number(digits) > LARGEST_ID ? undefined : Number(digits);
}

function parseFallback(word: ByteString): { uid: number; gid: number } {
  const ids = /^([0-9]*)(?::([0-9]*)(?::.*)?)?$/s.exec(word)?.slice(1).map((digits) => Number(digits ?? ""));
  const [uid = 0, gid = 0] = ids ?? [];
  if (ids === undefined || Math.max(uid, gid) > LARGEST_ID) {
    return fail(`invalid fallback ${word}: expected numbers, uid:gid`);
  }
  return { uid, gid };
}

function unknown(kind: "user" | "group", name: ByteString): never {
  return fail(`unknown ${kind}: ${name}`);
}

function fail(text: string): never {
  throw invalid(text, 1);
}
