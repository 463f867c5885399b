// with-contenv and printcontenv: the container's environment for scripts of the supervision tree.

import { readEnvdir } from "../../lib/envdir.ts";
import { Environment } from "../../lib/environment.ts";
import { settingsOf, storedEnvironment, storedVariable } from "../../lib/overlay/contenv.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { type Applet, chain, utility } from "../applet.ts";
import { NO_OPTIONS, Options } from "../getopt.ts";
import { valueRule } from "../s6/envdir.ts";

export const withContenv: Applet = chain({
  name: "with-contenv",
  usage: "prog...",
  summary: "run a program with the container's environment",
  options: NO_OPTIONS,
  least: 0,
  reads: true,
  next: (image, { args }, view) => {
    const settings = settingsOf(view, image.environment, view.warn);
    const kept = settings.get("keepEnvironment");
    return (kept ? image : image.withEnvironment(storedEnvironment(view))).run(args);
  },
});

/** As with-contenv of generation 1, which read the store as s6-envdir -fn does. */
export const withContenvLegacy: Applet = chain({
  name: "with-contenv-legacy",
  usage: "prog...",
  summary: "run a program with the container's environment, without variables that are empty",
  notes: ["Values are cut at 4095 bytes."],
  options: NO_OPTIONS,
  least: 0,
  reads: true,
  next: (image, { args }, view) => {
    if (settingsOf(view, image.environment, view.warn).get("keepEnvironment")) return image.run(args);
    const directory = PATHS.containerEnvironment;
    const variables = readEnvdir(view, directory, valueRule(new Options(WHOLE_FILES), directory));
    return image.withEnvironment(Environment.empty.with(variables)).run(args);
  },
});

const WHOLE_FILES = [{ letter: "f", value: "" }, { letter: "n", value: "" }];

export const printContenv: Applet = utility({
  name: "printcontenv",
  usage: "variable",
  summary: "print a variable of the container's environment",
  exits: { 1: "there is no such variable" },
  options: NO_OPTIONS,
  least: 0,
  inProcess: true,
  run: (context, { args: [name] }) => {
    if (name === undefined) return 1;
    const { os, image } = context;
    const kept = settingsOf(os, image.environment, (line) => context.warn(line)).get("keepEnvironment");
    const value = kept ? image.environment.get(name) : storedVariable(os, name);
    if (value === undefined) return 1;
    // With the environment kept the original only expands the variable, which adds no newline.
    context.print(kept ? value : `${value}\n`);
    return 0;
  },
});
