// s6-usertree-maker: makes a service that is a user's own supervision tree, with a catch-all logger.

import type { ByteString } from "../../lib/bytes.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
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

const OPTIONS = `d:p:E:e:r:${LOGGER_OPTIONS}` as const;
const DEFAULT_PATH = "/usr/bin:/bin";

export const usertreeMaker: Applet = utility({
  name: "s6-usertree-maker",
  usage:
    "[ -d userscandir ] [ -p path ] [ -E envdir [ -e var ... ] ] [ -r service/logger[/pipeline] ] [ -l loguser ] " +
    "[ -t stamptype ] [ -n nfiles ] [ -s filesize ] [ -S maxsize ] [ -P prefix ] user logdir dir",
  summary: "make a service that is a user's own supervision tree",
  help: {
    d: "the user's scan directory (default ${HOME}/service)",
    p: `PATH in the tree (default ${DEFAULT_PATH})`,
    E: "the tree has the variables of this directory too",
    e: "substitute in the value of this variable as well",
    r: "make sources for s6-rc of these names instead of a service directory",
    ...LOGGER_HELP,
  },
  notes: ["USER, HOME, UID, GID and GIDLIST in braces behind a dollar are substituted in the directory and in PATH."],
  options: OPTIONS,
  least: 3,
  run: ({ os }, { options, args: [user = "", logDirectory = "", directory = ""] }) => {
    const { run, logger, names } = plan(options, user, logDirectory);
    os.makeDirectory(directory, 0o777);
    if (names === undefined) {
      makeLogger(os, directory, logger);
      writeRun(os, directory, run, 0o777);
    } else {
      makeSource(os, directory, names.service, run);
      makeLoggerSource(os, directory, names, logger);
    }
    return 0;
  },
});

interface Plan {
  readonly run: ByteString;
  readonly logger: ByteString;
  /** For s6-rc; undefined for a service directory. */
  readonly names: Names | undefined;
}

function plan(options: Options<typeof OPTIONS>, user: ByteString, logDirectory: ByteString): Plan {
  const variables = options.list.filter(({ letter }) => letter === "e").map(({ value }) => value);
  for (const name of variables) if (name.includes("=")) throw invalid(`invalid variable name: ${name}`);
  const logging = loggingOf(options);
  if (!logDirectory.startsWith("/")) throw invalid("logdir must be absolute");
  const tree = {
    user,
    scanDirectory: options.value("d") ?? "${HOME}/service",
    path: options.value("p") ?? DEFAULT_PATH,
    envdir: options.value("E"),
    variables,
  };
  if (!/^(?:\/|\$\{HOME\}\/)/.test(tree.scanDirectory)) {
    throw invalid("userscandir must be absolute or start with ${HOME}/");
  }
  const words = loggingWords(logging);
  const names = options.value("r");
  return {
    run: treeScript(tree),
    logger: loggerScript(words, options.value("l"), logDirectory),
    names: names === undefined ? undefined : namesOf(names),
  };
}

interface Tree {
  readonly user: ByteString;
  readonly scanDirectory: ByteString;
  readonly path: ByteString;
  readonly envdir: ByteString | undefined;
  /** The variables of envdir in which to substitute. */
  readonly variables: readonly ByteString[];
}

const SUBSTITUTED = ["USER", "HOME", "UID", "GID", "GIDLIST"];

function treeScript({ user, scanDirectory, path, envdir, variables }: Tree): ByteString {
  const templates = envdir === undefined ? [] : variables.map(scriptWord);
  return lines([
    "#!/usr/bin/execlineb -P",
    "fdmove -c 2 1",
    "emptyenv -p",
    `export USER ${scriptWord(user)}`,
    `s6-envuidgid -i -- ${scriptWord(user)}`,
    "s6-applyuidgid -U --",
    `backtick -in HOME { homeof ${scriptWord(user)} }`,
    ...(envdir === undefined ? [] : [`s6-envdir -i -- ${scriptWord(envdir)}`]),
    ...(templates.length === 0 ? [] : substituting(templates.map((name) => `-D "" -- ${name} ${name}`))),
    ...substituting(SUBSTITUTED.map((name) => `-i ${name} ${name}`)),
    ...templates.map((name) => `export ${name} \${${name}}`),
    `export PATH ${scriptWord(path)}`,
    `s6-svscan -d3 -- ${scriptWord(scanDirectory)}`,
  ]);
}

function substituting(imports: readonly ByteString[]): ByteString[] {
  return ["multisubstitute", "{", ...imports.map((words) => `  importas ${words}`), "}"];
}

function namesOf(list: ByteString): Names {
  const [service = "", logger, pipeline, ...more] = list.split("/");
  if (service === "" && logger !== undefined) throw invalid("service name cannot be empty");
  if (logger === undefined || (logger === "" && pipeline === undefined)) {
    throw invalid("argument to -r must be: service/logger or service/logger/pipeline");
  }
  if (logger === "") throw invalid("logger name cannot be empty");
  if (pipeline === "") throw invalid("pipeline name cannot be empty");
  if (more.length > 0) throw invalid("slashes are forbidden in s6-rc names");
  return { service, logger, pipeline: pipeline ?? "" };
}
