// Simulated lives of containers, services, scanners and changes, millions of them: `deno task simulate [--seed N]
// [--world life|rc|scanner|service] [--sequences N] [--index N]`. A sequence that breaks a rule is printed with its steps and with what
// replays it.

import { parseArgs } from "node:util";
import { replay, simulate, SIMULATIONS } from "../tests/simulation/sequence.ts";

const SEQUENCES = "2000000";
/** Sequences between two lines of progress. */
const PORTION = 200_000;

function run(world: string, seed: number, sequences: number): void {
  const started = performance.now();
  for (let first = 0; first < sequences; first += PORTION) {
    const end = Math.min(first + PORTION, sequences);
    simulate(world, seed, first, end);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`simulate: ${world}, seed ${seed}: ${end} of ${sequences} sequences, ${seconds} s`);
  }
}

function show(world: string, seed: number, index: number): boolean {
  const { steps, failure } = replay(world, seed, index);
  for (const step of steps) console.log(step);
  console.log(failure === undefined ? "no rule is broken" : failure.stack);
  return failure === undefined;
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      world: { type: "string" },
      sequences: { type: "string", default: SEQUENCES },
      index: { type: "string" },
    },
  });
  const worlds = Object.keys(SIMULATIONS).filter((name) => values.world === undefined || values.world === name);
  if (worlds.length === 0) throw new Error(`no such world: ${Object.keys(SIMULATIONS).join(", ")}`);
  let kept = true;
  for (const world of worlds) {
    try {
      if (values.index === undefined) {
        run(world, Number(values.seed), Math.ceil(Number(values.sequences) / worlds.length));
      } else kept = show(world, Number(values.seed), Number(values.index)) && kept;
    } catch (error) {
      kept = false;
      console.log(`simulate: ${world}: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (!kept) Deno.exit(1);
}
