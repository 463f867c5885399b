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
import { readPageSize, readProcessNumbers } from "../../lib/process_table.ts";
import { unlessRefused } from "../../lib/report.ts";
import type { Context } from "../applet.ts";
import { NoAnswer, snapshotOf } from "./asking.ts";

/**
 * @param names the services to report; all, if there are none
 * @throws NoAnswer, Failure 100 if there is no service of a name
 */
export async function statusReportFor(context: Context, names: readonly ByteString[]): Promise<StatusReport> {
  const report = await snapshotOf(context).then((snapshot) => asTold(context, snapshot), (error) => {
    if (!(error instanceof NoAnswer && error.isAbsent)) throw error;
    return onDisk(context, error);
  });
  checkNames(names, report.services);
  return reportOnly(report, names.length === 0 ? report.services.filter(isUsed).map(({ name }) => name) : names);
}

/** The overlay's own descriptor holder is down in most containers, and nothing to people unless they name it. */
function isUsed({ directory, state, wanted }: ServiceStatus): boolean {
  return directory !== PATHS.holderService || state !== "down" || wanted !== "down";
}

function asTold(context: Context, snapshot: Snapshot): StatusReport {
  const usage = usageIn(context, new Set(snapshot.services.map(({ pid }) => pid ?? 0).filter((pid) => pid > 0)));
  return statusReport(snapshot, ({ directory, pid }) => ({
    essential: unlessRefused(() => isEssential(context.os, directory)) ?? null,
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

/** By pid; empty without /proc. */
function usageIn({ os }: Context, pids: ReadonlySet<number>): ReadonlyMap<number, Usage> {
  const processes = readProcessNumbers(os);
  return processes === undefined ? new Map() : usageOfServices(processes, pids, readPageSize(os));
}
