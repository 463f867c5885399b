// How standard output is to be written to: as wide as the terminal, and in colours, if it is one.

import type { TableLook } from "../../lib/overlay/status/table.ts";
import type { Context } from "../applet.ts";

const OUTPUT = 1;

/** NO_COLOR and TERM=dumb are heeded. */
export async function lookOf(context: Context): Promise<TableLook> {
  const { os, image } = context;
  if (!os.isTerminal(OUTPUT)) return {};
  const size = (await context.part("terminals")).sizeOf(OUTPUT);
  const refused = (image.environment.get("NO_COLOR") ?? "") !== "" || image.environment.get("TERM") === "dumb";
  return { width: size?.columns, colour: !refused };
}
