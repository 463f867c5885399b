// with-contenv-legacy: with-contenv as it was in generation 1, which read the store as s6-envdir -fn does. A file of its
// own, as with-contenv is in nearly every script and this in hardly any.

import { contentRule, readEnvdir } from "../../lib/envdir.ts";
import { Environment } from "../../lib/environment.ts";
import { settingsOf } from "../../lib/overlay/contenv.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { type Applet, chain } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

/** As s6-envdir -fn. */
const ruleOfWholeFiles = contentRule({ whole: true, exact: true });

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
    const variables = readEnvdir(view, PATHS.containerEnvironment, ruleOfWholeFiles);
    return image.withEnvironment(Environment.empty.with(variables)).run(args);
  },
});
