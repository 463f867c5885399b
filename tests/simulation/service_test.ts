// Random lives of a supervised service. SIMULATION_SEQUENCES says how many (20,000 unless set); a failure names the seed,
// and SIMULATION_SEED=SEED replays it and prints its steps.

import { ServiceSimulation } from "./service.ts";

const STEPS = 40;

function simulate(seed: number, verbose: boolean): void {
  const trace: string[] = [];
  try {
    const simulation = new ServiceSimulation(seed);
    trace.push(...simulation.trace);
    try {
      simulation.run(STEPS);
    } finally {
      trace.splice(0, trace.length, ...simulation.trace);
    }
  } catch (error) {
    const steps = verbose ? `\n${trace.join("\n")}\n` : "";
    throw new Error(`${steps}replay with SIMULATION_SEED=${seed}: ${error}`, { cause: error });
  }
}

Deno.test("whatever happens, a supervised service keeps its rules", () => {
  const replay = Deno.env.get("SIMULATION_SEED");
  if (replay !== undefined) return simulate(Number(replay), true);
  const sequences = Number(Deno.env.get("SIMULATION_SEQUENCES") ?? 20_000);
  for (let seed = 1; seed <= sequences; seed++) simulate(seed, false);
});
