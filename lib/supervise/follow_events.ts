// Following the events of services until a wait for them is over, wherever the events come from: a subscription of a
// process of its own (await_services.ts), or the supervisors of this process.

import type { ByteString } from "../bytes.ts";
import type { Cancel } from "../os/os.ts";
import type { Expectation } from "./expectation.ts";

/** How a wait ended: in time or not, and how many services failed for good. */
export type Awaited = { readonly timedOut: true } | { readonly timedOut: false; readonly failures: number };

/** Has the letters of the events of one service from now on. */
export type Listen = (heard: (letters: ByteString) => void) => Cancel;

/**
 * Calls back once, later, when nothing is left to wait for or the time is over.
 * @param start how the services stood when the events began: something is left to wait for
 * @param sources the events of each service, in the order that the expectation has them
 * @param limit calls back when the time is over; undefined: it never is
 * @returns gives the wait up
 */
export function followEvents(
  start: Expectation,
  sources: readonly Listen[],
  limit: ((over: () => void) => Cancel) | undefined,
  ended: (awaited: Awaited) => void,
): Cancel {
  let expectation = start;
  const cancels: Cancel[] = [];
  const giveUp = (): void => cancels.splice(0).forEach((cancel) => cancel());
  const end = (awaited: Awaited): void => {
    giveUp();
    ended(awaited);
  };
  sources.forEach((listen, service) =>
    cancels.push(listen((letters) => {
      expectation = expectation.after(service, letters);
      if (expectation.over) end({ timedOut: false, failures: expectation.failures });
    }))
  );
  if (limit !== undefined) cancels.push(limit(() => end({ timedOut: true })));
  return giveUp;
}
