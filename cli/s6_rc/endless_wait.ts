// Waiting for a change that goes on, but not from within it: a program that the change waits for would wait without end.

import type { ByteString } from "../../lib/bytes.ts";
import { readDatabase } from "../../lib/rc/database_directory.ts";
import type { LiveDirectory } from "../../lib/rc/live.ts";
import { BOOT_SCRIPT, ownTransition } from "../../lib/rc/own_transition.ts";
import { ONESHOT_RUNNER } from "../../lib/rc/places.ts";
import { EXIT, Failure, isErrno } from "../../lib/report.ts";
import type { Context } from "../applet.ts";

type Waiting = Pick<Context, "os" | "image">;

/** The service whose transition runs this program, and is waited for; undefined if none does. */
export function awaitedBy({ os, image }: Waiting, live: LiveDirectory): ByteString | undefined {
  const { graph } = readDatabase(os, live.database);
  const within = ownTransition(os, live, graph, live.readState(graph.services.length));
  const isScript = within === ONESHOT_RUNNER || within === BOOT_SCRIPT;
  return isScript ? image.environment.get("RC_NAME") ?? within : within;
}

/** Takes locks, and waits for the change that has them where that is wished. @throws Failure if that waits for us */
export function lockOrWait(
  context: Waiting,
  live: LiveDirectory,
  waits: boolean,
  take: (wait: boolean) => void,
): void {
  try {
    return take(false);
  } catch (error) {
    if (!waits || !isErrno(error, "EBUSY")) throw error;
  }
  const name = awaitedBy(context, live);
  if (name === undefined) return take(true);
  const why = `the change that has them waits for ${name}, which runs this program`;
  throw new Failure(EXIT.system, `unable to take locks: ${why}: it can be run when ${name} is done`);
}
