// Running simulated lives: which there are, and what replays one that failed.

import { Random } from "../random/random.ts";
import { LifeSimulation } from "./life.ts";
import { RcSimulation } from "./rc.ts";
import { ScannerSimulation } from "./scanner.ts";
import { ServiceSimulation } from "./service.ts";

const MOST_STEPS = 40;

interface Simulation {
  run(steps: number): void;
}

type Begin = (random: Random, trace?: (step: string) => void) => Simulation;

export const SIMULATIONS: Readonly<Record<string, Begin>> = {
  life: (random, trace) => new LifeSimulation(random, trace),
  rc: (random, trace) => new RcSimulation(random, trace),
  scanner: (random, trace) => new ScannerSimulation(random, trace),
  service: (random, trace) => new ServiceSimulation(random, trace),
};

/** Where sequences begin: each has its own random numbers, from the seed of all and its place. */
function randomOf(seed: number, index: number): Random {
  return new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
}

function once(name: string, seed: number, index: number, trace?: (step: string) => void): void {
  const random = randomOf(seed, index);
  SIMULATIONS[name]!(random, trace).run(1 + random.below(MOST_STEPS));
}

/** The steps of a sequence, and its failure if there is one. */
export function replay(name: string, seed: number, index: number): { steps: string[]; failure: Error | undefined } {
  const steps: string[] = [];
  try {
    once(name, seed, index, (step) => steps.push(step));
    return { steps, failure: undefined };
  } catch (error) {
    return { steps, failure: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Runs the sequences from `first` up to, not including, `end`. @throws Error that says how to replay the first to fail */
export function simulate(name: string, seed: number, first: number, end: number): void {
  const { stackTraceLimit } = Error;
  // Most errors are part of the play, and their stacks take time.
  Error.stackTraceLimit = 0;
  try {
    simulateAll(name, seed, first, end);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function simulateAll(name: string, seed: number, first: number, end: number): void {
  for (let index = first; index < end; index++) {
    try {
      once(name, seed, index);
    } catch (error) {
      const { steps } = replay(name, seed, index);
      const command = `deno task simulate --world ${name} --seed ${seed} --index ${index}`;
      throw new Error(`${error}\n${steps.join("\n")}\nreplayed by: ${command}`, { cause: error });
    }
  }
}
