// The table of a container's life, as far as the simulation of lives does not cover it.

import { deepEqual, equal, ok } from "node:assert/strict";
import { cannotHappen, LIFE, type LifeEvent, type LifeState, lifeTransition } from "../../../lib/overlay/life.ts";

const STATES = Object.keys(LIFE) as LifeState[];
/** One of each event, and both of those that differ. */
const EVENTS: readonly LifeEvent[] = [
  { on: "commandDue" },
  { on: "noCommand" },
  { on: "commandDue", recorded: 0 },
  { on: "noCommand", recorded: 1 },
  { on: "bootFailed", code: 1 },
  { on: "commandEnded", code: 2 },
  { on: "failed", code: 111, refusal: "unable to fork: No" },
  { on: "essentialEnded", code: 3 },
  { on: "outOfMemory" },
  { on: "downAsked" },
  { on: "downOver" },
  { on: "stopAsked", wait: true },
  { on: "stopAsked", wait: false },
  { on: "graceOver" },
  { on: "left" },
  { on: "scriptOver" },
  { on: "scriptsOver" },
  { on: "everybodyGone" },
  { on: "timeOver" },
];
/** Effects whose carrying out may bring the next event about before it returns. */
const LEADING = new Set([
  "bringDown",
  "runCommand",
  "stopServices",
  "stopWaiting",
  "awaitScript",
  "runLastScripts",
  "sendLastSignals",
]);

Deno.test("an effect that may lead to the next event is the last of its list", () => {
  for (const state of STATES) {
    for (const event of EVENTS) {
      const effects = lifeTransition(state, event)[1].slice(0, -1).map((effect) => effect.do);
      deepEqual(effects.filter((name) => LEADING.has(name)), [], `${event.on} while ${state}`);
    }
  }
});

Deno.test("from each state there is a way to the end", () => {
  const ends = new Set<LifeState>(["over"]);
  for (let size = 0; size < ends.size;) {
    size = ends.size;
    for (const state of STATES) if (EVENTS.some((event) => ends.has(lifeTransition(state, event)[0]))) ends.add(state);
  }
  deepEqual([...ends].sort(), [...STATES].sort());
});

Deno.test("no way leads back, and what cannot happen does nothing", () => {
  const order = [
    "booting",
    "running",
    "idle",
    "bringingDown",
    "down",
    "stopping",
    "interrupted",
    "lastScripts",
    "lastSignals",
    "over",
  ];
  deepEqual([...STATES], order);
  for (const state of STATES) {
    for (const event of EVENTS) {
      const [next, effects] = lifeTransition(state, event);
      ok(order.indexOf(next) >= order.indexOf(state), `${event.on} while ${state}`);
      if (cannotHappen(state, event.on)) deepEqual([next, effects], [state, []]);
    }
  }
});

Deno.test("behind the end nothing is done any more", () => {
  equal(EVENTS.every((event) => lifeTransition("over", event)[1].length === 0), true);
});
