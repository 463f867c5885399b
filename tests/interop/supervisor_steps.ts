// Steps of a session with s6-supervise as a process of its own: signals to it, its death, and another one in its place.

import type { Actor } from "./actor.ts";
import type { SessionSteps } from "./steps.ts";

/** A step with the supervisor of the only service. */
export function aloneStep(steps: SessionSteps, actor: Actor): void {
  if (actor.phase === "unsupervised") return withoutSupervisor(steps, actor);
  const signal = steps.random.pick(["TERM", "HUP", "QUIT", "INT", "KILL"]);
  if (signal === "TERM") return strike(steps, actor, signal, () => actor.stopForGood());
  if (signal === "HUP") return strike(steps, actor, signal, () => actor.obey("x"));
  if (actor.phase === "finish" || actor.paused) return steps.step(actor);
  strike(steps, actor, signal, () => {
    if (signal === "INT" && actor.phase === "up") actor.obey("i");
    const { events } = actor;
    actor.end();
    if (signal === "KILL") actor.events = events;
  });
}

function strike(steps: SessionSteps, actor: Actor, signal: string, consequence: () => void): void {
  steps.lines.push(`echo "${signal} to the supervisor"; kill -${signal} $supervisor`);
  consequence();
  steps.settle(actor);
  if (actor.phase === "unsupervised") steps.lines.push(`wait $supervisor; echo "supervisor $?"`);
}

function withoutSupervisor(steps: SessionSteps, actor: Actor): void {
  const { random } = steps;
  if (random.chance(0.4)) {
    return steps.tool(random.pick(["s6-svok", "s6-svstat", "s6-svc -u", "s6-svc"]), actor.name);
  }
  if (actor.orphaned) steps.lines.push(`kill_orphan ${actor.name}`);
  actor.orphaned = false;
  steps.lines.push("begin");
  actor.begin();
  steps.settle(actor);
}

/** The end of the session. */
export function closingAlone(steps: SessionSteps, actor: Actor): void {
  if (actor.phase !== "unsupervised") {
    if (actor.phase === "finish") steps.release(actor);
    steps.settle(actor);
  }
  if (actor.phase !== "unsupervised") {
    steps.tool("s6-svc", "-dx", actor.name);
    actor.obey("dx");
    if (actor.phase === "finish") steps.release(actor);
    steps.settle(actor);
    steps.lines.push(`wait $supervisor; echo "supervisor $?"`);
  }
  if (actor.orphaned) steps.lines.push(`kill_orphan ${actor.name}`);
}
