// Operands of subcommands that are no services: what they are is read where there are any.

import type { ByteString } from "../../lib/bytes.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import type { DefinedService } from "../../lib/overlay/rc/defined.ts";
import { definedInstead } from "../../lib/overlay/rc/defined_words.ts";
import { printable } from "../../lib/printable.ts";
import { invalid } from "../../lib/report.ts";
import type { Context } from "../applet.ts";

/**
 * The oneshots and bundles of s6-rc among these names.
 * @throws Failure 100 if there is neither a service nor one of these of a name
 */
export async function othersAmong(
  context: Context,
  snapshot: Snapshot,
  names: readonly ByteString[],
): Promise<readonly DefinedService[]> {
  const services = new Set(snapshot.services.map(({ name }) => name));
  if (names.every((name) => services.has(name))) return [];
  const { definedAmong } = await import("./defined_names.ts");
  return definedAmong(context, snapshot, names);
}

/** @throws Failure 100 if one of the names is no service, with what is called instead where s6-rc defines it */
export async function requireServices(
  context: Context,
  snapshot: Snapshot,
  names: readonly ByteString[],
  subcommand: string,
): Promise<void> {
  const [other] = await othersAmong(context, snapshot, names);
  if (other !== undefined) throw invalid(printable(definedInstead(other, subcommand)));
}
