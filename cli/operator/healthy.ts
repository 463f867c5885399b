// s6-overlay healthy: for HEALTHCHECK and probes. Process 1 answers it by itself, without another process.

import type { ByteString } from "../../lib/bytes.ts";
import { faultOf } from "../../lib/overlay/journal/health.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import { printable } from "../../lib/printable.ts";
import { Failure, OsError, textOf } from "../../lib/report.ts";
import { snapshotOf } from "./asking.ts";
import type { Arguments, Subcommand } from "./subcommand.ts";

/** Docker keeps 2 for itself. */
const UNHEALTHY = 1;
const PATIENCE = 1000;

export const healthy: Subcommand = {
  name: "healthy",
  usage: "[ --ready ] [ -t milliseconds ] [ service... ]",
  summary: "tell if the container is as it should be, for HEALTHCHECK and probes",
  options: {
    ready: "for a readiness probe: it fails, too, from the moment on that a service which still runs was told to end",
    "t milliseconds": `wait so long for process 1 to answer; default ${PATIENCE}`,
  },
  exits: { 0: "it is", 1: "it is not, nothing has answered, or the command line is wrong: one line says what" },
  usageCode: UNHEALTHY,
  notes: [
    "It is as it should be when it has booted and does not stop, when each service that is wanted up is up, and ready " +
    "where it notifies readiness, and when none ends by itself again and again. Services that are named must be up " +
    "whatever is wanted.",
  ],
  least: 0,
  most: Infinity,
  run: async (context, given) => {
    const { text, code } = await snapshotOf(context, {}, given.number("t") ?? PATIENCE).then(
      (snapshot) => said(snapshot, given),
      (error) => {
        if (!(error instanceof Failure || error instanceof OsError)) throw error;
        return { text: `not healthy: ${printable(textOf(error))}\n`, code: UNHEALTHY };
      },
    );
    context.print(text);
    return code;
  },
  reply: (given, sight) => {
    given.number("t");
    return said(sight.container(), given);
  },
};

function said(snapshot: Snapshot, given: Arguments): { readonly text: ByteString; readonly code: number } {
  const { operands } = given;
  const fault = faultOf(snapshot, operands.length === 0 ? undefined : operands, given.has("ready"));
  return fault === undefined
    ? { text: "healthy\n", code: 0 }
    : { text: `not healthy: ${printable(fault)}\n`, code: UNHEALTHY };
}
