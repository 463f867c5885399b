// Signal names as the skarnet programs and kill(1) spell them, and their numbers on Linux (x86_64 and aarch64 agree).

/** In the order of their numbers, from 1 on. */
export const SIGNAL_NAMES: readonly string[] =
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
    .split(" ");

/** Numbers by bare name: SIGNAL.TERM is 15. */
export const SIGNAL = Object.fromEntries(SIGNAL_NAMES.map((name, index) => [name, index + 1])) as Readonly<
  Record<
    | "HUP"
    | "INT"
    | "QUIT"
    | "ABRT"
    | "KILL"
    | "USR1"
    | "USR2"
    | "PIPE"
    | "ALRM"
    | "TERM"
    | "CHLD"
    | "CONT"
    | "STOP"
    | "WINCH"
    | "PWR"
    | "TTOU",
    number
  >
>;

/** "SIGTERM" for 15; the bare number for one without a name. */
export function signalName(signal: number): string {
  const name = SIGNAL_NAMES[signal - 1];
  return name === undefined ? `${signal}` : `SIG${name}`;
}

/** The same without SIG. */
export function bareSignalName(signal: number): string {
  return SIGNAL_NAMES[signal - 1] ?? `${signal}`;
}

/** The number of a name in any case, with or without SIG, or of a decimal; undefined if there is none such. */
export function signalNumber(word: string): number | undefined {
  if (/^[0-9]+$/.test(word)) return Number(word) >= 1 && Number(word) <= 64 ? Number(word) : undefined;
  const index = SIGNAL_NAMES.indexOf(word.toUpperCase().replace(/^SIG/, ""));
  return index < 0 ? undefined : index + 1;
}
