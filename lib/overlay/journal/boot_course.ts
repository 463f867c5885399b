// What a boot of generation 3 takes its time for, as process 1 knows it when it is asked, and as it is told.

import type { ByteString } from "../../bytes.ts";
import type { AwaitedServices, BootStep, Moment } from "./snapshot.ts";

/** Moments are those of the monotonic clock, in milliseconds. */
export interface BootCourse {
  /** As in a snapshot; `to` is undefined as long as it goes on. */
  readonly path: readonly (Pick<BootStep, "name" | "kind"> & {
    readonly from: number;
    readonly to: number | undefined;
  })[];
  /** Longruns that are waited for. */
  readonly awaited: {
    readonly names: readonly ByteString[];
    readonly since: number;
    readonly until: number | undefined;
  } | undefined;
}

/** What a boot of generation 2 has, and one that has not begun: it has nothing to say here. */
export const NO_COURSE: BootCourse = { path: [], awaited: undefined };

/** The critical path as a snapshot has it. @param at turns a moment of the monotonic clock into one */
export function pathTold({ path }: BootCourse, at: (monotonic: number) => Moment): readonly BootStep[] {
  return path.map(({ name, kind, from, to }) => ({
    name,
    kind,
    from: at(from),
    to: to === undefined ? null : at(to),
  }));
}

/** What is waited for as a snapshot has it; null where nothing is. @param at turns a moment of the monotonic clock into one */
export function awaitedTold({ awaited }: BootCourse, at: (monotonic: number) => Moment): AwaitedServices | null {
  if (awaited === undefined) return null;
  const { names, since, until } = awaited;
  return { names, since: at(since), until: until === undefined ? null : at(until) };
}
