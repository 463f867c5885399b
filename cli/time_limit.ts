// Running a program for a limited time. It is told to end when the time is over, and not waited for.

import type { ByteString } from "../lib/bytes.ts";
import { EXIT, Failure, textOf } from "../lib/report.ts";
import { SIGNAL } from "../lib/signals.ts";
import type { WaitStatus } from "../lib/wait_status.ts";
import type { Context } from "./applet.ts";

/**
 * Runs the program and returns how it ended; undefined if the time was over before.
 * @param start starts it, and returns its pid
 * @param limit milliseconds, 0 is without limit
 * @param signal sent at the end of the time; 0 is none
 */
export function runWithin(
  context: Pick<Context, "os" | "reactor">,
  start: () => number,
  limit: number,
  signal: number,
): WaitStatus | undefined {
  const { os } = context;
  // First of all, so that no death is missed.
  const reactor = context.reactor();
  let status: WaitStatus | undefined;
  let pid = 0;
  const look = (): void => {
    const death = os.reap(pid);
    if (death === undefined) return;
    status = death.status;
    reactor.stop();
  };
  const cancels = [reactor.onSignal(SIGNAL.CHLD, look)];
  pid = start();
  if (limit > 0) cancels.push(reactor.after(limit, () => reactor.stop()));
  reactor.run();
  cancels.forEach((cancel) => cancel());
  if (status === undefined && signal !== 0) os.kill(pid, signal);
  return status;
}

/** The start of a program with the image of who runs it. */
export function startOf(context: Pick<Context, "image" | "spawn">, prog: readonly ByteString[]): () => number {
  return () => {
    try {
      return context.spawn(context.image.run(prog));
    } catch (error) {
      // Whatever was wrong with the program, the failure is ours.
      throw new Failure(EXIT.system, textOf(error).replace(/^unable to exec /, "unable to spawn "));
    }
  };
}
