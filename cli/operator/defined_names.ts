// Names on a command line that are no services: oneshots and bundles of s6-rc, as the live directory has them.

import type { ByteString } from "../../lib/bytes.ts";
import { keepsEnvironment, storedVariable, withoutLineEnd } from "../../lib/overlay/contenv.ts";
import { noSuchService } from "../../lib/overlay/control/choice.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { whyDisabled } from "../../lib/overlay/rc/conditions_directory.ts";
import { type DefinedService, definedService, orderOf, type ServiceOrder } from "../../lib/overlay/rc/defined.ts";
import { readDatabase } from "../../lib/rc/database_directory.ts";
import type { Graph } from "../../lib/rc/graph.ts";
import { LiveDirectory } from "../../lib/rc/live.ts";
import { LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import { readScriptRecord } from "../../lib/rc/script_record.ts";
import { printable } from "../../lib/printable.ts";
import { Failure, invalid, OsError, unlessRefused } from "../../lib/report.ts";
import type { Context } from "../applet.ts";

/**
 * Of the names that are no services what s6-rc defines by them, in order.
 * @throws Failure 100 if there is neither of a name
 */
export function definedAmong(
  context: Context,
  snapshot: Snapshot,
  names: readonly ByteString[],
): readonly DefinedService[] {
  const services = snapshot.services.map(({ name }) => name);
  const others = [...new Set(names)].filter((name) => !services.includes(name));
  if (others.length === 0) return [];
  const live = readLive(context);
  const known = live === undefined
    ? []
    : [...live.graph.services.map(({ name }) => name), ...live.graph.bundles.keys()];
  return others.map((name) => {
    const defined = live && definedService({ ...live, snapshot, ...notesIn(context) }, name);
    if (defined === undefined) throw unknown(context, name, snapshot, [...services, ...known]);
    return defined;
  });
}

/** What s6-rc knows of the longruns among these services, by name. */
export function ordersAmong(
  context: Context,
  snapshot: Snapshot,
  names: readonly ByteString[],
): ReadonlyMap<ByteString, ServiceOrder> {
  const live = names.length === 0 ? undefined : readLive(context);
  if (live === undefined) return new Map();
  const known = { ...live, snapshot, ...notesIn(context) };
  return new Map(names.flatMap((name) => {
    const order = orderOf(known, name);
    return order === undefined ? [] : [[name, order]];
  }));
}

/** Where nothing was compiled, or services.d was kept back or is yet to come, the image may well have it. */
function unknown(
  { os }: Context,
  name: ByteString,
  { container: { notStarted, state } }: Snapshot,
  known: readonly ByteString[],
): Error {
  const step = notStarted.find(({ kind }) => kind === "services.d");
  const isBooting = state === "booting";
  const mayCome = step !== undefined || isBooting;
  if (mayCome && name !== "" && unlessRefused(() => os.find(`${PATHS.userFiles}/services.d/${name}`)) !== undefined) {
    const why = step === undefined
      ? "the boot has not come to services.d (s6-overlay explain says what it waits for)"
      : `${step.name}, which starts services.d, ${step.why}`;
    return invalid(printable(`there is no service ${name} yet: ${why}`));
  }
  const top = notStarted.find(({ kind }) => kind === "bundle");
  if (top === undefined) return noSuchService(name, known, isBooting ? " at this point of the boot" : "");
  return invalid(printable(`there is no service ${name}: what s6-rc.d defines ${top.why}`));
}

/** Undefined where there is none, as in generation 2 and before the boot has made it, or it cannot be read. */
function readLive({ os }: Context): { readonly graph: Graph; readonly state: Uint8Array } | undefined {
  const live = new LiveDirectory(os, LIVE_DIRECTORY);
  if (unlessRefused(() => os.find(live.database)) === undefined) return undefined;
  try {
    const { graph } = readDatabase(os, live.database);
    return { graph, state: live.readState(graph.services.length) };
  } catch (error) {
    if (error instanceof OsError || error instanceof Failure) return undefined;
    throw error;
  }
}

function notesIn({ os, image }: Context): Pick<Parameters<typeof definedService>[0], "recordOf" | "whyDisabled"> {
  const kept = keepsEnvironment(image.environment);
  const lookUp = (variable: ByteString): ByteString | undefined => {
    const value = kept ? image.environment.get(variable) : storedVariable(os, variable);
    return value === undefined ? undefined : withoutLineEnd(value);
  };
  return {
    recordOf: (name) => readScriptRecord(os, LIVE_DIRECTORY, name),
    whyDisabled: (name) => unlessRefused(() => whyDisabled(os, name, () => lookUp)),
  };
}
