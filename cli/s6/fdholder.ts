// The clients of a descriptor holder: each makes a connection, asks for one thing, and ends or goes on as a program. What
// the holder refuses is exit code 1.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import { type ClientOs, HolderClient } from "../../lib/fdholder/client.ts";
import { forEver, limitAfter } from "../../lib/fdholder/limit.ts";
import { about, Failure, OsError, UsageError } from "../../lib/report.ts";
import { type Applet, fork, utility } from "../applet.ts";
import { unsigned } from "../getopt.ts";
import { withSockets } from "../sockets.ts";
import { checkSendable, dumpVariables, readCount, readDump } from "./fdholder_dump.ts";

const REFUSED = 1;

export const fdholderStore: Applet = utility({
  name: "s6-fdholder-store",
  usage: "[ -d fd ] [ -t timeout ] [ -T fdtimeout ] socket id",
  summary: "give a descriptor to a descriptor holder",
  help: {
    d: "store this descriptor (default 0)",
    t: "give up after this many milliseconds",
    T: "the holder closes it after this many milliseconds (default never)",
  },
  exits: { 1: "the holder refuses" },
  options: "d:t:T:",
  least: 2,
  run: async (context, { options, args: [path = "", name = ""] }) => {
    const os = await withSockets(context);
    const fd = options.number("d") ?? 0;
    const lifetime = options.number("T") ?? 0;
    const client = connect(os, path, options.number("t"));
    const now = os.now();
    const limit = lifetime === 0 ? forEver(now) : limitAfter(now, lifetime);
    refusable("store fd", () => {
      checkSendable(os, fd);
      client.store({ name, fd, limit });
    });
    return 0;
  },
});

export const fdholderRetrieve: Applet = fork({
  name: "s6-fdholder-retrieve",
  usage: "[ -D ] [ -t timeout ] socket id prog...",
  summary: "run a program with a descriptor from a descriptor holder as its standard input",
  help: { D: "the holder gives the descriptor up", t: "give up after this many milliseconds" },
  exits: { 1: "the holder refuses" },
  options: "Dt:",
  least: 3,
  run: async (context, { options, args: [path = "", name = "", ...prog] }) => {
    const os = await withSockets(context);
    const client = connect(os, path, options.number("t"));
    const fd = refusable(`retrieve fd for id ${name}`, () => client.retrieve(name, options.has("D")));
    client.close();
    os.duplicateOnto(fd, 0);
    os.close(fd);
    return context.image.run(prog);
  },
  given: (image, { options, args: [path = "", name = "", ...prog] }, give) =>
    options.has("D") ? undefined : give(image, path, name)?.run(prog),
});

export const fdholderList: Applet = utility({
  name: "s6-fdholder-list",
  usage: "[ -t timeout ] socket",
  summary: "list what a descriptor holder holds",
  help: { t: "give up after this many milliseconds" },
  exits: { 1: "the holder refuses" },
  options: "t:",
  least: 1,
  run: async (context, { options, args: [path = ""] }) => {
    const os = await withSockets(context);
    const client = connect(os, path, options.number("t"));
    const names = refusable("get fd list", () => client.list());
    context.print(names.map((name) => `${escapedName(name)}\n`).join(""));
    return 0;
  },
});

export const fdholderDelete: Applet = utility({
  name: "s6-fdholder-delete",
  usage: "[ -t timeout ] socket id",
  summary: "make a descriptor holder close a descriptor",
  help: { t: "give up after this many milliseconds" },
  exits: { 1: "the holder refuses" },
  options: "t:",
  least: 2,
  run: async (context, { options, args: [path = "", name = ""] }) => {
    const os = await withSockets(context);
    const client = connect(os, path, options.number("t"));
    refusable(`delete fd for id ${name}`, () => client.delete(name));
    return 0;
  },
});

export const fdholderGetdump: Applet = fork({
  name: "s6-fdholder-getdump",
  usage: "[ -t timeout ] socket prog...",
  summary: "run a program with all that a descriptor holder holds",
  help: { t: "give up after this many milliseconds" },
  exits: { 1: "the holder refuses" },
  options: "t:",
  least: 2,
  run: async (context, { options, args: [path = "", ...prog] }) => {
    const os = await withSockets(context);
    const client = connect(os, path, options.number("t"));
    const dump = refusable("get dump", () => client.getDump());
    client.close();
    for (const { fd } of dump) os.setCloseOnExec(fd, false);
    return context.image.withVariables(dumpVariables(dump, os.now())).run(prog);
  },
});

export const fdholderSetdump: Applet = utility({
  name: "s6-fdholder-setdump",
  usage: "[ -t timeout ] socket",
  summary: "give a descriptor holder the descriptors that the environment describes",
  help: { t: "give up after this many milliseconds" },
  exits: { 1: "the holder refuses" },
  options: "t:",
  least: 1,
  run: async (context, { options, args: [path = ""] }) => {
    const os = await withSockets(context);
    const count = readCount(context.image.environment);
    const client = connect(os, path, options.number("t"));
    const dump = readDump(context.image.environment, count, os.now());
    refusable("set dump", () => {
      for (const { fd } of dump) checkSendable(os, fd);
      client.setDump(dump);
    });
    return 0;
  },
});

export const fdholderTransferdump: Applet = utility({
  name: "s6-fdholder-transferdump",
  usage: "[ -t timeoutfrom:timeoutto ] socketfrom socketto",
  summary: "copy all that a descriptor holder holds to another one",
  help: { t: "give up after this many milliseconds, for the one and the other holder" },
  exits: { 1: "the holder that is read refuses", 2: "the holder that is written refuses" },
  options: "t:",
  least: 2,
  run: async (context, { options, args: [from = "", to = ""] }) => {
    const os = await withSockets(context);
    const [timeoutFrom, timeoutTo] = timeouts(options.value("t") ?? ":");
    const source = connect(os, from, timeoutFrom, "source ");
    const dump = refusable("get dump", () => source.getDump());
    source.close();
    const destination = connect(os, to, timeoutTo, "destination ");
    refusable("set dump", () => destination.setDump(dump));
    return 0;
  },
});

/** "from:to" in milliseconds, either of which may be missing. */
function timeouts(text: ByteString): [number, number] {
  const [, from, to] = /^([0-9]*)(?::([0-9]*))?$/.exec(text) ?? [];
  if (text === "" || from === undefined) throw new UsageError();
  return [unsigned(from || "0"), unsigned(to || "0")];
}

function connect(os: ClientOs, path: ByteString, timeout = 0, which = ""): HolderClient {
  return about("connect to", `a ${which}fd-holder daemon at ${path}`, () => HolderClient.connect(os, path, timeout));
}

/** Does it; whatever is in the way is exit code 1. */
function refusable<T>(action: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof OsError ? new Failure(REFUSED, `unable to ${action}: ${error.reason}`) : error;
  }
}

const LETTERS: Readonly<Record<number, string>> = { 7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r" };

/** A name as it is printed: what is not printable ASCII is escaped. */
function escapedName(name: ByteString): string {
  return Array.from(rawBytes(name), (byte) => {
    if (LETTERS[byte] !== undefined) return `\\${LETTERS[byte]}`;
    if (byte < 32 || byte > 126) return `\\0x${byte.toString(16).padStart(2, "0")}`;
    return byte === 0x5c ? "\\\\" : String.fromCharCode(byte);
  }).join("");
}
