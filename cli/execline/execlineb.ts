// execlineb: reads a script and becomes the command line it stands for. Follows skarnet.org's execlineb 2.9; -e, which
// 2.9.4 added to be called as a shell, is accepted and means nothing.

import { strictness } from "../../lib/execline/block.ts";
import { type Passing, scriptCommand } from "../../lib/execline/script.ts";
import type { Environment } from "../../lib/environment.ts";
import { about, UsageError } from "../../lib/report.ts";
import { type Applet, chain, type SystemView } from "../applet.ts";
import { type Options, unsigned } from "../getopt.ts";

const OPTIONS = "qwWpPS:s:ec:";

export const execlineb: Applet = chain({
  name: "execlineb",
  usage: "[ -p | -P | -S nmin | -s nmin ] [ -q | -w | -W ] [ -c commandline ] script args",
  summary: "run a script written in the execline language",
  help: {
    q: "with -S and -s, do not mind if arguments are missing",
    w: "with -S and -s, warn if arguments are missing (default)",
    W: "with -S and -s, exit if arguments are missing",
    p: "set the positional parameters without keeping those of outer scripts",
    P: "set no positional parameters",
    S: "substitute $#, $@, $0 and this many parameters in the script",
    s: "as -S, but $@ has only the arguments behind these",
    c: "the script itself; the operands are its arguments",
  },
  ignored: "e",
  options: OPTIONS,
  least: 0,
  reads: true,
  next: (image, { options, args }, view) => {
    const given = options.value("c");
    const [script, ...rest] = given === undefined ? args : [image.argv[0]!, ...args];
    if (script === undefined) throw new UsageError();
    const passes = passing(options);
    const environment = withStrictness(options, image.environment, view);
    // -q removes the variable, and yet this program itself is silent then.
    const strict = { level: options.last("q", "w", "W") === "q" ? 0 : strictness(environment), warn: view.warn };
    const text = given ?? read(script, view);
    const file = given === undefined ? script : undefined;
    const command = scriptCommand(text, { script, args: rest }, passes, environment, strict, file, view.budget);
    return image.withEnvironment(command.environment).run(command.argv);
  },
});

function read(script: string, view: SystemView): string {
  return about("read script", script, () => view.readFile(script, view.budget.most.script));
}

function passing(options: Options<typeof OPTIONS>): Passing {
  const letter = options.last("p", "P", "S", "s");
  switch (letter) {
    case undefined:
      return { by: "push" };
    case "p":
      return { by: "set" };
    case "P":
      return { by: "nothing" };
  }
  const least = unsigned(options.value(letter)!);
  return { by: "substitution", least, skip: letter === "s" ? least : 0 };
}

const STRICTNESS = { q: undefined, w: "1", W: "2" } as const;

/** The environment with EXECLINE_STRICT as the options have it. */
function withStrictness(options: Options<typeof OPTIONS>, environment: Environment, view: SystemView): Environment {
  const letter = options.last("q", "w", "W");
  if (letter !== undefined) return environment.with([["EXECLINE_STRICT", STRICTNESS[letter]]]);
  const value = environment.get("EXECLINE_STRICT");
  if (value === undefined || /^[0-9]+$/.test(value)) return environment;
  view.warn("invalid EXECLINE_STRICT value, unsetting it");
  return environment.with([["EXECLINE_STRICT", undefined]]);
}
