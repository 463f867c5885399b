// s6-overlay timeline: what a boot took its time for.

import type { ByteString } from "../../lib/bytes.ts";
import { formOf, isPlain, type TimelineForm } from "../../lib/overlay/timeline/forms.ts";
import { placeFile } from "../../lib/overlay/timeline/placed_file.ts";
import { timelineOf } from "../../lib/overlay/timeline/timeline.ts";
import { invalid } from "../../lib/report.ts";
import { snapshotOf } from "../asking.ts";
import type { Arguments, Subcommand } from "./subcommand.ts";

/** Of what is no terminal. */
const WIDTH = 80;
const STDOUT = 1;

export const timeline: Subcommand = {
  name: "timeline",
  usage: "[ --svg | -j ] [ -o file ]",
  summary: "show the boot on one axis: each script and service from its start until it was ready",
  options: {
    svg: "print a picture, an SVG that needs nothing besides",
    j: "print JSON; docs/json.md says what each field means",
    "o file": "write into a file, in the form that its name ends in: .svg, .json, or else text",
  },
  exits: {},
  notes: [
    "What is marked is on the critical path: had it been faster, the boot would have been. It goes through the scripts, " +
    "one after another, to the service that the boot waited for to the last, with S6_CMD_WAIT_FOR_SERVICES.",
    "A service is ready when it is up, or has notified readiness if it has a notification-fd.",
    "With S6_TIMELINE the file is written when the boot ends, however it does.",
  ],
  least: 0,
  most: 0,
  run: async (context, given) => {
    const file = given.value("o");
    const form = formWanted(given, file);
    const timeline = timelineOf(await snapshotOf(context));
    if (file === undefined) {
      const width = context.os.terminalColumns(STDOUT) ?? WIDTH;
      const plain = isPlain((name) => context.image.environment.get(name));
      context.print(formOf(timeline, form, { width, plain }));
    } else placeFile(context.os, file, formOf(timeline, form, { width: WIDTH, plain: false }));
    return 0;
  },
};

function formWanted(given: Arguments, file: ByteString = ""): TimelineForm {
  if (given.has("svg") && given.has("j")) throw invalid("--svg and -j do not go together");
  if (given.has("svg")) return "svg";
  if (given.has("j")) return "json";
  return file.endsWith(".svg") ? "svg" : file.endsWith(".json") ? "json" : "text";
}
