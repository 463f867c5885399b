// Time stamps on lines: s6-tai64n puts them there, s6-tai64nlocal makes them readable.

import type { ByteString } from "../../lib/bytes.ts";
import { parts } from "../../lib/input.ts";
import { STAMP_LENGTH, withDate } from "../../lib/log/dated_line.ts";
import { findZone, utc, type Zone } from "../../lib/log/timezone.ts";
import type { Os } from "../../lib/os/os.ts";
import { stampText } from "../../lib/tai.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

export const tai64n: Applet = utility({
  name: "s6-tai64n",
  usage: "",
  summary: "put a time stamp before each line",
  options: NO_OPTIONS,
  least: 0,
  computes: true,
  run: (context) => {
    const { os } = context;
    let inLine = false;
    for (const part of parts(os)) {
      // A line has the time at which its first byte arrived.
      const stamped = part.replace(/[^\n]*(\n|$)/g, (line, end: string) => {
        const text = inLine || line === "" ? line : `${stampText(os.now())} ${line}`;
        inLine = line === "" ? inLine : end === "";
        return text;
      });
      context.print(stamped);
    }
    if (inLine) context.print("\n");
    return 0;
  },
});

export const tai64nlocal: Applet = utility({
  name: "s6-tai64nlocal",
  usage: "[ -g ]",
  summary: "turn time stamps at the beginning of lines into dates",
  help: { g: "universal time, not local time" },
  options: "g",
  least: 0,
  computes: true,
  run: (context, { options }) => {
    const zone = options.has("g") ? utc : localZone(context);
    // The beginning of a line, until there is something behind the place of a stamp.
    let start = "";
    let inLine = false;
    for (const part of parts(context.os)) {
      let dated = "";
      for (const piece of part.split(/(?<=\n)/)) {
        start = inLine ? "" : start + piece;
        const ended = piece.endsWith("\n");
        if (!inLine && !ended && start.length <= STAMP_LENGTH) continue;
        dated += inLine ? piece : withDate(start, zone);
        start = "";
        inLine = !ended;
      }
      context.print(dated);
    }
    context.print(start);
    return 0;
  },
});

function localZone({ os, image }: Context): Zone {
  return findZone(image.environment.get("TZ"), (path) => readIfThere(os, path));
}

function readIfThere(os: Pick<Os, "readFile">, path: ByteString): ByteString | undefined {
  try {
    return os.readFile(path);
  } catch {
    return undefined;
  }
}
