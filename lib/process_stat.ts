// What the kernel tells of a process in /proc/PID/stat. Reading it waits for nothing: the kernel knows it by itself.

import type { ByteString } from "./bytes.ts";

/** Ticks of the clock that processes are measured by, in a second; the same on every machine. */
export const TICKS = 100;

export interface ProcessStat {
  readonly pid: number;
  /** As the process calls itself: up to 15 bytes. */
  readonly name: ByteString;
  /** One letter: "S" sleeps, "R" runs, "D" waits for a device, "Z" is dead. */
  readonly letter: string;
  readonly parent: number;
  readonly group: number;
  /** The pid of the first process of its session. */
  readonly session: number;
  /** When it was started, in milliseconds since the machine was. */
  readonly started: number;
}

interface StatWords {
  readonly pid: number;
  readonly name: ByteString;
  readonly letter: string;
  /** A field behind the letter, as proc(5) counts them. */
  readonly word: (at: number) => string | undefined;
}

/**
 * The parts of a line "pid (name) letter parent group session ...". A name may hold everything, blanks and parentheses too.
 * @param text the file /proc/PID/stat
 */
export function statWords(text: ByteString): StatWords {
  const [opening, closing] = [text.indexOf("("), text.lastIndexOf(")")];
  const words = text.slice(closing + 2).trimEnd().split(" ");
  return {
    pid: Number(text.slice(0, opening)),
    name: text.slice(opening + 1, closing),
    letter: words[0] ?? "",
    // The letter is field 3.
    word: (at) => words[at - 3],
  };
}

/** @param text the file /proc/PID/stat */
export function parseProcessStat(text: ByteString): ProcessStat {
  const { pid, name, letter, word } = statWords(text);
  const field = (at: number): number => Number(word(at));
  return {
    pid,
    name,
    letter,
    parent: field(4),
    group: field(5),
    session: field(6),
    started: field(22) * (1000 / TICKS),
  };
}

/** A dead process that its parent has not reaped yet. */
export function isDeadProcess({ letter }: ProcessStat): boolean {
  return letter === "Z" || letter === "X";
}
