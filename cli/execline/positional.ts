// Programs that work on the positional parameters in the environment: shift. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { strictness } from "../../lib/execline/block.ts";
import { countOf } from "../../lib/execline/positional.ts";
import type { Environment } from "../../lib/environment.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, chain } from "../applet.ts";

/** The number of positional parameters. */
export function requiredCount(environment: Environment): number {
  const count = countOf(environment);
  if (count === undefined) throw invalid(environment.has("#") ? "invalid #" : "# not set");
  return count;
}

export const shift: Applet = chain({
  name: "shift",
  usage: "[ -n arg# ] [ -b block# ] prog...",
  summary: "drop the first positional parameters",
  options: "n:b:",
  least: 1,
  next: (image, { options, args }, view) => {
    const blocks = options.number("b") ?? 0;
    const wanted = options.number("n") ?? (options.has("b") ? 0 : 1);
    const count = requiredCount(image.environment);
    if (wanted > count) {
      const strict = strictness(image.environment) ?? 0;
      const text = `unable to shift ${wanted} arguments: got ${count}`;
      if (strict > 1) throw invalid(text);
      if (strict > 0) view.warn(text);
    }
    const dropped = behindBlocks(image.environment, Math.min(wanted, count), blocks, count);
    return image.withEnvironment(shifted(image.environment, count, dropped)).run(args);
  },
});

/** How many parameters to drop so that so many blocks, which begin behind the first `from`, are gone. */
function behindBlocks(environment: Environment, from: number, blocks: number, count: number): number {
  let at = from;
  for (let block = 0; block < blocks; block++) {
    while (at < count && environment.get(String(at + 1)) !== "") at++;
    if (at === count) throw invalid(`unable to shift block ${block + 1}: too few arguments`);
    at++;
  }
  return at;
}

function shifted(environment: Environment, count: number, by: number): Environment {
  const changes: [ByteString, ByteString | undefined][] = [["#", String(count - by)]];
  for (let at = 1; at <= count; at++) {
    changes.push([String(at), at + by <= count ? environment.get(String(at + by)) : undefined]);
  }
  return environment.with(changes);
}
