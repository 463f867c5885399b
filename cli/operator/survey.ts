// What status tells: what process 1 knows, and what /proc and the service directories say besides; where no process 1
// listens, what supervisors have left on disk.

import type { ByteString } from "../../lib/bytes.ts";
import { isEssential } from "../../lib/overlay/essential.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { checkNames } from "../../lib/overlay/control/choice.ts";
import {
  reportOnly,
  type ServiceStatus,
  type StatusReport,
  statusReport,
} from "../../lib/overlay/status/status_report.ts";
import { type Usage, usageOfServices } from "../../lib/overlay/status/usage.ts";
import { PIPE_HOLDER } from "../../lib/rc/places.ts";
import { readPageSize, readProcessNumbers } from "../../lib/process_table.ts";
import { unlessRefused } from "../../lib/report.ts";
import type { Context } from "../applet.ts";
import { NoAnswer, snapshotOf } from "../asking.ts";
import { othersAmong } from "./other_names.ts";

/**
 * @param names the services to report; all, if there are none
 * @throws NoAnswer, Failure 100 if there is no service of a name
 */
export async function statusReportFor(context: Context, names: readonly ByteString[]): Promise<StatusReport> {
  const asked = await snapshotOf(context).catch((error) => {
    if (!(error instanceof NoAnswer && error.isAbsent)) throw error;
    return error;
  });
  const report = asked instanceof NoAnswer ? await onDisk(context, asked) : asTold(context, asked);
  if (asked instanceof NoAnswer) checkNames(names, report.services);
  const defined = asked instanceof NoAnswer ? [] : await othersAmong(context, asked, names);
  if (names.length > 0) return reportOnly(report, names, defined);
  return { ...report, services: report.services.filter(isUsed) };
}

/** Descriptor holders of the overlay's own are down in most containers, and nothing to people unless they name them. */
function isUsed({ name, directory, state, wanted }: ServiceStatus): boolean {
  const isHolder = directory === PATHS.holderService || name === PIPE_HOLDER;
  // A stop ends its supervisor first, as that has nothing to wait for.
  return !isHolder || state !== "down" && state !== "unsupervised" || wanted !== "down";
}

function asTold(context: Context, snapshot: Snapshot): StatusReport {
  const pids = snapshot.services.map(({ pid }) => pid ?? 0).filter((pid) => pid > 0 && pid !== snapshot.container.pid);
  const usage = usageIn(context, new Set(pids));
  return statusReport(snapshot, ({ directory, pid }) => ({
    essential: unlessRefused(() => isEssentialAt(context.os, directory)) ?? null,
    usage: pid === null ? undefined : usage.get(pid),
  }));
}

async function onDisk(context: Context, why: NoAnswer): Promise<StatusReport> {
  const { os } = context;
  const { statusOnDisk } = await import("../../lib/overlay/status/disk.ts");
  const report = statusOnDisk(os, os.actualPath(PATHS.services), why.message, (pids) => usageIn(context, pids));
  if (report === undefined) throw why;
  return report;
}

/** Milliseconds for looking at all processes: a user may have tens of thousands, and each may want a processor. */
const MOST_TIME = 1000;

/** By pid; empty where it cannot be known. */
function usageIn({ os }: Context, pids: ReadonlySet<number>): ReadonlyMap<number, Usage> {
  const processes = readProcessNumbers(os, MOST_TIME);
  return processes === undefined ? new Map() : usageOfServices(processes, pids, readPageSize(os));
}

/** @throws OsError if the directory cannot be read */
function isEssentialAt(os: Context["os"], directory: ByteString): boolean {
  const held = os.door.hold(directory);
  try {
    return isEssential(os, held);
  } finally {
    os.close(held);
  }
}
