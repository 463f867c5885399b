// with-contenv and printcontenv: the container's environment for scripts of the supervision tree.

import type { Environment } from "../../lib/environment.ts";
import { keepsEnvironment, storedVariable, withoutLineEnd } from "../../lib/overlay/contenv.ts";
import { EnvironmentStore } from "../../lib/overlay/environment_store.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { UsageError } from "../../lib/report.ts";
import { type Applet, chain, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

const SMALL_STORE = 256;
const NOTIFY_VARIABLES = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];

export const withContenv: Applet = chain({
  name: "with-contenv",
  usage: "prog...",
  summary: "run a program with the container's environment",
  options: NO_OPTIONS,
  least: 0,
  reads: true,
  next: (image, { args }, view) => {
    const kept = keepsEnvironment(image.environment);
    if (kept) return image.run(args);
    const store = view.store ?? new EnvironmentStore(view.storeFiles, view.exists(PATHS.later));
    const environment = store.read(view.warn);
    // A file for each variable; of a large store only what has changed is read again.
    view.budget.files(Math.min(environment.size, SMALL_STORE));
    return image.withEnvironment(withOwn(environment, image.environment)).run(args);
  },
});

/** What a service has of systemd's notify protocol is its own: no other environment has it. */
function withOwn(environment: Environment, own: Environment): Environment {
  const names = NOTIFY_VARIABLES.filter((name) => own.has(name));
  return names.length === 0 ? environment : environment.with(names.map((name) => [name, own.get(name)]));
}

export const printContenv: Applet = utility({
  name: "printcontenv",
  usage: "variable",
  summary: "print a variable of the container's environment",
  exits: { 1: "there is no such variable" },
  options: NO_OPTIONS,
  least: 0,
  inProcess: true,
  run: (context, { args: [name] }) => {
    const { os, image } = context;
    const isLater = os.find(PATHS.later) !== undefined;
    if (name === undefined) {
      if (isLater) throw new UsageError();
      return 1;
    }
    const kept = keepsEnvironment(image.environment);
    const value = kept ? image.environment.get(name) : storedVariable(os, name);
    if (value === undefined || (kept && isLater && value === "")) return 1;
    // With the environment kept generation 2 only expands the variable, which adds no newline.
    context.print(isLater ? `${withoutLineEnd(value)}\n` : kept ? value : `${value}\n`);
    return 0;
  },
});
