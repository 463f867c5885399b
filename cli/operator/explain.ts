// s6-overlay explain: what is waited for, why something last failed, and the cure where one is known.

import { jsonBytes } from "../../lib/json.ts";
import { findZone } from "../../lib/log/timezone.ts";
import { explainAll } from "../../lib/overlay/explain/explaining.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { MomentTeller } from "../../lib/overlay/explain/moments.ts";
import { explanationInWords } from "../../lib/overlay/explain/told.ts";
import { mayShow } from "../../lib/overlay/explain/output_diagnoses.ts";
import type { PrintedLast, ServicePrinted } from "../../lib/overlay/journal/request.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import { Failure, unlessRefused } from "../../lib/report.ts";
import type { Context } from "../applet.ts";
import { ask, snapshotOf } from "../asking.ts";
import { othersAmong } from "./other_names.ts";
import type { Subcommand } from "./subcommand.ts";

const WRONG = 1;

/** What the relay has carried on last of services that something is wrong with, where we may ask for it. */
async function printedBy(context: Context, { container, services }: Snapshot): Promise<readonly ServicePrinted[]> {
  const names = services.filter(mayShow).map(({ name }) => name);
  if (container.output === "plain" || names.length === 0) return [];
  try {
    return (await ask<PrintedLast>(context, { ask: "printed", services: names })).printed;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [];
  }
}

export const explanation: Subcommand = {
  name: "explain",
  usage: "[ -j ] [ service... ]",
  summary: "tell what is waited for, why something fails, and what to do about it",
  options: { j: "print JSON; docs/json.md says what each field means" },
  exits: { 1: "something is not as it should be", 100: "bad usage, or there is no service of that name" },
  notes: [
    "Without a service it tells of the container, of each service that is not as it is wanted, of scripts that have " +
    "failed, and of settings that have no effect. A service that is named is told of in any case; NAME/log is the logger of NAME.",
    "Oneshots and bundles of s6-rc may be named too: whether they are up, what their script did last, what they need.",
    "It looks at the service's files, at processes, and at the last lines of the service's logger, of the catch-all " +
    "logger or, where lines have the names of services, of the container's output. Of these lines it prints the one " +
    "that shows the cause; it never prints environments or command lines.",
    "Only root can see all of that; other users are told what process 1 knows.",
  ],
  least: 0,
  most: Infinity,
  run: async (context, given) => {
    const snapshot = await snapshotOf(context, { journal: true });
    const { operands } = given;
    // In an image of generation 3 a name may be that of a longrun of s6-rc.
    const orders = operands.length === 0 || unlessRefused(() => context.os.find(PATHS.later)) === undefined
      ? new Map()
      : await import("./defined_names.ts").then(({ ordersAmong }) => ordersAmong(context, snapshot, operands));
    const defined = await othersAmong(context, snapshot, given.operands);
    const { os, image } = context;
    const read = (path: string): string | undefined => unlessRefused(() => os.readFile(path));
    // Loggers are started without the variable TZ, unless a run script sees to it.
    const system = findZone(undefined, read);
    const own = findZone(image.environment.get("TZ"), read);
    const searchPath = image.environment.get("PATH") ?? "";
    const printed = await printedBy(context, snapshot);
    const found = explainAll(snapshot, given.operands, {
      os,
      zones: [system, own],
      searchPath,
      printed,
      defined,
      orders,
    });
    const teller = new MomentTeller(snapshot.now, own);
    context.print(given.has("j") ? `${jsonBytes(found)}\n` : explanationInWords(found, teller));
    return found.asWanted ? 0 : WRONG;
  },
};
