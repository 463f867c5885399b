// s6-overlay healthy: for HEALTHCHECK and probes. Process 1 answers it by itself, without another process.

import type { ByteString } from "../../lib/bytes.ts";
import { faultOf } from "../../lib/overlay/journal/health.ts";
import type { DefinedService } from "../../lib/overlay/rc/defined.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import { printable } from "../../lib/printable.ts";
import { Failure, OsError, textOf } from "../../lib/report.ts";
import type { Context } from "../applet.ts";
import { snapshotOf } from "../asking.ts";
import { othersAmong } from "./other_names.ts";
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
    "where it notifies readiness, when none ends by itself again and again, and when " +
    "no service is still down that the boot of s6-rc was to start. Services that are named must be up " +
    "whatever is wanted, and so must oneshots and bundles of s6-rc.",
  ],
  least: 0,
  most: Infinity,
  run: async (context, given) => {
    const { text, code } = await snapshotOf(context, {}, given.number("t") ?? PATIENCE).then(
      async (snapshot) => said(snapshot, given, await knownAmong(context, snapshot, given.operands)),
    ).catch(
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
    const snapshot = sight.container();
    const services = new Set(snapshot.services.map(({ name }) => name));
    return given.operands.every((name) => services.has(name)) ? said(snapshot, given, []) : undefined;
  },
};

/** The oneshots and bundles among the names; of one that nothing has the fault is told with the others. */
async function knownAmong(
  context: Context,
  snapshot: Snapshot,
  names: readonly ByteString[],
): Promise<readonly DefinedService[]> {
  const found: DefinedService[] = [];
  for (const name of new Set(names)) {
    try {
      for (const other of await othersAmong(context, snapshot, [name])) found.push(other);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  return found;
}

function said(
  snapshot: Snapshot,
  given: Arguments,
  others: readonly DefinedService[],
): { readonly text: ByteString; readonly code: number } {
  const { operands } = given;
  const names = operands.filter((name) => !others.some((other) => other.name === name));
  const fault = faultOf(snapshot, operands.length === 0 ? undefined : names, given.has("ready")) ?? faultAmong(others);
  return fault === undefined
    ? { text: "healthy\n", code: 0 }
    : { text: `not healthy: ${printable(fault)}\n`, code: UNHEALTHY };
}

function faultAmong(others: readonly DefinedService[]): ByteString | undefined {
  const down = others.find(({ state, disabled }) => state !== "up" && disabled === null);
  if (down === undefined) return undefined;
  const { kind, name, state, notStarted, members } = down;
  const missing = members.filter(({ isUp }) => !isUp).map(({ name }) => name);
  const more = notStarted !== null ? `: it ${notStarted}` : missing.length > 0 ? `: ${missing.join(", ")}` : "";
  return `${kind} ${name} is ${state}${more}`;
}
