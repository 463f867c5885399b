// What stands between a server and its program, for one connection: s6-ipcserver-access judges the client by rules,
// s6-connlimit by how many connections its user has. Both know the client from the environment.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import { contentRule, readEnvdir } from "../../lib/envdir.ts";
import {
  type Allowance,
  databaseRules,
  directoryRules,
  judgeClient,
  type RuleBook,
} from "../../lib/fdholder/access_rules.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { Os } from "../../lib/os/os.ts";
import { about, EXIT, Failure, invalid } from "../../lib/report.ts";
import { type Applet, chain, type Context, fork } from "../applet.ts";
import { NO_OPTIONS, type Options } from "../getopt.ts";
import { printLine } from "../print.ts";
import { withSockets } from "../sockets.ts";

const OPTIONS = "v:eEl:i:x:";
const DENIED = 1;
const LONGEST_NAME = 99;
/** What the server says about the connection, and what s6-ipcserver-access adds: names behind that of the protocol. */
const TOLD = ["REMOTEEUID", "REMOTEEGID", "REMOTEPATH", "CONNNUM", "LOCALPATH"];

export const ipcserverAccess: Applet = fork({
  name: "s6-ipcserver-access",
  usage: "[ -v verbosity ] [ -e | -E ] [ -l localname ] [ -i rulesdir | -x rulesfile ] prog...",
  summary: "run a program if the client of a local socket may have it",
  help: {
    v: "how much is told: 0 what is fatal, 1 warnings and who is let in (default), 2 who is not let in",
    e: "describe the connection in the environment (default)",
    E: "take out of the environment what describes the connection",
    l: "the local name, for IPCLOCALPATH",
    i: "who may do what is in this directory",
    x: "who may do what is in this compiled file",
  },
  exits: { 1: "the client is denied" },
  notes: [
    "The first rule that there is counts: uid/self, uid/UID, gid/self, gid/GID, uid/default. A directory of that name " +
    "with a file allow lets the client in, one with a file deny does not. Variables in env are added to the " +
    "environment, and a command line in exec is run in place of the program.",
  ],
  options: OPTIONS,
  least: 1,
  run: async (context, { options, args }) => {
    const verbosity = options.number("v") ?? 1;
    const protocol = variable(context.image, "PROTO");
    const client = {
      uid: idIn(context.image, `${protocol}REMOTEEUID`),
      gid: idIn(context.image, `${protocol}REMOTEEGID`),
    };
    const tell = (least: number, text: string): void => {
      if (verbosity >= least) printLine(context.os, `${context.name}: ${text}`);
    };
    const who = `pid ${context.os.pid} uid ${client.uid} gid ${client.gid}`;
    const allowance = judgement(context, options, client, () => tell(2, "warning: invoked without a ruleset!"));
    if (!allowance) {
      tell(2, `info: deny ${who}: ${allowance === false ? "Permission denied" : "No such file or directory"}`);
      return DENIED;
    }
    tell(1, `info: allow ${who}`);
    const described = options.last("e", "E") === "E"
      ? context.image.withVariables(["PROTO", ...TOLD.map((name) => protocol + name)].map((name) => [name, undefined]))
      : context.image.withVariables([[`${protocol}LOCALPATH`, await localName(context, options)]]);
    const image = described.withVariables(allowance.variables);
    return image.run(allowance.command === "" ? args : ["execlineb", "-Pc", allowance.command]);
  },
});

const EVERYTHING: Allowance = { variables: [], command: "" };

/** What the rules say: false if they deny it, undefined if they do not speak of the client. */
function judgement(
  context: Context,
  options: Options<typeof OPTIONS>,
  client: { readonly uid: number; readonly gid: number },
  noRules: () => void,
): Allowance | false | undefined {
  const kind = options.last("i", "x");
  if (kind === undefined) {
    noRules();
    return EVERYTHING;
  }
  const path = options.value(kind)!;
  const book = kind === "x" ? compiledRules(context.os, path) : directoryRules(
    context.os,
    path,
    (directory) => readEnvdir(context.os, directory, contentRule({})),
  );
  try {
    return judgeClient(book, client, context.os.credentials());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure(EXIT.system, `unable to check cdb ruleset in ${path}: ${error.message}`);
  }
}

function compiledRules(os: Pick<Os, "readFile">, path: ByteString): RuleBook {
  const bytes = about("cdb_init", path, () => os.readFile(path));
  try {
    return databaseRules(rawBytes(bytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure(EXIT.system, `unable to check cdb ruleset in ${path}: ${error.message}`);
  }
}

async function localName(context: Context, options: Options<typeof OPTIONS>): Promise<ByteString> {
  const given = options.value("l");
  if (given !== undefined) return given;
  const os = await withSockets(context);
  return about("ipc_local", "", () => os.nameOf(0, "own")).slice(0, LONGEST_NAME);
}

function variable(image: ProcessImage, name: ByteString): ByteString {
  const value = image.environment.get(name);
  if (value === undefined) throw invalid(`${name} not set`);
  return value;
}

/** An id in the environment. Throws Failure. */
function idIn(image: ProcessImage, name: ByteString): number {
  const value = variable(image, name);
  const id = /^[0-9]{1,10}$/.test(value) ? Number(value) : NaN;
  if (!(id < 0xffffffff)) throw invalid(`invalid $${name}`);
  return id;
}

export const connlimit: Applet = chain({
  name: "s6-connlimit",
  usage: "prog...",
  summary: "run a program unless its client has too many connections",
  exits: { 1: "it has" },
  notes: [
    "PROTO says which variables to look at: with IPC, these are IPCCONNNUM, the number of the user's connections, this one " +
    "included, and IPCCONNMAX, the most that it may have. Without the latter there is no limit.",
  ],
  options: NO_OPTIONS,
  least: 0,
  next: (image, { args }) => {
    const protocol = variable(image, "PROTO");
    if (protocol === "") throw invalid("empty PROTO");
    const number = countIn(image, `${protocol}CONNNUM`);
    const name = `${protocol}CONNMAX`;
    if (image.environment.get(name) !== undefined && number > countIn(image, name)) {
      throw new Failure(DENIED, `number of connections from this client limited to ${image.environment.get(name)}`);
    }
    return image.run(args);
  },
});

function countIn(image: ProcessImage, name: ByteString): number {
  const value = variable(image, name);
  if (!/^[0-9]{1,10}$/.test(value)) throw invalid(`invalid ${name}`);
  return Number(value);
}
