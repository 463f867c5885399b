// case: a value is compared with patterns; the block of the first that matches runs. After execline 2.9, where -e means
// basic and -E, the default, extended regular expressions.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import { setFrame } from "../../lib/execline/positional.ts";
import { type Pattern, regularExpression, shellPattern } from "../../lib/regexp/pattern.ts";
import type { Meter } from "../../lib/meter.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, chain } from "../applet.ts";
import type { Options } from "../getopt.ts";

const OPTIONS = "sSeEnNi";

export const choose: Applet = chain({
  name: "case",
  usage: "[ -s | -S ] [ -e | -E ] [ -n | -N ] [ -i ] value { re1 { prog1... } re2 { prog2... } ... } progdefault...",
  summary: "run one of several commands, depending on what matches a value",
  help: {
    s: "the patterns are those of the shell",
    S: "the patterns are regular expressions (default)",
    e: "the regular expressions are extended ones (default)",
    E: "the regular expressions are basic ones",
    n: "set no positional parameters (default)",
    N: "make positional parameters of what the parts of the pattern matched",
    i: "upper and lower case are the same",
  },
  notes: [
    "With -s, -E takes backslashes as they are, -N lets wildcards match no slash, and -i lets them match no dot that leads.",
  ],
  options: OPTIONS,
  least: 2,
  next: (image, { options, args, args: [value = ""] }, view) => {
    const blocks = new Blocks(args.slice(1), image.environment, view.warn);
    for (const { pattern, command } of alternatives(blocks.take())) {
      const expected = patternOf(pattern, options, view.budget);
      const wantsParts = options.last("s", "S") !== "s" && options.last("N", "n") === "N";
      const parts = wantsParts ? expected.groups(value) : expected.test(value) ? [] : undefined;
      if (parts === undefined) continue;
      if (!wantsParts) return image.run(command);
      const frame = { script: pattern, args: parts };
      return image.withEnvironment(setFrame(image.environment, frame, view.budget)).run(command);
    }
    return image.run(blocks.rest);

    function* alternatives(block: readonly ByteString[]): Generator<{ pattern: ByteString; command: ByteString[] }> {
      const inner = blocks.within(block);
      for (let pattern = inner.takeWord(); pattern !== undefined; pattern = inner.takeWord()) {
        if (inner.place === block.length) throw invalid("malformed case block");
        const command = inner.tryTake();
        if (command === undefined) throw invalid("unterminated regex block");
        yield { pattern, command };
      }
    }
  },
});

/** The pattern that the value, or as in the original a line of it, must match. */
function patternOf(pattern: ByteString, options: Options<typeof OPTIONS>, meter: Meter): Pattern {
  const extended = options.last("e", "E") !== "e";
  if (options.last("s", "S") === "s") {
    const path = options.last("N", "n") === "N";
    return shellPattern(pattern, { escape: extended, period: options.has("i"), path }, meter);
  }
  return regularExpression(`^${pattern}$`, { extended, ignoreCase: options.has("i") }, meter);
}
