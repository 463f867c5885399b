// Instances of a service, each a copy of its template under a supervision tree of its own: s6-instance-create, -delete,
// -control, -status and -list. s6-instance-maker prepares such a service (instance_maker.ts).

import type { ByteString } from "../../lib/bytes.ts";
import { about, invalid, isErrno } from "../../lib/report.ts";
import { linkService, requireScanner, telling, unlinkService } from "../../lib/supervise/link.ts";
import { copyTree } from "../../lib/copy.ts";
import { removeTree } from "../../lib/tree.ts";
import { type Applet, chain, type Context, utility } from "../applet.ts";
import type { Option } from "../getopt.ts";
import { STATUS_HELP, STATUS_OPTIONS, STATUS_USAGE } from "./svstat.ts";
import { COMMAND_HELP } from "./svc.ts";
import { LINK_HELP, LINK_OPTIONS, linkPortsOf, UNLINK_HELP, UNLINK_OPTIONS, wishesOf } from "./svlink.ts";

export const instanceCreate: Applet = utility({
  name: "s6-instance-create",
  usage: "[ -d | -D ] [ -f ] [ -P ] [ -t timeout ] service instancename",
  summary: "make an instance of a running service and wait until it is supervised",
  help: LINK_HELP,
  options: LINK_OPTIONS,
  least: 2,
  run: (context, { options, args: [service = "", name = ""] }) => {
    const { os } = context;
    const wishes = wishesOf(options);
    check(service, name, "path");
    const umask = os.setUmask(0);
    for (const directory of ["instances", "instance"]) makeUnlessThere(context, `${service}/${directory}`);
    os.setUmask(umask);
    const scanDirectory = requireRunning(context, service);
    const copy = `${service}/instances/${name}`;
    if (os.find(copy) !== undefined) throw invalid(`instance appears to already exist at ${copy}`);
    telling("copy", `${service}/template to ${copy}`, () => copyTree(os, `${service}/template`, copy));
    try {
      telling("create instance of", `${service} named ${name}`, () => {
        linkService(linkPortsOf(context), { scanDirectory, name }, copy, `../instances/${name}`, wishes);
      });
    } catch (error) {
      removeTree(os, copy);
      throw error;
    }
    return 0;
  },
});

export const instanceDelete: Applet = utility({
  name: "s6-instance-delete",
  usage: "[ -X ] [ -t timeout ] service instancename",
  summary: "stop and remove an instance of a service",
  help: UNLINK_HELP,
  options: UNLINK_OPTIONS,
  least: 2,
  run: (context, { options, args: [service = "", name = ""] }) => {
    const timeout = options.number("t") ?? 0;
    check(service, name, "path");
    const scanDirectory = requireRunning(context, service);
    telling("delete instance of", `${service} named ${name}`, () => {
      unlinkService(linkPortsOf(context), { scanDirectory, name }, !options.has("X"), timeout);
      removeBusy(context, `${service}/instances/${name}`);
    });
    return 0;
  },
});

export const instanceControl: Applet = chain({
  name: "s6-instance-control",
  usage: "[ -wu | -wU | -wd | -wD | -wr | -wR ] [ -T timeout ] [ -abqhkti12pcyroduDUxO ] service instancename",
  summary: "control an instance of a service",
  help: COMMAND_HELP,
  options: "w:T:abqhkti12pcyroduDUxO",
  least: 2,
  next: (image, { options, args: [service = "", name = ""] }) => {
    check(service, name, "name");
    return image.run(["s6-svc", ...words(options.list), "--", `${service}/instance/${name}`]);
  },
});

export const instanceStatus: Applet = chain({
  name: "s6-instance-status",
  // That of s6 does without the process group, which works here.
  usage: STATUS_USAGE.replace("servicedir", "service name").replace("pgest", "pest").replace("pgid,", ""),
  summary: "print the state of an instance of a service",
  help: STATUS_HELP,
  options: STATUS_OPTIONS,
  least: 2,
  next: (image, { options, args: [service = "", name = ""] }) => {
    check(service, name, "name");
    return image.run(["s6-svstat", ...words(options.list), "--", `${service}/instance/${name}`]);
  },
});

export const instanceList: Applet = utility({
  name: "s6-instance-list",
  usage: "service",
  summary: "print the names of a service's instances",
  options: "",
  least: 1,
  run: (context, { args: [service = ""] }) => {
    if (service === "") throw invalid("invalid service path");
    const scanDirectory = requireRunning(context, service);
    const names = context.os.listDirectory(scanDirectory).filter((name) => !name.startsWith("."));
    context.print(names.sort().map((name) => `${name}\n`).join(""));
    return 0;
  },
});

function check(service: ByteString, name: ByteString, what: "path" | "name"): void {
  if (service === "") throw invalid(`invalid service ${what}`);
  if (name === "" || name.startsWith(".")) throw invalid("invalid instance name");
}

/** The scan directory of the instances, if a scanner runs there. */
function requireRunning({ os }: Context, service: ByteString): ByteString {
  const scanDirectory = `${service}/instance`;
  about("chdir to", scanDirectory, () => os.stat(`${scanDirectory}/.`));
  requireScanner(os, scanDirectory, `instanced service not running on ${service}`);
  return scanDirectory;
}

const MOST_ATTEMPTS = 50;

/** Its supervisor, if it has not been waited for, may still write where we remove. */
function removeBusy({ os }: Context, directory: ByteString): void {
  for (let attempts = 1;; attempts++) {
    try {
      return removeTree(os, directory);
    } catch (error) {
      if (!isErrno(error, "ENOTEMPTY") || attempts === MOST_ATTEMPTS) throw error;
      os.sleep(1);
    }
  }
}

function makeUnlessThere({ os }: Context, directory: ByteString): void {
  if (os.find(directory) === undefined) os.makeDirectory(directory, 0o755);
}

/** Options as they would be typed. */
function words(list: readonly Option[]): ByteString[] {
  return list.map(({ letter, value }) => `-${letter}${value}`);
}
