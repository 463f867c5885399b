// One session, made from its seed alone: a shell script in which tools of two sets, each chosen by the throw of a coin,
// drive one service or a whole scan directory. Every step ends when what it brings about can be seen.

import type { Given } from "../rows/harness.ts";
import { Random } from "../random/random.ts";
import { Actor } from "./actor.ts";
import { draw, filesOf, loggerOf } from "./cast.ts";
import { closing, scannerStep } from "./scanner_steps.ts";
import { SessionSteps } from "./steps.ts";
import { aloneStep, closingAlone } from "./supervisor_steps.ts";

/** One service under s6-supervise; a scan directory under s6-svscan; under the original one, with our s6-supervise. */
export type Kind = "alone" | "tree" | "joint";

export interface InteropSession {
  readonly seed: number;
  readonly kind: Kind;
  readonly files: Readonly<Record<string, Given>>;
  /** What comes after stage.sh and the definition of begin(). */
  readonly script: string;
}

const KINDS: readonly Kind[] = ["alone", "alone", "tree", "tree", "tree", "joint"];
const LENGTH = 9;

export function compose(seed: number): InteropSession {
  const random = new Random(seed);
  const kind = random.pick(KINDS);
  return { seed, kind, ...kind === "alone" ? alone(random) : tree(random) };
}

type Part = Pick<InteropSession, "files" | "script">;

function alone(random: Random): Part {
  const actor = new Actor(draw(random, "web"), false);
  const steps = new SessionSteps(random, [actor]);
  actor.begin();
  steps.settle(actor);
  for (let step = 0; step < LENGTH; step++) {
    if (actor.phase === "unsupervised" || random.chance(0.1)) aloneStep(steps, actor);
    else steps.step(actor);
  }
  closingAlone(steps, actor);
  return assembled([actor], steps);
}

function tree(random: Random): Part {
  const service = draw(random, "scan/web");
  const spare = new Actor(draw(random, "pool/spare"), false);
  const web = new Actor(service, true);
  const logger = new Actor(loggerOf(random, service), true);
  const actors = [web, logger, spare];
  const steps = new SessionSteps(random, actors, logger);
  for (const actor of [logger, web]) actor.begin();
  for (const actor of [logger, web]) steps.settle(actor);
  for (let step = 0; step < LENGTH; step++) {
    const actor = random.pick([web, web, logger, spare]);
    if (actor.phase === "unsupervised" || random.chance(0.1)) scannerStep(steps, spare);
    else steps.step(actor);
  }
  closing(steps, { web, logger, spare });
  return assembled(actors, steps);
}

function assembled(actors: readonly Actor[], steps: SessionSteps): Part {
  const names = actors.map(({ name }) => name);
  const before = [
    "mkdir -p scan",
    ...names.map((name) => `mkfifo ${name}/orders ${name}/go; listen ${name}`),
    "begin",
  ];
  const after = names.map((name) => `tell ${name}`);
  return {
    files: Object.assign({}, ...actors.map(({ traits }) => filesOf(traits))),
    script: [...before, ...steps.lines, ...after, "cat out", ""].join("\n"),
  };
}
