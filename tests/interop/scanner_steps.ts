// Steps of a session with a scanner: its letters and signals, a service that comes and goes, and the end of the tree.

import type { Actor } from "./actor.ts";
import { LIMIT, type SessionSteps } from "./steps.ts";

/** A step with the scanner; the spare service is the one that comes and goes. */
export function scannerStep(steps: SessionSteps, spare: Actor): void {
  const { random } = steps;
  if (random.chance(0.2)) return steps.tool("s6-svscanctl", random.pick(["-a", "-z", "-h", "-n", "-N", "-an"]), "scan");
  if (spare.phase === "unsupervised") return add(steps, spare);
  if (spare.phase !== "finish" && spare.replaced) return remove(steps, spare);
  steps.step(spare);
}

function add(steps: SessionSteps, spare: Actor): void {
  if (steps.random.chance(0.3)) steps.tool("s6-svlink", "-t", `${LIMIT}`, "scan", "pool/spare");
  else {
    steps.lines.push("ln -s ../pool/spare scan/spare");
    tell(steps, ["-a", "-h", "-az"], ["ALRM", "HUP"]);
  }
  spare.replaced = true;
  spare.begin();
  steps.settle(spare);
}

function remove(steps: SessionSteps, spare: Actor): void {
  if (steps.random.chance(0.3)) {
    const options = spare.traits.finish === "held" ? ["-X"] : ["-t", `${LIMIT}`];
    steps.tool("s6-svunlink", ...options, "scan", "spare");
  } else {
    steps.lines.push("rm scan/spare");
    tell(steps, ["-an", "-h", "-aN"], ["HUP"]);
  }
  spare.replaced = false;
  spare.stopForGood();
  steps.settle(spare);
}

/** By letters, or by a signal. */
function tell(steps: SessionSteps, options: readonly string[], signals: readonly string[]): void {
  const { random } = steps;
  if (random.chance(0.7)) steps.tool("s6-svscanctl", random.pick(options), "scan");
  else steps.lines.push(`kill -${random.pick(signals)} $supervisor`);
}

/** The end of the session. */
export function closing(
  steps: SessionSteps,
  { web, logger, spare }: Readonly<Record<"web" | "logger" | "spare", Actor>>,
): void {
  const actors = [web, logger, spare];
  for (const actor of actors) if (actor.phase === "finish") steps.release(actor);
  if (logger.paused) {
    // Stopped, it would never see the end of its input.
    steps.tool("s6-svc", "-c", logger.name);
    logger.paused = false;
  }
  actors.forEach((actor) => steps.settle(actor));
  // A logger that is told to stop as well may see the end of its input first, or not.
  if (logger.phase === "up") tell(steps, ["-t", "-i", "-it"], ["TERM", "INT"]);
  else tell(steps, ["-q", "-t", "-tq"], ["QUIT", "TERM"]);
  for (const actor of actors) {
    actor.replaced = false;
    if (actor.phase !== "unsupervised") actor.stopForGood();
  }
  for (const actor of actors) {
    if (actor.phase === "finish") steps.release(actor);
    steps.settle(actor);
  }
  steps.lines.push(`wait $supervisor; echo "scanner $?"`);
}
