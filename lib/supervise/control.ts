// The letters written to supervise/control and .s6-svscan/control, as commands with names. Letters that are not in a
// table are ignored by a supervisor and reported by the scanner.

import type { ByteString } from "../bytes.ts";
import { SIGNAL } from "../signals.ts";

/** One letter for a supervisor, in the form of an event of the service's state machine (transition.ts). */
export type ServiceCommand =
  | { readonly on: "signal"; readonly signal: number; readonly group?: true }
  | {
    readonly on:
      | "downSignal"
      | "reloadSignal"
      | "once"
      | "onceAtMost"
      | "down"
      | "up"
      | "downForLong"
      | "upForLong"
      | "keepDown"
      | "exit";
  };

const send = (signal: number): ServiceCommand => ({ on: "signal", signal });
const sendGroup = (signal: number): ServiceCommand => ({ on: "signal", signal, group: true });

/** The alphabet of s6 2.11.3, and of later versions P, C, K (2.13) and l (2.15). */
export const SERVICE_COMMANDS: Readonly<Record<string, ServiceCommand>> = {
  a: send(SIGNAL.ALRM),
  b: send(SIGNAL.ABRT),
  q: send(SIGNAL.QUIT),
  h: send(SIGNAL.HUP),
  k: send(SIGNAL.KILL),
  t: send(SIGNAL.TERM),
  i: send(SIGNAL.INT),
  1: send(SIGNAL.USR1),
  2: send(SIGNAL.USR2),
  p: send(SIGNAL.STOP),
  c: send(SIGNAL.CONT),
  y: send(SIGNAL.WINCH),
  P: sendGroup(SIGNAL.STOP),
  C: sendGroup(SIGNAL.CONT),
  K: sendGroup(SIGNAL.KILL),
  r: { on: "downSignal" },
  l: { on: "reloadSignal" },
  o: { on: "once" },
  O: { on: "onceAtMost" },
  d: { on: "down" },
  u: { on: "up" },
  D: { on: "downForLong" },
  U: { on: "upForLong" },
  Q: { on: "keepDown" },
  x: { on: "exit" },
};

/** What a letter asks of the scanner. */
export type ScannerCommand = "scan" | "scanAndPrune" | "prune" | "pruneAll" | "reap" | "terminate" | "quit" | "abort";

/** The alphabet of s6-svscan since 2.10. */
export const SCANNER_COMMANDS: Readonly<Record<string, ScannerCommand>> = {
  a: "scan",
  h: "scanAndPrune",
  n: "prune",
  N: "pruneAll",
  z: "reap",
  t: "terminate",
  i: "terminate",
  q: "quit",
  b: "abort",
};

/** A signal to the scanner that a file .s6-svscan/SIGNAME may handle, and what is done where there is none. */
export interface ScannerSignal {
  readonly signal: number;
  readonly command: ScannerCommand | undefined;
}

/** By name. */
export const SCANNER_SIGNALS: Readonly<Record<string, ScannerSignal>> = {
  HUP: { signal: SIGNAL.HUP, command: "scanAndPrune" },
  INT: { signal: SIGNAL.INT, command: "terminate" },
  TERM: { signal: SIGNAL.TERM, command: "terminate" },
  QUIT: { signal: SIGNAL.QUIT, command: "quit" },
  USR1: { signal: SIGNAL.USR1, command: undefined },
  USR2: { signal: SIGNAL.USR2, command: undefined },
  PWR: { signal: SIGNAL.PWR, command: undefined },
  WINCH: { signal: SIGNAL.WINCH, command: undefined },
};

/** The command of each letter, undefined for one that is none. */
export function commands<C>(table: Readonly<Record<string, C>>, letters: ByteString): (C | undefined)[] {
  return Array.from(letters, (letter) => Object.hasOwn(table, letter) ? table[letter] : undefined);
}
