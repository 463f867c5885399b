// Programs that change the environment of what follows. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { substitute } from "../../lib/execline/substitute.ts";
import type { Budget } from "../../lib/image/budget.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, chain, fork } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

/** Refuses what cannot be the name of a variable. */
export function checkName(name: ByteString): ByteString {
  if (name === "" || name.includes("=")) throw invalid(`invalid variable name: ${name}`);
  return name;
}

/** As `checkName`, but the original exports an empty name. */
function checkExported(name: ByteString): ByteString {
  return name === "" ? name : checkName(name);
}

/** The image that runs the words with the variable set or, with -E, with its value in place of its name. */
export function passValue(
  image: ProcessImage,
  name: ByteString,
  value: ByteString | undefined,
  words: readonly ByteString[],
  byImport: boolean,
  budget?: Budget,
): ProcessImage {
  return passValues(image, [[name, value]], words, byImport, budget);
}

/** As `passValue`, for several variables at once. */
export function passValues(
  image: ProcessImage,
  variables: readonly (readonly [name: ByteString, value: ByteString | undefined])[],
  words: readonly ByteString[],
  byImport: boolean,
  budget?: Budget,
): ProcessImage {
  if (!byImport) return image.withVariables(variables).run(words);
  const bindings = new Map<ByteString, readonly ByteString[]>();
  for (const [name, value] of variables) {
    // What has no value stays as it is written.
    if (value !== undefined) bindings.set(name, [value]);
  }
  return image.withVariables(variables.map(([name]) => [name, undefined])).run(substitute(words, bindings, budget));
}

export const exportVariable: Applet = chain({
  name: "export",
  usage: "variable value prog...",
  summary: "run a program with a variable set",
  options: NO_OPTIONS,
  least: 3,
  next: (image, { args, args: [name = "", value = ""] }) =>
    image.withVariables([[checkExported(name), value]]).run(args.slice(2)),
});

export const unexport: Applet = chain({
  name: "unexport",
  usage: "variable prog...",
  summary: "run a program without a variable",
  options: NO_OPTIONS,
  least: 2,
  next: (image, { args, args: [name = ""] }) =>
    image.withVariables([[checkExported(name), undefined]]).run(args.slice(1)),
});

// These two tell of the process itself, so they run in it: in a chain that is computed elsewhere they would be wrong.

export const getpid: Applet = fork({
  name: "getpid",
  usage: "[ -E | -e ] [ -P | -p ] variable prog...",
  summary: "run a program with its process id in a variable",
  help: {
    E: "substitute the variable in the rest, and do not export it",
    e: "export the variable (default)",
    P: "the process id of the parent",
    p: "the process id of this process (default)",
  },
  options: "EePp",
  least: 2,
  run: ({ os, image }, { options, args: [name = "", ...rest] }) => {
    const pid = options.last("P", "p") === "P" ? os.parentPid() : os.pid;
    return passValue(image, checkName(name), String(pid), rest, options.last("E", "e") === "E");
  },
});

export const getcwd: Applet = fork({
  name: "getcwd",
  usage: "[ -E | -e ] variable prog...",
  summary: "run a program with its working directory in a variable",
  help: {
    E: "substitute the variable in the rest, and do not export it",
    e: "export the variable (default)",
  },
  options: "Ee",
  least: 2,
  run: ({ os, image }, { options, args: [name = "", ...rest] }) =>
    passValue(image, checkName(name), os.currentDirectory(), rest, options.last("E", "e") === "E"),
});
