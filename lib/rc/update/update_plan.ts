// What an update comes down to: which services of the old database stop, which go on as services of the new one, and which of
// the new one start. Pure. Follows s6-rc-update.

import type { ByteString } from "../../bytes.ts";
import { Failure } from "../../report.ts";
import type { Graph } from "../graph.ts";
import { closure, namesOf, numbersIn } from "../plan.ts";
import { type Conversion, restarts } from "./conversion.ts";

/** Exit codes of what does not fit together. */
const CODE = { unknown: 3, undefinedTarget: 4, notAtomic: 5, ambiguous: 6 } as const;

interface UpdateSubject {
  readonly before: Graph;
  readonly after: Graph;
  /** Whether an old service is up, by its number. */
  readonly isUp: (service: number) => boolean;
  readonly conversions: Iterable<Conversion>;
  /** Paths, for messages. */
  readonly live: ByteString;
  readonly database: ByteString;
}

/** Where a service of the new database comes from. */
interface Successor {
  /** Its process, or what its script has done, goes on. */
  readonly isUp: boolean;
  /** The number of the old service; undefined for one that is new. */
  readonly from: number | undefined;
  /** The old service has become this one and no other. */
  readonly isSingle: boolean;
}

export interface UpdatePlan {
  /** The old services to be stopped by name, in descending order; what depends on them stops with them. */
  readonly stops: readonly number[];
  /** By old number: 1 for each that goes down. */
  readonly goesDown: Uint8Array;
  /** The new services that are to be up afterwards and are not yet, in descending order. */
  readonly starts: readonly number[];
  /** By new number. */
  readonly successors: readonly Successor[];
}

/** @throws Failure with a code of its own where the conversions do not fit the databases */
export function planUpdate(subject: UpdateSubject): UpdatePlan {
  const { before, after, isUp } = subject;
  const converted = convertedOf(subject);
  const images = imagesOf(subject, converted);
  const origins = originsOf(subject, images);
  const isRestarted = restartsOf(subject, images, converted);
  for (;;) {
    const roots = before.services.map((_, old) => isUp(old) && (isRestarted[old] || images[old]!.length !== 1));
    const goesDown = closure(before, Uint8Array.from(roots, Number), "down");
    const [stays, starts] = [new Uint8Array(after.services.length), new Uint8Array(after.services.length)];
    for (const [old, image] of images.entries()) {
      if (isUp(old)) { for (const one of image) (goesDown[old] === 1 ? starts : stays)[one] = 1; }
    }
    const missing = closure(after, stays, "up").map((needed, one) => needed === 1 && stays[one] === 0 ? 1 : 0);
    if (missing.some(Boolean)) {
      // What goes on would lean on something that is not there yet, and so it does not go on.
      for (const one of numbersIn(closure(after, missing, "down"))) {
        if (stays[one] === 1) isRestarted[origins[one]!] = true;
      }
      continue;
    }
    return {
      stops: descending(roots.flatMap((stops, old) => stops ? [old] : [])),
      goesDown: goesDown.map((down, old) => isUp(old) ? down : 0),
      starts: descending(numbersIn(starts)),
      successors: origins.map((from, one) => ({
        isUp: stays[one] === 1,
        from,
        isSingle: from !== undefined && images[from]!.length === 1,
      })),
    };
  }
}

function descending(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => b - a);
}

/** What the conversions say of old services, by their numbers. */
type Converted = ReadonlyMap<number, { readonly to: ByteString | undefined; readonly isRestarted: boolean }>;

function convertedOf({ before, conversions, live }: UpdateSubject): Converted {
  const numbersOf = namesOf(before);
  const converted = new Map<number, { to: ByteString | undefined; isRestarted: boolean }>();
  for (const conversion of conversions) {
    const { from, to } = conversion;
    const numbers = numbersOf(from);
    if (numbers === undefined) {
      throw new Failure(CODE.unknown, `unknown identifier in ${live}/compiled/resolve.cdb: ${from}`);
    }
    if (numbers.length !== 1) {
      const text = `identifier ${from} does not represent an atomic service in ${live}/compiled`;
      throw new Failure(CODE.notAtomic, text);
    }
    const [old] = numbers as [number];
    if (converted.has(old)) {
      const { name } = before.services[old]!;
      throw new Failure(CODE.ambiguous, `service ${name} appears more than once in conversion file`);
    }
    converted.set(old, { to, isRestarted: restarts(conversion) });
  }
  return converted;
}

/** By old number: the new services that it becomes. */
function imagesOf({ before, after, database }: UpdateSubject, converted: Converted): (readonly number[])[] {
  const numbersOf = namesOf(after);
  return before.services.map(({ name }, old) => {
    const to = converted.get(old)?.to;
    const image = numbersOf(to ?? name);
    if (image === undefined && to !== undefined) {
      const text = `bad conversion file: new service ${to} is undefined in database ${database}`;
      throw new Failure(CODE.undefinedTarget, text);
    }
    return image ?? [];
  });
}

/** By new number: the old service that becomes it. */
function originsOf({ before, after }: UpdateSubject, images: readonly (readonly number[])[]): (number | undefined)[] {
  const origins: (number | undefined)[] = after.services.map(() => undefined);
  for (let old = images.length - 1; old >= 0; old--) {
    for (const one of images[old]!) {
      if (origins[one] !== undefined) {
        const [target, source] = [after.services[one]!.name, before.services[old]!.name];
        throw new Failure(
          CODE.ambiguous,
          `unable to convert database: new service ${target} is a target for more than one conversion, ` +
            `including old service ${source}`,
        );
      }
      origins[one] = old;
    }
  }
  return origins;
}

/** By old number: whether it is to be restarted for its own sake: it has another type now, or people want it. */
function restartsOf(
  { before, after }: UpdateSubject,
  images: readonly (readonly number[])[],
  converted: Converted,
): boolean[] {
  return before.services.map(({ kind }, old) => {
    const [only, ...more] = images[old]!;
    const hasOtherKind = only !== undefined && more.length === 0 && after.services[only]!.kind !== kind;
    return hasOtherKind || converted.get(old)?.isRestarted === true;
  });
}
