// with-contenv-legacy: with-contenv as it was in generation 1, which read the store as s6-envdir -fn does. A file of its
// own, as with-contenv is in nearly every script and this in hardly any.

import { readEnvdir } from "../../lib/envdir.ts";
import { Environment } from "../../lib/environment.ts";
import { settingsOf } from "../../lib/overlay/contenv.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { type Applet, chain } from "../applet.ts";
import { NO_OPTIONS, Options } from "../getopt.ts";
import { valueRule } from "../s6/envdir.ts";

const WHOLE_FILES = [{ letter: "f", value: "" }, { letter: "n", value: "" }];

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
