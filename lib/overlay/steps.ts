// A sequence with waits in it, written from top to bottom and run by callbacks: a generator that yields "begin waiting
// and call me back". Under the blocking event loop promises would not settle; this needs none.

import type { Cancel, Reactor } from "../os/os.ts";

type Wait = (resume: (value: unknown) => void) => void;

/** A sequence that ends in a T. */
export type Steps<T> = Generator<Wait, T, unknown>;

/** Waits until `resume` is called, with its value. `begin` may call it at once. */
export function* until<T>(begin: (resume: (value: T) => void) => void): Steps<T> {
  return (yield begin as Wait) as T;
}

/** Waits for an event, at most so many milliseconds (0: without limit); true if it came in time. */
export function* within(
  reactor: Pick<Reactor, "after">,
  limit: number,
  begin: (arrived: () => void) => Cancel,
): Steps<boolean> {
  return yield* until<boolean>((resume) => {
    const cancels: Cancel[] = [];
    let over = false;
    const end = (inTime: boolean): void => {
      if (over) return;
      over = true;
      for (const cancel of cancels) cancel();
      resume(inTime);
    };
    cancels.push(begin(() => end(true)));
    if (over) return;
    if (limit > 0) cancels.push(reactor.after(limit, () => end(false)));
  });
}

/** Does work that comes in slices, with other events between them. */
export function* inSlices<T>(reactor: Pick<Reactor, "after">, work: Generator<void, T>): Steps<T> {
  let next = work.next();
  for (; !next.done; next = work.next()) yield* until<void>((resume) => reactor.after(0, resume));
  return next.value;
}

/** A sequence under way. */
export interface Running {
  /** Never goes on from the wait it is in. */
  abandon(): void;
}

/** Runs the sequence to its end or its first error. */
export function drive<T>(steps: Steps<T>, onEnd: (value: T) => void, onError: (error: unknown) => void): Running {
  let abandoned = false;
  const advance = (value: unknown): void => {
    for (;;) {
      if (abandoned) return;
      let next;
      try {
        next = steps.next(value);
      } catch (error) {
        return onError(error);
      }
      if (next.done) return onEnd(next.value);
      // A wait that is over before it began is gone through here, not by recursion.
      let resumed: { readonly value: unknown } | undefined;
      let waiting = false;
      next.value((result) => {
        if (waiting) advance(result);
        else resumed = { value: result };
      });
      if (resumed === undefined) {
        waiting = true;
        return;
      }
      value = resumed.value;
    }
  };
  advance(undefined);
  return { abandon: () => void (abandoned = true) };
}
