// Programs that make another line of each line.

import type { ByteString } from "../../lib/bytes.ts";
import { type Input, linesIn, STDIN } from "../../lib/input.ts";
import type { Context } from "../applet.ts";

/**
 * Prints what becomes of each line of an input, with the end that the line had.
 * @param change what becomes of a line; undefined leaves it out
 */
export function printChanged(
  context: Pick<Context, "os" | "print">,
  change: (line: ByteString) => ByteString | undefined,
  input: Input = STDIN,
): void {
  for (const { lines, end } of linesIn(context.os, input)) {
    let text = "";
    try {
      for (const line of lines) {
        const changed = change(line);
        if (changed !== undefined) text += changed + end;
      }
    } finally {
      // What came before a line that ends the program was good.
      context.print(text);
    }
  }
}
