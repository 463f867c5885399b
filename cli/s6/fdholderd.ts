// s6-fdholderd holds descriptors for its clients; s6-fdholder-daemon is the chain that makes its socket and drops its
// privileges before. Follows their manual.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import { contentRule, readEnvdir } from "../../lib/envdir.ts";
import { regularExpression } from "../../lib/regexp/pattern.ts";
import { databaseRules, directoryRules, judgeClient, type RuleBook } from "../../lib/fdholder/access_rules.ts";
import { rightsFrom } from "../../lib/fdholder/rights.ts";
import { Server } from "../../lib/fdholder/server.ts";
import type { Rights } from "../../lib/fdholder/session.ts";
import { Store } from "../../lib/fdholder/store.ts";
import type { Os } from "../../lib/os/os.ts";
import type { Peer } from "../../lib/os/parts.ts";
import { HOLDER_RIGHTS } from "../../lib/overlay/variable_names.ts";
import { about, EXIT, Failure, invalid, OsError, textOf } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { type Applet, chain, type Context, daemon } from "../applet.ts";
import { Options } from "../getopt.ts";
import { withSockets } from "../sockets.ts";
import { checkSendable, readCount, readDump } from "./fdholder_dump.ts";
import { leaveStdout } from "./leave_stdout.ts";
import { numberWord, userWords } from "./server_words.ts";

const OPTIONS = "v:1c:n:i:x:t:T:k";
const MOST_CLIENTS = 256;
/** Descriptors for what the process does now and then. */
const SPARE = 6;

export const fdholderd: Applet = daemon({
  name: "s6-fdholderd",
  usage: "[ -v verbosity ] [ -1 ] [ -c maxconn ] [ -n maxfds ] [ -t timeout ] [ -T lameducktimeout ] " +
    "[ -i rulesdir | -x rulesfile ]",
  summary: "hold descriptors for clients of the socket on standard input",
  help: {
    v: "how much is told, from 0 on (default 1)",
    1: "tell on standard output that it listens",
    c: "at most this many clients at a time (default 16)",
    n: "hold at most this many descriptors (default 1000)",
    i: "who may do what is in this directory",
    x: "who may do what is in this compiled file",
    t: "end a client that takes longer, in milliseconds",
    T: "end this long after SIGTERM, whoever is still there, in milliseconds",
  },
  // Process 1 hands over what it has held until then: the environment describes it, as s6-fdholder-setdump has it.
  ignored: "k",
  options: OPTIONS,
  least: 0,
  run: async (context, { options }) => {
    const settings = settingsOf(options);
    const os = await withSockets(context);
    const store = new Store(capacity(os, settings));
    if (options.has("k")) takeOver(context, store);
    if (os.fstat(0).kind !== "socket") throw invalid("stdin is not a socket");
    if (settings.notifies && !os.isInherited(1)) {
      throw invalid("called with option -1 but stdout said: Bad file descriptor");
    }
    const reactor = context.reactor();
    const rules = new Rules(context, settings);
    const server = new Server(
      {
        os,
        reactor,
        rightsOf: (peer) => rules.rightsOf(peer),
        warn: settings.warns ? (text) => context.warn(text) : () => {},
        ended: () => reactor.stop(),
      },
      { ...settings, socket: 0 },
      store,
    );
    reactor.onSignal(SIGNAL.TERM, () => server.stop());
    reactor.onSignal(SIGNAL.HUP, () => rules.reload());
    reactor.onSignal(SIGNAL.PIPE, () => {});
    leaveStdout(os, settings.notifies);
    reactor.run();
    return (store.size > 0 ? 1 : 0) | (server.connectionCount > 0 ? 2 : 0);
  },
});

function takeOver({ os, image: { environment } }: Context, store: Store): void {
  for (const held of readDump(environment, readCount(environment), os.now())) {
    checkSendable(os, held.fd);
    os.setCloseOnExec(held.fd, true);
    store.put(held);
  }
}

interface Settings {
  readonly warns: boolean;
  readonly notifies: boolean;
  readonly mostConnections: number;
  readonly most: number;
  readonly patience: number;
  readonly lastPatience: number;
  readonly rules: { readonly kind: "i" | "x"; readonly path: ByteString };
}

function settingsOf(options: Options<typeof OPTIONS>): Settings {
  const settings = {
    warns: (options.number("v") ?? 1) > 0,
    notifies: options.has("1"),
    mostConnections: Math.max(1, Math.min(MOST_CLIENTS, options.number("c") ?? 16)),
    most: options.number("n") ?? 1000,
    patience: options.number("t") ?? 0,
    lastPatience: options.number("T") ?? 0,
  };
  return { ...settings, rules: rulesOf(options) };
}

function rulesOf(options: Pick<Options<"i:x:">, "last" | "value">): Settings["rules"] {
  const kind = options.last("i", "x");
  if (kind === undefined) throw invalid("no access rights specified!");
  return { kind, path: options.value(kind)! };
}

/** How many descriptors there is room for, with clients enough to get them back. */
function capacity(os: Pick<Os, "limits" | "listDirectory">, { most, mostConnections }: Settings): number {
  const { soft, hard } = os.limits("openFiles");
  // The runtime has raised its own limit as far as it goes, and has descriptors of its own.
  const room = Number(hard) - os.listDirectory("/proc/self/fd").length - mostConnections - SPARE;
  if (room < 1 || soft <= SPARE) throw new Failure(EXIT.system, "open file limit too low");
  return Math.min(room, Math.max(1, most > soft ? Number(soft) - SPARE : most));
}

class Rules {
  private book: RuleBook;
  private readonly readVariables = (directory: ByteString): ReturnType<typeof readEnvdir> =>
    readEnvdir(this.context.os, directory, contentRule({}));

  constructor(private readonly context: Context, private readonly settings: Settings) {
    this.book = about("cdb_init", settings.rules.path, () => this.open());
  }

  private open(): RuleBook {
    const { os } = this.context;
    const { kind, path } = this.settings.rules;
    return kind === "i" ? directoryRules(os, path, this.readVariables) : databaseRules(rawBytes(os.readFile(path)));
  }

  reload(): void {
    this.attempt(`unable to read ${this.settings.rules.path}`, () => this.book = this.open());
  }

  rightsOf(peer: Peer): Rights | undefined {
    return this.attempt("error while checking rules", () => {
      const allowance = judgeClient(this.book, peer, this.context.os.credentials());
      if (!allowance) return undefined;
      if (allowance.command !== "") this.warn(`unused exec string in rules for uid ${peer.uid} gid ${peer.gid}`);
      return rightsFrom(allowance.variables, HOLDER_RIGHTS, (pattern) => {
        const expression = regularExpression(pattern, { extended: true, ignoreCase: false });
        return (text) => expression.test(text);
      });
    });
  }

  /** The result, or undefined where the rules cannot be read or are wrong. */
  private attempt<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      const isTheirs = error instanceof OsError || error instanceof Failure || error instanceof RangeError;
      if (!isTheirs) throw error;
      this.warn(`${what}: ${error instanceof RangeError ? error.message : textOf(error)}`);
      return undefined;
    }
  }

  private warn(text: string): void {
    if (this.settings.warns) this.context.warn(text);
  }
}

export const fdholderDaemon: Applet = chain({
  name: "s6-fdholder-daemon",
  usage: "[ -v verbosity ] [ -d | -D ] [ -1 ] [ -c maxconn ] [ -n maxfds ] [ -b backlog ] [ -G gid,gid,... ] " +
    "[ -g gid ] [ -u uid ] [ -U ] [ -t timeout ] [ -T lameducktimeout ] [ -i rulesdir | -x rulesfile ] path",
  summary: "hold descriptors for clients of a socket",
  help: {
    v: "how much is told, from 0 on (default 1)",
    d: "take the socket's address from one that does not listen any more",
    D: "leave an address that is taken alone, and fail",
    1: "tell on standard output that it listens",
    c: "at most this many clients at a time (default 16)",
    n: "hold at most this many descriptors (default 1000)",
    b: "how many clients may wait to be accepted",
    G: "run with these groups",
    g: "run with this group id",
    u: "run with this user id",
    U: "run with the ids in UID, GID and GIDLIST",
    t: "end a client that takes longer, in milliseconds",
    T: "end this long after SIGTERM, whoever is still there, in milliseconds",
    i: "who may do what is in this directory",
    x: "who may do what is in this compiled file",
  },
  options: "Dd1Uv:c:n:b:u:g:G:t:T:i:x:",
  least: 1,
  next: (image, { options, args: [path = ""] }) => {
    const rules = rulesOf(options);
    return image.run([
      "s6-ipcserver-socketbinder",
      ...(options.last("d", "D") === "D" ? ["-D"] : []),
      ...numberWord(options, "b"),
      "--",
      path,
      ...userWords(options),
      "s6-fdholderd",
      ...numberWord(options, "v", 1),
      ...(options.has("1") ? ["-1"] : []),
      ...numberWord(options, "c", undefined, 1),
      ...numberWord(options, "n", undefined, 1),
      ...numberWord(options, "t", 0),
      ...numberWord(options, "T", 0),
      `-${rules.kind}`,
      rules.path,
    ]);
  },
});
