// s6-overlay status: what the services do, as a table, as JSON, or again and again at a terminal.

import { jsonBytes } from "../../lib/json.ts";
import type { StatusReport } from "../../lib/overlay/status/status_report.ts";
import { statusTable, tableHead, type TableLook } from "../../lib/overlay/status/table.ts";
import { definedInLine } from "../../lib/overlay/rc/defined_words.ts";
import { printable } from "../../lib/printable.ts";
import { invalid } from "../../lib/report.ts";
import { lookOf } from "./look.ts";
import type { Subcommand } from "./subcommand.ts";
import { statusReportFor } from "./survey.ts";

const NOT_AS_WANTED = 1;

export const serviceStatus: Subcommand = {
  name: "status",
  usage: "[ -j | --watch ] [ service... ]",
  summary: "tell what the services do",
  options: {
    j: "print JSON; docs/json.md says what each field means",
    watch: "draw it anew each second, at a terminal, until q is pressed",
  },
  exits: {
    0: "all is as wanted",
    1: "it is not: a service that is wanted up is not up, or not ready, ends by itself again and again, has failed " +
      "for good, is paused, or is still up; the container boots or stops; or services are down that the boot of s6-rc was to start",
    100: "bad usage, there is no service of that name, or no terminal for --watch",
    111: "no overlay runs here, or it does not answer",
  },
  notes: [
    "Memory and processor time are those of all processes of a service: its session's members and its descendants, " +
    "without those that belong to another service. Without /proc they are not known, nor where there are " +
    "too many to look at in a second.",
    "Oneshots and bundles of s6-rc that are named get a line of their own.",
    "Where another scanner supervises the scan directory, what is on disk is told, with a note.",
    "Keys of --watch: up and down, or k and j, select a service; s stops it, u starts it, r restarts it, l shows the " +
    "last lines of its log, q quits.",
  ],
  least: 0,
  most: Infinity,
  run: async (context, given) => {
    if (given.has("watch")) {
      if (given.has("j")) throw invalid("-j and --watch do not go together");
      return await import("./watch.ts").then(({ watch }) => watch(context, given.operands));
    }
    const report = await statusReportFor(context, given.operands);
    context.print(given.has("j") ? `${jsonBytes(report)}\n` : inWords(report, await lookOf(context)));
    return report.asWanted ? 0 : NOT_AS_WANTED;
  },
};

function inWords(report: StatusReport, look: TableLook): string {
  const { defined, now } = report;
  const others = defined.map((service) => printable(definedInLine(service, now)));
  const table = [...statusTable(report, look), ...others];
  return [...tableHead(report, look), ...table.length === 0 ? ["no services"] : table].map((line) => `${line}\n`).join(
    "",
  );
}
