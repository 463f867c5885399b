// emptyenv: an environment with little or nothing in it. Apart from the other programs that change the environment, as few
// starts need it, or long options. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { Environment } from "../../lib/environment.ts";
import { isOption, isPositional, popFrame } from "../../lib/execline/positional.ts";
import { type Applet, chain } from "../applet.ts";
import { longOptions } from "../long_options.ts";

/** Variables that execline programs leave for one another. */
function isInternal(name: ByteString): boolean {
  return name === "!" || name === "?" || isPositional(name) || isOption(name) || /^(?:EXECLINE_|FD)/.test(name);
}

export const emptyenv: Applet = chain({
  name: "emptyenv",
  usage: "[ -p | -c | -o | -P | -l ] prog...",
  summary: "run a program with an empty, or a clean, environment",
  help: {
    p: "keep PATH",
    c: "remove the variables of execline only",
    o: "remove the variables of elgetopt only",
    P: "remove the positional parameters only",
    l: "keep PATH and LD_LIBRARY_PATH",
  },
  options: "pcoPl",
  long: longOptions({
    "cleanup": "c",
    "keep-ld-library-path": "l",
    "keep-path": "p",
    "pop-elgetopt": "o",
    "pop-execline": "P",
  }),
  least: 1,
  next: (image, { options, args }, { budget }) => {
    const { environment } = image;
    budget.steps(environment.size >> 4);
    if (options.has("c")) return image.withVariables(removals(environment, isInternal)).run(args);
    if (options.has("o") || options.has("P")) {
      const outer = options.has("o") ? popFrame(environment, isOption, budget) : environment;
      return image.withEnvironment(options.has("P") ? popFrame(outer, isPositional, budget) : outer).run(args);
    }
    const kept = [options.has("p") ? "PATH" : "", options.has("l") ? "LD_LIBRARY_PATH" : ""];
    const left = environment.matching((name) => kept.includes(name)).map(([name, value]) => `${name}=${value}`);
    return image.withEnvironment(Environment.of(left)).run(args);
  },
});

function removals(
  environment: Environment,
  unwanted: (name: ByteString) => boolean,
): (readonly [ByteString, undefined])[] {
  return environment.matching(unwanted).map(([name]) => [name, undefined] as const);
}
