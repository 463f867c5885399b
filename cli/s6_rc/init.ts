// s6-rc-init: makes the live directory of a database over a running scanner.

import type { ByteString } from "../../lib/bytes.ts";
import { lastComponent, realPath } from "../../lib/file_path.ts";
import { readDatabase } from "../../lib/rc/database_directory.ts";
import {
  judgeLiveDirectory,
  type LivePlan,
  makeLiveDirectory,
  realLiveDirectory,
  replaceLink,
  stranded,
  superviseAll,
} from "../../lib/rc/live_making.ts";
import { BOOT_DATABASE, LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import { about, EXIT, Failure, invalid, OsError, UsageError } from "../../lib/report.ts";
import { systemError } from "../../lib/errno.ts";
import { sendCommands } from "../../lib/supervise/client.ts";
import { type Applet, type Call, type Context, utility } from "../applet.ts";
import { unsigned } from "../getopt.ts";
import { longOptions } from "../long_options.ts";
import { reporterOn } from "../print.ts";

const OTHER_LIVE_DIRECTORY = 102;
const OPTIONS = "c:l:p:t:db";

export const rcInit: Applet = utility({
  name: "s6-rc-init",
  usage: "[ -c bootdb ] [ -l livedir ] [ -p prefix ] [ -t timeout ] [ -d ] [ -b ] scandir",
  summary: "make the live directory of a database of services, and have a running s6-svscan supervise them, all down",
  help: {
    c: `the database (default ${BOOT_DATABASE})`,
    l: `the live directory (default ${LIVE_DIRECTORY})`,
    p: "what the names of the services begin with in the scan directory (default nothing)",
    t: "give up after this many milliseconds (default 0, without limit)",
    d: "use the real path of the database",
    b: "wait for locks: there are none to wait for",
  },
  exits: {
    4: "the database is broken",
    102: "the live directory is there and is used, but for another scan directory, prefix or database",
  },
  notes: [
    "If the live directory is there and in use for the same, nothing is done. A link to it that was lost is made anew.",
  ],
  options: OPTIONS,
  long: longOptions({
    bootdb: "c",
    livedir: "l",
    prefix: "p",
    timeout: "t",
    dereference: "d",
    block: "b",
    "no-block": "no-block",
  }),
  least: 1,
  run: (context, call) => {
    const { plan, timeout } = askedOf(context, call);
    checkScanner(context, plan.scanDirectory);
    if (isThere(context, plan)) return 0;
    const { os } = context;
    const { graph } = readDatabase(os, plan.database);
    const path = makeLiveDirectory(os, plan, graph.services.length);
    supervise(context, path, plan, timeout);
    return 0;
  },
});

function askedOf({ os }: Context, { options, args: [scanDirectory = ""] }: Call<typeof OPTIONS>): {
  readonly plan: LivePlan;
  readonly timeout: number;
} {
  const live = options.value("l") ?? LIVE_DIRECTORY;
  const given = options.value("c") ?? BOOT_DATABASE;
  requireAbsolute("scandir", scanDirectory);
  requireAbsolute("livedir", live);
  const timeout = milliseconds(options.value("t"));
  const database = options.has("d") ? about("realpath", given, () => realPath(os, given)) : given;
  requireAbsolute("bootdb", database);
  const prefix = options.value("p") ?? "";
  if (/[/\n]/.test(prefix)) throw invalid("prefix cannot contain a / or a newline");
  const bare = live.replace(/\/+$/, "");
  if (bare === "") throw systemError("canonicalize", live, "EINVAL");
  return { plan: { live: bare, scanDirectory, prefix, database }, timeout };
}

function requireAbsolute(what: string, path: ByteString): void {
  if (!path.startsWith("/")) throw invalid(`${what} must be an absolute path`);
}

function milliseconds(word: ByteString | undefined): number {
  try {
    return unsigned(word ?? "0");
  } catch (error) {
    throw error instanceof UsageError ? invalid("timeout must be an unsigned integer") : error;
  }
}

function checkScanner({ os }: Context, scanDirectory: ByteString): void {
  try {
    about("check", scanDirectory, () => sendCommands(os, scanDirectory, ".s6-svscan", ""));
  } catch (error) {
    throw error instanceof Failure ? invalid(`s6-svscan is not running on ${scanDirectory}`) : error;
  }
}

/** The live directory is in use for the same already, whether or not its link is there. */
function isThere(context: Context, plan: LivePlan): boolean {
  const { os } = context;
  const tell = (text: ByteString): void => reporterOn(os)("info", context.name, text);
  const real = realLiveDirectory(os, plan.live);
  if (real !== undefined) {
    if (!isInUse(context, real, plan)) return false;
    tell(`s6-rc already running on ${real}`);
    return true;
  }
  const lost = stranded(os, plan.live).find((path) => isInUse(context, path, plan));
  if (lost === undefined) return false;
  tell(`s6-rc already running on ${lost} - recovering it`);
  const target = lastComponent(lost, "");
  about("symlink", `${target} to ${plan.live}`, () => replaceLink(os, target, plan.live));
  return true;
}

function isInUse(context: Context, path: ByteString, plan: LivePlan): boolean {
  const found = judgeLiveDirectory(context.os, path, plan);
  if (found.is === "another") throw new Failure(OTHER_LIVE_DIRECTORY, found.how);
  if (found.is === "dead") {
    context.warn(`directory ${path} looks like a live directory but has no supervisors running`);
  }
  return found.is === "alive";
}

function supervise(context: Context, path: ByteString, plan: LivePlan, timeout: number): void {
  const what = `supervise service directories in ${plan.live}/servicedirs`;
  try {
    superviseAll({ os: context.os, reactor: () => context.reactor() }, path, plan, timeout);
  } catch (error) {
    if (error instanceof Failure) throw new Failure(EXIT.system, `unable to ${what}: ${error.message}`);
    throw error instanceof OsError ? error.about(what, "") : error;
  }
}
