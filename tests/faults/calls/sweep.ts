// Calls of process 1 that fail one after the other, each in a container of its own, several containers at a time.

import type { Root } from "../../surroundings/quick.ts";
import { type FaultyRun, live } from "./container.ts";
import { type Fault, FILE_ERRORS, type Made, type Site } from "./fault_files.ts";
import { judgeRun } from "./judgement.ts";

const NO_FAULT = { first: 0, times: 0, errno: 0 } as const;

/** What a container does when no call fails, and the calls of its process 1. */
export function count(root: Root): Promise<FaultyRun> {
  return live(root, { ...NO_FAULT, report: "count" });
}

/** A call that is to fail. */
type Planned = Omit<Fault, "report"> & { readonly target: Site };

interface Judged extends Planned {
  readonly life: FaultyRun;
  /** What is wrong with it, if anything. */
  readonly fault: string | undefined;
}

const ERRNOS = Object.keys(FILE_ERRORS).map(Number);

/** Enough failures that it does not work again. */
const FOR_GOOD = 1e9;

/** Every call, with every error; the given number of calls of its site fail from that one on. */
export function everyCall(made: readonly Made[], times: number): Planned[] {
  return made.flatMap((target) => ERRNOS.map((errno) => ({ target, first: target.occurrence, times, errno })));
}

/** A call that is made more often than this in a phase fails in the middle of it, too. */
const OFTEN = 10;

/**
 * Of each system call in each phase one: the first, the last or one in between, in turn. So do the errors, once and for good.
 */
export function someCalls(made: readonly Made[]): Planned[] {
  const groups = Map.groupBy(made, ({ name, phase }) => `${phase} ${name}`);
  const chosen = [...groups.values()].map((group, at) => {
    const places = [0, Math.floor(group.length > OFTEN ? group.length / 2 : 0), group.length - 1];
    return group[places[at % places.length]!]!;
  });
  return chosen.map((target, at) => ({
    target,
    first: target.occurrence,
    times: Math.floor(at / ERRNOS.length) % 2 === 0 ? 1 : FOR_GOOD,
    errno: ERRNOS[at % ERRNOS.length]!,
  }));
}

/** Runs them, the given number at a time, and reports each when it is over. */
export async function sweepCalls(
  root: Root,
  plan: readonly Planned[],
  usual: FaultyRun,
  atOnce: number,
  tell: (judged: Judged) => void,
): Promise<void> {
  const left = plan.entries();
  const work = async (): Promise<void> => {
    for (const [at, planned] of left) {
      const { name, phase, site } = planned.target;
      const life = await live(root, { ...planned, target: { name, phase, site }, report: `${at}` });
      tell({ ...planned, life, fault: judgeRun(life, planned, usual) });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** A line for people. */
export function describe({ target, first, times, errno, fault, life }: Judged): string {
  const stack = life.made[0]?.stack.slice(0, 12).join("\n    ") ?? "";
  const which = `${target.phase}: ${target.name} ${target.site} ${first}${times > 1 ? ` and ${times - 1} more` : ""}`;
  return `${which}, ${FILE_ERRORS[errno]}: ${fault}\n    ${stack}\n${life.stderr}${life.code}\n${life.stdout}`;
}
