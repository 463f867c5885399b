// s6-rc-oneshot-run: becomes the script of a oneshot. The service that runs oneshots' scripts calls it.

import { readDatabase } from "../../lib/rc/database_directory.ts";
import { takeLock } from "../../lib/rc/lock.ts";
import { LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import { Failure, UsageError } from "../../lib/report.ts";
import { type Applet, fork } from "../applet.ts";
import { unsigned } from "../getopt.ts";
import { longOptions } from "../long_options.ts";

const NOT_THERE = 3;
const SCRIPT_NAMES = ["down", "up", "reload"] as const;

export const oneshotRun: Applet = fork({
  name: "s6-rc-oneshot-run",
  usage: "[ -l live ] [ -b ] up|down|reload servicenumber",
  summary: "run a script of a oneshot, by its number in the live database",
  help: {
    l: "the live directory (default /run/s6-rc)",
    b: "wait while the database is locked",
  },
  exits: { 3: "the database has no oneshot of this number", 4: "the database is broken" },
  options: "l:b",
  long: longOptions({ livedir: "l", block: "b", "no-block": "no-block" }),
  least: 2,
  run: (context, { options, args: [word = "", given = ""] }) => {
    const script = SCRIPT_NAMES.find((name) => name === word);
    if (script === undefined) throw new UsageError();
    const number = unsigned(given);
    const directory = `${options.value("l") ?? LIVE_DIRECTORY}/compiled`;
    const wait = options.list.findLast(({ letter }) => letter === "b" || letter === "no-block")?.letter === "b";
    const lock = takeLock(context.os, directory, { shared: true, wait });
    const service = readDatabase(context.os, directory).graph.services[number];
    context.os.close(lock);
    if (service?.kind !== "oneshot") throw new Failure(NOT_THERE, "invalid service number");
    const argv = service[script];
    if (argv.length === 0) return 0;
    return context.image.withVariables([["RC_NAME", service.name]]).run(argv);
  },
});
