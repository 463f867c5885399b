// s6-instance-maker: makes a service whose instances s6-instance-create adds while it runs. It is a supervision tree of
// its own, on the directory `instance`, with the template beside it.

import type { ByteString } from "../../lib/bytes.ts";
import { invalid, UsageError } from "../../lib/report.ts";
import { telling } from "../../lib/supervise/link.ts";
import { copyTree } from "../../lib/tree.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import type { Options } from "../getopt.ts";

const OPTIONS = "c:u:l:L:t:n:s:S:P:r:";
const MOST_INSTANCES = 90_000;

export const instanceMaker: Applet = utility({
  name: "s6-instance-maker",
  usage: "[ -c max ] [ -u user ] [ -l loguser ] [ -L logdir ] [ -t stamptype ] [ -n nfiles ] [ -s filesize ] " +
    "[ -S maxsize ] [ -P prefix ] [ -r service[/logger[/pipeline]] ] template dir",
  summary: "make a service that can have instances",
  help: {
    c: "let it have so many instances at most (default 500)",
    u: "run the instances as this user",
    l: "run the logger as this user",
    L: "the directory of the logger, which is absolute; without it there is no logger",
    t: "stamps in the log: 0 none, 1 TAI64N (default), 2 ISO 8601, 3 both",
    n: "keep so many old files of the log (default 10)",
    s: "the most bytes of a file of the log (default 1000000)",
    S: "the most bytes of all old files of the log (default 0, without limit)",
    P: "put this in front of each line of the log",
    r: "make sources for s6-rc of these names instead of a service directory",
  },
  options: OPTIONS,
  least: 2,
  run: (context, { options, args: [template = "", directory = ""] }) => {
    const scripts = scriptsOf(options);
    const names = options.has("r") ? namesOf(options.value("r")!) : undefined;
    const { os } = context;
    if (names !== undefined) {
      if (names.logger !== "" && scripts.logger === undefined) {
        throw invalid("logger specified (-r) but logdir not specified (-L)");
      }
      if (names.logger === "" && scripts.logger !== undefined) {
        throw invalid("logdir specified (-L) but logger name not specified (-r)");
      }
    }
    os.makeDirectory(directory, 0o777);
    if (names === undefined) makeService(context, template, directory, scripts);
    else makeSource(context, template, directory, names, scripts);
    return 0;
  },
});

interface Scripts {
  readonly run: ByteString;
  /** The logger's run script, if it is to have a logger. */
  readonly logger: ByteString | undefined;
}

function scriptsOf(options: Options<typeof OPTIONS>): Scripts {
  const most = Math.min(options.number("c") ?? 500, MOST_INSTANCES);
  const user = options.value("u");
  const run = ["#!/usr/bin/execlineb -P", "", "fdmove -c 2 1"];
  if (user !== undefined && user !== "") run.push(`s6-setuidgid ${quoted(user)}`);
  run.push(`s6-svscan -d3 -c${most} -- instance`);
  return { run: lines(run), logger: loggerScript(options) };
}

function loggerScript(options: Options<typeof OPTIONS>): ByteString | undefined {
  const stamp = options.number("t") ?? 1;
  if (stamp > 3) throw invalid("stamptype must be 0, 1, 2 or 3");
  const directives = [
    ...(stamp & 1 ? ["t"] : []),
    ...(stamp & 2 ? ["T"] : []),
    `n${options.number("n") ?? 10}`,
    `s${large(options.value("s")) ?? 1_000_000}`,
  ];
  const total = large(options.value("S")) ?? 0n;
  if (total > 0n) directives.push(`S${total}`);
  const prefix = options.value("P");
  if (prefix !== undefined) directives.push(/^[\w:.-]*$/.test(prefix) ? `p${prefix}` : quoted(`p${prefix}`));
  const directory = options.value("L");
  if (directory === undefined) return undefined;
  if (!directory.startsWith("/")) throw invalid("logdir must be absolute");
  const user = options.value("l");
  const script = ["#!/usr/bin/execlineb -P"];
  if (user !== undefined) script.push(`s6-setuidgid ${quoted(user)}`);
  script.push(`s6-log -bd3 -- ${directives.join(" ")} ${quoted(directory)}`);
  return lines(script);
}

/** An unsigned 64-bit decimal. */
function large(word: ByteString | undefined): bigint | undefined {
  if (word === undefined) return undefined;
  const number = /^[0-9]{1,20}$/.test(word) ? BigInt(word) : -1n;
  if (number < 0n || number > 0xffffffffffffffffn) throw new UsageError();
  return number;
}

function lines(list: readonly ByteString[]): ByteString {
  return list.map((line) => `${line}\n`).join("");
}

/** A word of an execline script. */
function quoted(word: ByteString): ByteString {
  return `"${word.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

interface Names {
  readonly service: ByteString;
  readonly logger: ByteString;
  readonly pipeline: ByteString;
}

/** The names for s6-rc. */
function namesOf(list: ByteString): Names {
  const [service = "", logger, pipeline, ...more] = list.split("/");
  if (more.length > 0) throw invalid("slashes are forbidden in s6-rc names");
  if (logger === "" && pipeline === undefined) {
    throw invalid("argument to -r must be: service or service/logger or service/logger/pipeline");
  }
  if (logger === "") throw invalid("logger name cannot be empty");
  if (pipeline === "") throw invalid("pipeline name cannot be empty");
  return { service, logger: logger ?? "", pipeline: pipeline ?? "" };
}

function makeService(context: Context, template: ByteString, directory: ByteString, scripts: Scripts): void {
  const { os } = context;
  os.makeDirectory(`${directory}/instance`, 0o755);
  os.makeDirectory(`${directory}/instances`, 0o755);
  writeRun(context, directory, scripts.run, 0o777);
  copyTemplate(context, template, directory);
  if (scripts.logger === undefined) return;
  os.makeDirectory(`${directory}/log`, 0o777);
  writeRun(context, `${directory}/log`, scripts.logger, 0o777);
}

/** Sources for s6-rc-compile. */
function makeSource(
  context: Context,
  template: ByteString,
  directory: ByteString,
  { service, logger, pipeline }: Names,
  scripts: Scripts,
): void {
  const { os } = context;
  const make = (name: ByteString, run: ByteString): ByteString => {
    const path = `${directory}/${name}`;
    os.makeDirectory(path, 0o777);
    writeRun(context, path, run, 0o666);
    os.writeFile(`${path}/type`, "longrun\n");
    return path;
  };
  const home = make(service, scripts.run);
  copyTemplate(context, template, home);
  if (scripts.logger === undefined) return;
  os.writeFile(`${home}/producer-for`, `${logger}\n`);
  const loggerHome = make(logger, scripts.logger);
  os.writeFile(`${loggerHome}/consumer-for`, `${service}\n`);
  if (pipeline !== "") os.writeFile(`${loggerHome}/pipeline-name`, `${pipeline}\n`);
}

function writeRun({ os }: Context, directory: ByteString, run: ByteString, mode: number): void {
  os.writeFile(`${directory}/run`, run, mode);
  os.writeFile(`${directory}/notification-fd`, "3\n");
}

function copyTemplate({ os }: Context, template: ByteString, directory: ByteString): void {
  const copy = `${directory}/template`;
  telling("copy file hierarchy from", `${template} to ${copy}`, () => copyTree(os, template, copy));
}
