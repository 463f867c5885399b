// Services that come and go while the tree runs: s6-svlink and s6-svunlink.

import type { ByteString } from "../../lib/bytes.ts";
import { lastComponent, realPath } from "../../lib/file_path.ts";
import type { Os } from "../../lib/os/os.ts";
import { invalid } from "../../lib/report.ts";
import { isSupervised } from "../../lib/supervise/client.ts";
import {
  linkService,
  type LinkWishes,
  requireScanner,
  telling,
  unlinkService,
  withLogger,
} from "../../lib/supervise/link.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import type { Options } from "../getopt.ts";

export const LINK_OPTIONS = "dDfPt:";
export const UNLINK_OPTIONS = "Xt:";

export const LINK_HELP = {
  d: "leave the service down, this time",
  D: "leave the service down, and make a file down",
  f: "change an event directory that is there",
  P: "let everybody listen to the events of the service, not only our group",
  t: "wait this many milliseconds at most (default 0, without limit)",
} as const;

export const UNLINK_HELP = {
  X: "do not wait until its supervisor has ended",
  t: "wait this many milliseconds at most (default 0, without limit)",
} as const;

export const svlink: Applet = utility({
  name: "s6-svlink",
  usage: "[ -d | -D ] [ -f ] [ -P ] [ -t timeout ] scandir servicedir [ name ]",
  summary: "add a service to a running supervision tree and wait until it is supervised",
  help: LINK_HELP,
  exits: { 99: "the time is over" },
  options: LINK_OPTIONS,
  least: 2,
  run: (context, { options, args: [scanDirectory = "", service = "", given] }) => {
    const wishes = wishesOf(options);
    if (scanDirectory === "") throw invalid("invalid scandir");
    if (service === "") throw invalid("invalid servicedir");
    const name = given ?? lastComponent(service, "");
    checkName(name, "name");
    requireScanner(context.os, scanDirectory);
    inspect(context, service);
    const target = service.startsWith("/") ? service : realPath(context.os, service);
    telling(
      "link servicedir",
      `${service} into scandir ${scanDirectory} with name ${name}`,
      () => linkService(linkPortsOf(context), { scanDirectory, name }, service, target, wishes),
    );
    return 0;
  },
});

export const svunlink: Applet = utility({
  name: "s6-svunlink",
  usage: "[ -X ] [ -t timeout ] scandir servicename",
  summary: "take a service out of a running supervision tree and wait until it is gone",
  help: UNLINK_HELP,
  exits: { 99: "the time is over" },
  options: UNLINK_OPTIONS,
  least: 2,
  run: (context, { options, args: [scanDirectory = "", name = ""] }) => {
    const timeout = options.number("t") ?? 0;
    if (scanDirectory === "") throw invalid("invalid scandir");
    checkName(name, "service name");
    telling(
      "unlink service",
      `${name} in scandir ${scanDirectory}`,
      () => unlinkService(linkPortsOf(context), { scanDirectory, name }, !options.has("X"), timeout),
    );
    return 0;
  },
});

function checkName(name: ByteString, what: string): void {
  if (name === "" || name.startsWith(".") || name.startsWith("/")) throw invalid(`invalid ${what}`);
}

/** What linkService needs of an applet's surroundings. */
export function linkPortsOf(context: Context): Parameters<typeof linkService>[0] {
  return { os: context.os, reactor: () => context.reactor() };
}

export function wishesOf(options: Options<typeof LINK_OPTIONS>): LinkWishes {
  const down = options.last("d", "D");
  return {
    down: down === undefined ? undefined : down === "d" ? "for now" : "for long",
    public: options.has("P"),
    force: options.has("f"),
    timeout: options.number("t") ?? 0,
  };
}

/** Whether the service and its logger can be run, and are not yet. */
function inspect(context: Context, service: ByteString): void {
  for (const directory of withLogger(context.os, service)) {
    requireRun(context.os, directory);
    if (isSupervised(context.os, directory)) context.warn(`supervisor already running on ${directory}`);
  }
}

function requireRun(os: Pick<Os, "stat">, directory: ByteString): void {
  const ownerMayExecute = 0o100;
  if ((os.stat(`${directory}/run`).mode & ownerMayExecute) === 0) throw invalid(`${directory}/run is not executable`);
}
