// What the parameter files of simulated services may hold and letters say, and what each is to mean. Undefined: it
// makes no sense, which is reported, and the usual value holds.

export const PARAMETERS = {
  "notification-fd": { "3\n": 3, "9": 9, "nonsense\n": undefined },
  "lock-fd": { "4\n": 4, "9\n": 9 },
  "timeout-kill": { "0": 0, "200\n": 200, "7000": 7000, "-1\n": undefined },
  "timeout-finish": { "0": 0, "300\n": 300, "x": undefined },
  "down-signal": { "SIGINT\n": 2, "9": 9, "usr1\nmore": 10, "nothing": undefined },
  "reload-signal": { "SIGUSR2\n": 12, "": undefined },
  "max-death-tally": { "0": 0, "1": 1, "3\n": 3, "many": undefined },
} as const satisfies Readonly<Record<string, Readonly<Record<string, number | undefined>>>>;

export type Parameter = keyof typeof PARAMETERS;

export const USUAL: Readonly<Record<Parameter, number | undefined>> = {
  "notification-fd": undefined,
  "lock-fd": undefined,
  "timeout-kill": 0,
  "timeout-finish": 5000,
  "down-signal": 15,
  "reload-signal": 1,
  "max-death-tally": 100,
};

/** The signals that letters ask for. */
export const SENT_SIGNALS: Readonly<Record<string, number>> = {
  ...{ a: 14, b: 6, q: 3, h: 1, k: 9, t: 15, i: 2, 1: 10, 2: 12, p: 19, c: 18, y: 28, P: 19, C: 18, K: 9 },
};
