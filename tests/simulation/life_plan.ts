// What a simulated container is made of: its scripts, its command, its services, and what is wrong with it.

import type { Random } from "../random/random.ts";

/** A program: times are in milliseconds, Infinity for one that does not end by itself, or ignores TERM. */
export interface ProgramPlan {
  readonly takes: number;
  readonly afterTerm: number;
  readonly status: number;
  /** Starting it throws. */
  readonly cannotStart: boolean;
}

export interface ServicePlan {
  readonly afterTerm: number;
  /** How much longer its logger lives. */
  readonly loggerTakes: number;
}

export interface LifePlan {
  readonly scripts: readonly ProgramPlan[];
  /** A script that fails ends the boot. */
  readonly strict: boolean;
  /** The boot throws instead of coming to its end. */
  readonly throws: boolean;
  readonly command: ProgramPlan | undefined;
  readonly services: readonly ServicePlan[];
  /** How long services that depend on each other take to go down; undefined where none do, Infinity if they never are. */
  readonly order: number | undefined;
  /** How long each script of cont-finish.d takes; Infinity for a step that hangs and has no bound. */
  readonly lastScripts: readonly number[];
  readonly lastSignals: number;
  readonly settings: Readonly<Record<string, string>>;
  /** The calls that fail. */
  readonly fails: readonly string[];
}

const TIMES = [0, 1, 300, 1000, 4000, 20_000, Infinity];
const STATUSES = [0, 0, 1 << 8, 42 << 8, 111 << 8, 9, 15];
const GRACE = ["0", "1", "500", "3000", "20000"];
const CALLS = ["when", "signal", "settings", "whenOver", "lastScripts", "lastSignals"];

function list<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: random.below(most + 1) }, make);
}

function program(random: Random): ProgramPlan {
  return {
    takes: random.pick(TIMES),
    afterTerm: random.pick(TIMES),
    status: random.pick(STATUSES),
    cannotStart: random.chance(0.05),
  };
}

export function lifePlan(random: Random): LifePlan {
  return {
    scripts: list(random, 3, () => program(random)),
    strict: random.chance(0.5),
    throws: random.chance(0.05),
    command: random.chance(0.6) ? program(random) : undefined,
    services: list(
      random,
      3,
      () => ({ afterTerm: random.pick(TIMES), loggerTakes: random.pick([0, 0, 100, Infinity]) }),
    ),
    order: random.chance(0.3) ? random.pick(TIMES) : undefined,
    lastScripts: list(random, 3, () => random.chance(0.05) ? Infinity : random.pick([0, 100, 2000, 30_000])),
    lastSignals: random.chance(0.05) ? Infinity : random.pick([0, 50, 3000]),
    settings: random.chance(0.5) ? {} : {
      S6_SERVICES_GRACETIME: random.pick(GRACE),
      S6_KILL_GRACETIME: random.pick(GRACE),
    },
    fails: random.chance(0.8) ? [] : CALLS.filter(() => random.chance(0.3)),
  };
}
