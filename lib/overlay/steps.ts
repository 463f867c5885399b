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

/** Waits for an event, for at most the given number of milliseconds (0: without limit); true if it came in time. */
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

/**
 * Runs a part of a sequence, which may fail: that is reported, and what comes behind it is done all the same. A part
 * that takes longer than the given number of milliseconds is left where it is.
 */
export function* attempt(
  reactor: Pick<Reactor, "after">,
  limit: number,
  part: () => Steps<void>,
  tell: (error: unknown) => void,
): Steps<void> {
  let running: RunningSteps | undefined;
  const done = (yield* within(reactor, limit, (arrived) => {
    const onError = (error: unknown): void => {
      tell(error);
      arrived();
    };
    try {
      running = drive(part(), arrived, onError);
    } catch (error) {
      onError(error);
    }
    return () => {};
  })) as boolean;
  if (!done) running?.abandon();
}

/** Does work that comes in slices, with other events between them. */
export function* inSlices<T>(reactor: Pick<Reactor, "after">, work: Generator<void, T>): Steps<T> {
  let next = work.next();
  for (; !next.done; next = work.next()) yield* until<void>((resume) => reactor.after(0, resume));
  return next.value;
}

/** A sequence under way. */
export interface RunningSteps {
  /** Never goes on from the wait it is in. */
  abandon(): void;
}

/** What a wait has come to: its value, or why it could not begin. */
type Result = { readonly value: unknown } | { readonly error: unknown };

/** Runs the sequence to its end or its first error. A wait that cannot begin is an error of the sequence's. */
export function drive<T>(steps: Steps<T>, onEnd: (value: T) => void, onError: (error: unknown) => void): RunningSteps {
  let abandoned = false;
  const advance = (last: Result): void => {
    for (let result: Result | undefined = last; result !== undefined;) {
      if (abandoned) return;
      let next;
      try {
        next = "error" in result ? steps.throw(result.error) : steps.next(result.value);
      } catch (error) {
        return onError(error);
      }
      if (next.done) return onEnd(next.value);
      // A wait that is over before it began is gone through here, not by recursion.
      result = begin(next.value, advance);
    }
  };
  advance({ value: undefined });
  return { abandon: () => void (abandoned = true) };
}

/** Begins to wait. What comes of it, where it is over at once; else `later` gets it, once. */
function begin(wait: Wait, later: (result: Result) => void): Result | undefined {
  let result: Result | undefined;
  let hasBegun = false;
  try {
    wait((value) => {
      if (result !== undefined) return;
      result = { value };
      if (hasBegun) later(result);
    });
  } catch (error) {
    result ??= { error };
  }
  hasBegun = true;
  return result;
}
