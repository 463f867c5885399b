// The letters written to supervise/control and .s6-svscan/control, as commands with names. Letters that are not in a
// table are ignored by a supervisor and reported by the scanner.

import type { ByteString } from "../bytes.ts";
import { SIGNAL } from "../signals.ts";

/** What a letter asks of a supervisor, besides sending a signal. */
export type ServiceOrder = "once" | "onceAtMost" | "down" | "up" | "downNow" | "upNow" | "keepDown" | "exit";

/** One letter for a supervisor. `downSignal` is the signal the service directory names for stopping. */
export type ServiceCommand =
  | { readonly do: "signal"; readonly signal: number }
  | { readonly do: "downSignal" }
  | { readonly do: ServiceOrder };

const send = (signal: number): ServiceCommand => ({ do: "signal", signal });

/** The alphabet of s6 2.11.3. */
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
  r: { do: "downSignal" },
  o: { do: "once" },
  O: { do: "onceAtMost" },
  d: { do: "down" },
  u: { do: "up" },
  D: { do: "downNow" },
  U: { do: "upNow" },
  Q: { do: "keepDown" },
  x: { do: "exit" },
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

/** The command of each letter, undefined for one that is none. */
export function commands<C>(table: Readonly<Record<string, C>>, letters: ByteString): (C | undefined)[] {
  return Array.from(letters, (letter) => Object.hasOwn(table, letter) ? table[letter] : undefined);
}
