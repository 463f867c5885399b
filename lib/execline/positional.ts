// The positional parameters of a script as the environment holds them: "#", "0", "1" and so on, and the outer frames
// below them, "1:1", "1:2". Follows skarnet.org's el_pushenv page.

import type { ByteString } from "../bytes.ts";
import { Environment } from "../environment.ts";
import { Budget } from "../image/budget.ts";
import type { Bindings } from "./substitute.ts";

/** The arguments a script was called with. */
export interface Frame {
  readonly script: ByteString;
  readonly args: readonly ByteString[];
}

/** The environment with the frame set; variables of higher numbers stay. */
export function setFrame(environment: Environment, frame: Frame, budget: Budget = Budget.unlimited): Environment {
  budget.steps(STEPS_OF_RENAMING * frame.args.length);
  return environment.with([
    ["#", String(frame.args.length)],
    ["0", frame.script],
    ...frame.args.map((value, at): [ByteString, ByteString] => [String(at + 1), value]),
  ]);
}

const STEPS_OF_RENAMING = 16;
const HASH = 35;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

/** What a frame is made of: "#" and names that begin with a digit. */
export function isPositional(name: ByteString): boolean {
  const first = name.charCodeAt(0);
  return first === HASH || (first >= DIGIT_0 && first <= DIGIT_9);
}

/** What elgetopt leaves. */
export function isOption(name: ByteString): boolean {
  return name.startsWith("ELGETOPT_");
}

/** Moves every variable of the kind one frame down. */
export function pushFrame(
  environment: Environment,
  belongs: (name: ByteString) => boolean,
  budget: Budget = Budget.unlimited,
): Environment {
  return renamed(environment, belongs, (base, depth) => `${base}:${depth + 1}`, budget);
}

/** Drops the variables of the kind and moves those of the outer frames one up. */
export function popFrame(
  environment: Environment,
  belongs: (name: ByteString) => boolean,
  budget: Budget = Budget.unlimited,
): Environment {
  const rename = (base: ByteString, depth: number): ByteString | undefined => {
    if (depth === 0) return undefined;
    return depth === 1 ? base : `${base}:${depth - 1}`;
  };
  return renamed(environment, belongs, rename, budget);
}

function renamed(
  environment: Environment,
  belongs: (name: ByteString) => boolean,
  rename: (base: ByteString, depth: number) => ByteString | undefined,
  budget: Budget,
): Environment {
  budget.steps(1 + (environment.size >> 3));
  const changes: [ByteString, ByteString | undefined][] = [];
  const added: [ByteString, ByteString][] = [];
  for (const [name, value] of environment.matching(belongs)) {
    const parts = /^([^:]*)(?::([0-9]*))?$/.exec(name);
    if (parts === null) continue;
    budget.steps(STEPS_OF_RENAMING);
    const to = rename(parts[1]!, Number(parts[2] ?? 0));
    changes.push([name, undefined]);
    if (to !== undefined) added.push([to, value]);
  }
  return environment.with([...changes, ...added]);
}

/** The number of positional parameters; undefined if "#" is not set or no number. */
export function countOf(environment: Environment): number | undefined {
  const count = environment.get("#");
  return count !== undefined && /^[0-9]{1,10}$/.test(count) ? Number(count) : undefined;
}

/** The frame that the environment holds; undefined if a variable of it is missing. */
export function frameOf(environment: Environment, budget: Budget = Budget.unlimited): Frame | undefined {
  const count = countOf(environment);
  const script = environment.get("0");
  if (count === undefined || script === undefined) return undefined;
  const args: ByteString[] = [];
  for (let at = 1; at <= count; at++) {
    const value = environment.get(String(at));
    if (value === undefined) return undefined;
    budget.words(args.push(value));
  }
  return { script, args };
}

/**
 * What ${#}, ${0}, ${1} and ${@} stand for. Up to `least`, missing ones are empty; ${@} leaves the first `skip` out. Any
 * number may be the least, so that they are not listed but looked up.
 */
export function positionalBindings({ script, args }: Frame, least: number, skip = 0): Bindings {
  const most = Math.max(least, args.length);
  const named: ReadonlyMap<ByteString, readonly ByteString[]> = new Map([
    ["#", [String(args.length)]],
    ["0", [script]],
    ["@", args.slice(skip)],
  ]);
  return {
    get: (key) => {
      if (!/^[1-9][0-9]{0,9}$/.test(key)) return named.get(key);
      return Number(key) <= most ? [args[Number(key) - 1] ?? ""] : undefined;
    },
  };
}
