// s6-rc-set-fix: makes sets consistent.

import type { ByteString } from "../../lib/bytes.ts";
import type { Direction } from "../../lib/rc/plan.ts";
import { type Progress, VERBOSITY } from "../../lib/rc/progress.ts";
import { type Repository, requireSetName } from "../../lib/rc/repository/repository.ts";
import { type FixStep, fixSteps, RX, RX_NAMES } from "../../lib/rc/repository/rx.ts";
import { moveServices } from "../../lib/rc/repository/sets.ts";
import { Failure } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import {
  REPOSITORY_EXITS,
  REPOSITORY_HELP,
  REPOSITORY_LONG,
  REPOSITORY_USAGE,
  repositoryOf,
  verbosityOf,
} from "./repository_call.ts";
import { progressOn } from "./telling.ts";

const ESSENTIAL = 1;

export const setFix: Applet = utility({
  name: "s6-rc-set-fix",
  usage: `${REPOSITORY_USAGE} [ -u | -d ] [ -E | -e ] [ -n ] [ sets... ]`,
  summary: "make sets consistent, all of them or those that are named",
  help: {
    ...REPOSITORY_HELP,
    u: "make what is needed as strong as what needs it",
    d: "make what needs as weak as what it needs (default)",
    E: "refuse to make weaker what is always up (default)",
    e: "make weaker even what is always up",
    n: "change nothing, and tell what would be changed",
  },
  exits: { ...REPOSITORY_EXITS, 1: "a service that is always up would have to become weaker" },
  options: "v:r:udEen",
  long: longOptions({
    ...REPOSITORY_LONG,
    "fix-up": "u",
    "fix-down": "d",
    "no-force-essential": "E",
    "force-essential": "e",
    "dry-run": "n",
  }),
  least: 0,
  run: (context, { options, args }) => {
    const verbosity = verbosityOf(options);
    for (const name of args) requireSetName(name);
    const repository = repositoryOf(context, options);
    repository.lock();
    for (const name of args) repository.requireSet(name);
    const fixing: Fixing = {
      repository,
      direction: options.last("u", "d") === "u" ? "up" : "down",
      weakensEssentials: options.last("E", "e") === "e",
      isDryRun: options.has("n"),
      verbosity,
      progress: progressOn(context, verbosity),
    };
    for (const name of args.length === 0 ? repository.sets() : args) fixSet(fixing, name);
    return 0;
  },
});

interface Fixing {
  readonly repository: Repository;
  readonly direction: Direction;
  readonly weakensEssentials: boolean;
  readonly isDryRun: boolean;
  readonly verbosity: number;
  readonly progress: Progress;
}

function fixSet(fixing: Fixing, set: ByteString): void {
  const { repository, direction, isDryRun, progress } = fixing;
  const where = `set ${set} of repository ${repository.path}`;
  for (const step of fixSteps(repository.reference(), repository.content(set), direction, where)) {
    tell(fixing, step, where);
    if (!isDryRun) moveServices(repository, set, step.services, step.rx, progress);
  }
}

/** @throws Failure 1 for a service that is always up, if it is not to become weaker */
function tell(fixing: Fixing, { rx, services }: FixStep, where: string): void {
  const { isDryRun, verbosity, weakensEssentials, progress } = fixing;
  const dry = isDryRun ? "(dry run) " : "";
  const to = RX_NAMES[rx];
  const warn = (text: ByteString): void => progress(VERBOSITY.warnings, "warning", `${dry}${text}`);
  for (const { name, rx: from } of services) {
    if (verbosity >= VERBOSITY.steps) {
      progress(VERBOSITY.steps, "info", `${dry}in ${where}: moving service ${name} from ${RX_NAMES[from]} to ${to}`);
    } else if (from === RX.masked) warn(`service ${name} will be unmasked by an upfix to ${to}`);
    else if (rx === RX.masked) warn(`service ${name} will be masked by a downfix to ${to}`);
    if (from !== RX.always) continue;
    if (weakensEssentials) {
      warn(`service ${name} will automatically be marked non-essential by a downfix to ${to}`);
      continue;
    }
    const unsuitable =
      `in ${where}: service ${name} is marked as essential and cannot be downfixed (--no-force-essential)`;
    if (!isDryRun) throw new Failure(ESSENTIAL, unsuitable);
    progress(VERBOSITY.fatal, "warning", `${dry}${unsuitable}`);
  }
}
