// What the kernel tells of a process in /proc/PID/stat. Reading it waits for nothing: the kernel knows it by itself.

import type { ByteString } from "../bytes.ts";

/** Ticks of the clock that a start is measured by, in a second; the same on every machine. */
const TICKS = 100;

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

/** @param text the file /proc/PID/stat */
export function parseProcessStat(text: ByteString): ProcessStat {
  // pid (name) state parent group session ...; the name may hold blanks and parentheses
  const [open, end] = [text.indexOf("("), text.lastIndexOf(")")];
  const words = text.slice(end + 2).trimEnd().split(" ");
  // Counted as in proc(5), where the state is field 3.
  const field = (at: number): number => Number(words[at - 3]);
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, end),
    letter: words[0] ?? "",
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
