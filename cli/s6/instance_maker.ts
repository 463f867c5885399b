// s6-instance-maker: makes a service whose instances s6-instance-create adds while it runs. It is a supervision tree of
// its own, on the directory `instance`, with the template beside it.

import type { ByteString } from "../../lib/bytes.ts";
import { invalid } from "../../lib/report.ts";
import { telling } from "../../lib/supervise/link.ts";
import { copyTree } from "../../lib/copy.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import type { Options } from "../getopt.ts";
import {
  lines,
  LOGGER_HELP,
  LOGGER_OPTIONS,
  loggerScript,
  loggingOf,
  loggingWords,
  makeLogger,
  makeLoggerSource,
  makeSource,
  type Names,
  scriptWord,
  writeRun,
} from "./maker.ts";

const OPTIONS = `c:u:L:r:${LOGGER_OPTIONS}` as const;
const MOST_INSTANCES = 90_000;

export const instanceMaker: Applet = utility({
  name: "s6-instance-maker",
  usage: "[ -c max ] [ -u user ] [ -l loguser ] [ -L logdir ] [ -t stamptype ] [ -n nfiles ] [ -s filesize ] " +
    "[ -S maxsize ] [ -P prefix ] [ -r service[/logger[/pipeline]] ] template dir",
  summary: "make a service that can have instances",
  help: {
    c: "let it have this many instances at most (default 500)",
    u: "run the instances as this user",
    L: "the directory of the logger, which is absolute; without it there is no logger",
    r: "make sources for s6-rc of these names instead of a service directory",
    ...LOGGER_HELP,
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
    else makeSources(context, template, directory, names, scripts);
    return 0;
  },
});

interface Scripts {
  readonly run: ByteString;
  /** The logger's run script, if it is to have a logger. */
  readonly logger: ByteString | undefined;
}

function scriptsOf(options: Options<typeof OPTIONS>): Scripts {
  const most = Math.min(MOST_INSTANCES, Math.max(1, options.number("c") ?? 500));
  const user = options.value("u");
  const run = ["#!/usr/bin/execlineb -P", "", "fdmove -c 2 1"];
  if (user !== undefined && user !== "") run.push(`s6-setuidgid ${scriptWord(user)}`);
  const logger = loggerOf(options);
  // Loggers count, but in sources for s6-rc the original does not count them.
  const posts = logger === undefined || options.has("r") ? most : 2 * most;
  run.push(`s6-svscan -d3 -C${posts} -- instance`);
  return { run: lines(run), logger };
}

function loggerOf(options: Options<typeof OPTIONS>): ByteString | undefined {
  const words = loggingWords(loggingOf(options));
  const directory = options.value("L");
  if (directory === undefined) return undefined;
  if (!directory.startsWith("/")) throw invalid("logdir must be absolute");
  return loggerScript(words, options.value("l"), directory);
}

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
  writeRun(os, directory, scripts.run, 0o777);
  copyTemplate(context, template, directory);
  if (scripts.logger !== undefined) makeLogger(os, directory, scripts.logger);
}

function makeSources(
  context: Context,
  template: ByteString,
  directory: ByteString,
  names: Names,
  scripts: Scripts,
): void {
  const { os } = context;
  copyTemplate(context, template, makeSource(os, directory, names.service, scripts.run));
  if (scripts.logger !== undefined) makeLoggerSource(os, directory, names, scripts.logger);
}

function copyTemplate({ os }: Context, template: ByteString, directory: ByteString): void {
  const copy = `${directory}/template`;
  telling("copy file hierarchy from", `${template} to ${copy}`, () => copyTree(os, template, copy));
}
