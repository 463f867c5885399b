// Addresses of the internet in words: 127.0.0.1 and ::1. Follows inet_pton(3), and RFC 5952 for what is printed.

import type { ByteString } from "./bytes.ts";

/** The 4 or 16 bytes of an address, or undefined. */
export function parseAddress(word: ByteString): Uint8Array | undefined {
  const bytes = word.includes(":") ? parseNew(word) : parseOld(word);
  return bytes && Uint8Array.from(bytes);
}

function parseOld(word: ByteString): number[] | undefined {
  const parts = word.split(".");
  const isRight = parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256);
  return isRight ? parts.map(Number) : undefined;
}

function parseNew(word: ByteString): number[] | undefined {
  // An old address may only end the whole.
  const sides = word.split("::").map((side, at, all) => parseGroups(side, at === all.length - 1));
  const [front, back] = sides;
  if (front === undefined || sides.length > 2) return undefined;
  if (sides.length === 1) return front.length === 16 ? front : undefined;
  const gap = 16 - front.length - (back?.length ?? 16);
  return back !== undefined && gap >= 2 ? [...front, ...Array<number>(gap).fill(0), ...back] : undefined;
}

/** Groups between colons, of which the last may be an old address. */
function parseGroups(text: ByteString, isEnd: boolean): number[] | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  const bytes = groups.map((group, at) => {
    if (isEnd && at === groups.length - 1 && group.includes(".")) return parseOld(group);
    return /^[0-9a-fA-F]{1,4}$/.test(group) ? [parseInt(group, 16) >> 8, parseInt(group, 16) & 255] : undefined;
  });
  return bytes.every((pair) => pair !== undefined) ? bytes.flat() : undefined;
}

/** The address in words. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, at) => (bytes[2 * at]! << 8 | bytes[2 * at + 1]!).toString(16));
  // The first of the longest runs of zeros, but not a single one, is left out.
  const runs = groups.join(":").match(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g) ?? [];
  const longest = runs.reduce((best, run) => run.length > best.length ? run : best, "");
  if (longest === "") return groups.join(":");
  const text = groups.join(":");
  const at = longest === text ? 0 : runAt(text, longest);
  return `${text.slice(0, at).replace(/:$/, "")}::${text.slice(at + longest.length).replace(/^:/, "")}`;
}

/** Where the run begins, as whole groups. */
function runAt(text: string, run: string): number {
  return `:${text}:`.indexOf(`:${run}:`);
}
