// What the boot of an image of generation 3 has not brought up, and why: what has failed, and what needs that.

import type { ByteString } from "../../bytes.ts";
import type { Ending } from "../../rc/ending.ts";
import type { AtomicService, Graph } from "../../rc/graph.ts";
import type { NotStarted } from "../journal/snapshot.ts";

/**
 * @param failures why a service has failed, by its number, in order
 * @param selected by number: 1 for each that was to come up
 * @param isUp whether a service is up by now
 */
export function notStartedOf(
  { services }: Graph,
  failures: ReadonlyMap<number, ByteString>,
  selected: Uint8Array,
  isUp: (service: number) => boolean,
): NotStarted[] {
  const found = new Map<number, NotStarted>();
  const add = (number: number, why: ByteString): void => {
    const { name, kind } = services[number]!;
    found.set(number, { name, kind, why });
  };
  for (const [number, why] of failures) if (!isUp(number)) add(number, why);
  // What is added is gone through as well. What has failed may run by now, and what needs it was kept back all the same.
  const barring = new Set(failures.keys());
  for (const number of barring) {
    for (const other of services[number]!.neededBy) {
      if (selected[other] !== 1 || barring.has(other)) continue;
      barring.add(other);
      if (!isUp(other)) add(other, `was kept back by ${services[number]!.name}`);
    }
  }
  return [...found.values()];
}

/** As the rest of a sentence that begins with the service. */
export function failureInWords({ kind }: AtomicService, ending: Ending): ByteString {
  if (ending.how !== "failed") return "was not up when the time for the start was over";
  if (ending.told !== undefined) return `has failed: ${ending.told.text}`;
  return kind === "oneshot" ? `exited ${ending.code}` : "has failed for good";
}
