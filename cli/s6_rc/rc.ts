// s6-rc: what services there are, which of them are up, and changes of that. The live directory is the original's as well as
// ours; a change is carried out within this process, through the supervisors and the oneshot runner.

import type { ByteString } from "../../lib/bytes.ts";
import { Change, type ChangeRequest } from "../../lib/rc/change.ts";
import { readDatabase } from "../../lib/rc/database_directory.ts";
import { DryRun, TALKATIVE } from "../../lib/rc/dry_run.ts";
import { RcDriver } from "../../lib/rc/driver.ts";
import type { Graph } from "../../lib/rc/graph.ts";
import { LiveDirectory } from "../../lib/rc/live.ts";
import { LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import type { Direction } from "../../lib/rc/plan.ts";
import { writeScriptRecord } from "../../lib/rc/script_record.ts";
import { CONNECTING_PROGRAM } from "../../lib/rc/sudo_client.ts";
import { type Mover, Transitions } from "../../lib/rc/transitions.ts";
import { EXIT, invalid, UsageError } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { type Applet, type Call, type Context, utility } from "../applet.ts";
import { Options, unsigned } from "../getopt.ts";
import { longOptions } from "../long_options.ts";
import { reporterOn } from "../print.ts";
import { withSockets } from "../sockets.ts";
import { awaitedBy, lockOrWait } from "./endless_wait.ts";
import { differing, namedNumbers, serviceLines } from "./rc_list.ts";

const COMMANDS = ["change", "diff", "help", "list", "listall", "reload", "start", "stop"] as const;
type Command = typeof COMMANDS[number];

const OPTIONS = "udDpabEev:n:t:l:";

const HELP = `s6-rc help
s6-rc [ -l live ] [ -a ] list [ servicenames... ]
s6-rc [ -l live ] [ -a ] [ -u | -d ] listall [ servicenames... ]
s6-rc [ -l live ] diff
s6-rc [ -l live ] [ -a ] [ -u | -d | -D ] [ -p ] [ -v verbosity ] [ -t timeout ] [ -n dryrunthrottle ] change [ servicenames... ]
`;

export const rc: Applet = utility({
  name: "s6-rc",
  usage:
    "[ -v verbosity ] [ -n dryrunthrottle ] [ -t timeout ] [ -l live ] [ -b ] [ -E | -e ] [ -u | -d | -D ] [ -p ] [ -a ] " +
    "help|list|listall|diff|start|stop|change|reload [ servicenames... ]",
  summary: "list services that have dependencies, and bring them up and down",
  help: {
    u: "bring up; list what is named (default)",
    d: "bring down; list what is not named",
    D: "bring down essential services as well",
    p: "bring down all others before (with -d: bring up all others afterwards)",
    a: "add all services that are up to those named",
    b: "wait until another change is over, instead of failing",
    e: "without essential services in lists; as -D",
    E: "with essential services in lists (default)",
    v: "how much to tell: 0 what is fatal, 1 warnings (default), 2 each transition, 3 and 4 more",
    n: "change nothing, print what would be done, and pretend that each takes this many milliseconds",
    t: "give up after this many milliseconds (default 0, without limit)",
    l: `the live directory (default ${LIVE_DIRECTORY})`,
  },
  exits: {
    1: "a transition has failed, or the supervisors want something else than the state says",
    2: "the time is over",
    3: "there is no such service",
    4: "the database or the state is broken",
  },
  notes: [
    "start is -u change, stop is -d change. reload sends the reload signal of longruns and runs the reload scripts of " +
    "oneshots, of those services that are named and no others.",
    "With --no-lock no lock is taken: for programs that hold the locks themselves.",
  ],
  options: OPTIONS,
  long: longOptions({
    "up": "u",
    "down": "d",
    "all-down": "D",
    "prune": "p",
    "add": "a",
    "block": "b",
    "with-essentials": "E",
    "without-essentials": "e",
    "no-lock": "no-lock",
    "verbosity": "v",
    "dry-run": "n",
    "timeout": "t",
    "livedir": "l",
  }),
  least: 0,
  run: async (context, call) => {
    const asked = askedOf(call);
    if (asked.command === "help") {
      context.print(HELP);
      return 0;
    }
    const live = new LiveDirectory(context.os, asked.live);
    const looks = ["list", "listall", "diff"].includes(asked.command);
    if (asked.locks && looks) live.lockForLook(asked.blocks && awaitedBy(context, live) === undefined);
    else if (asked.locks) lockOrWait(context, live, asked.blocks, (wait) => live.lockForChange(wait));
    const { graph } = readDatabase(context.os, live.database);
    const state = live.readState(graph.services.length);
    if (asked.command === "diff") return differing(context, live, graph, state);
    const named = namedNumbers(graph, asked.names, live.path);
    if (!looks) return await carryOut(context, live, graph, state, { ...asked, named });
    context.print(serviceLines(graph, state, named, asked));
    return 0;
  },
});

interface Asked {
  readonly command: Command;
  readonly names: readonly ByteString[];
  readonly direction: Direction;
  /** Essential services are hidden, and stopped as any others. */
  readonly hidesEssentials: boolean;
  readonly prunes: boolean;
  readonly adds: boolean;
  readonly blocks: boolean;
  readonly locks: boolean;
  readonly verbosity: number;
  /** Milliseconds that each transition of a dry run takes. */
  readonly pause: number | undefined;
  /** Milliseconds, 0 for no limit. */
  readonly timeout: number;
  readonly live: ByteString;
}

function askedOf(call: Call<typeof OPTIONS>): Asked {
  const { args: [word, ...names] } = call;
  const options = new Options(call.options.list);
  const has = (letter: string): boolean => options.list.some((option) => option.letter === letter);
  const number = (letter: string, name: string): number | undefined => {
    const value = options.value(letter);
    try {
      return value === undefined ? undefined : unsigned(value);
    } catch {
      throw invalid(`${name} must be an unsigned integer`);
    }
  };
  const numbers = {
    verbosity: number("v", "verbosity") ?? 1,
    pause: number("n", "dry-run"),
    timeout: number("t", "timeout") ?? 0,
  };
  if (word === undefined) throw new UsageError();
  const command = COMMANDS.find((one) => one === word);
  if (command === undefined) throw invalid(`unknown command: ${word}`);
  const isFixed = command === "start" || command === "stop";
  const given = options.last("u", "d", "D") ?? "u";
  return {
    command,
    names,
    direction: command === "stop" || (command !== "start" && given !== "u") ? "down" : "up",
    hidesEssentials: ["e", "D"].includes(options.last("E", "e", "D") ?? "E"),
    prunes: has("p") && !isFixed,
    adds: has("a"),
    blocks: has("b"),
    locks: !has("no-lock"),
    live: options.value("l") ?? LIVE_DIRECTORY,
    ...numbers,
  };
}

type Changing = Asked & { readonly named: readonly number[] };

/** What is asked of the change. A reload is of services that are up too only where that is said. */
function requestOf(asked: Changing, isUp: (service: number) => boolean, services: number): ChangeRequest {
  const { command, named, direction, adds, prunes, hidesEssentials } = asked;
  if (command !== "reload") {
    const wish = { direction, named, alsoUp: adds, prune: prunes, stopsEssentials: hidesEssentials };
    return { kind: "change", mark: 0, wish };
  }
  const numbers = Array.from({ length: services }, (_, number) => number);
  const chosen = new Set(named);
  return { kind: "reload", mark: 0, named: numbers.filter((one) => chosen.has(one) || (adds && isUp(one))) };
}

/** Leaves a note of how the script of each oneshot has ended. */
function noting(mover: Mover, os: Context["os"], { path }: LiveDirectory, graph: Graph): Mover {
  return {
    start: (number, move, limit, ended) => {
      const { kind, name } = graph.services[number]!;
      mover.start(number, move, limit, (ending) => {
        if (kind === "oneshot") writeScriptRecord(os, path, name, move, ending);
        ended(ending);
      });
    },
    abort: (number) => mover.abort(number),
  };
}

async function carryOut(
  context: Context,
  live: LiveDirectory,
  graph: Graph,
  state: Uint8Array,
  asked: Changing,
): Promise<number> {
  const os = await withSockets(context);
  const reactor = context.reactor();
  const deadline = asked.timeout === 0 ? undefined : os.monotonic() + asked.timeout;
  const print = (text: ByteString): void => context.print(text);
  const report = reporterOn(os);
  const connected = (): void => {
    if (asked.verbosity < TALKATIVE) return;
    report("info", CONNECTING_PROGRAM, `${CONNECTING_PROGRAM}: connected to ${live.runnerSocket}`);
  };
  const mover: Mover = asked.pause === undefined
    ? noting(new Transitions({ os, reactor, connected }, live, graph), os, live, graph)
    : new DryRun({ reactor, print }, live, graph, asked.pause, asked.verbosity);
  const change = new Change(graph, state, asked.pause !== undefined);
  let code: number | undefined;
  const driver = new RcDriver({ os, report, mover }, live, change, {
    graph,
    verbosity: asked.verbosity,
    deadline,
    // What is still under way when the time is over is left: its own limit ends it, or our end does.
    ended: (_mark, result) => {
      code ??= result;
      reactor.stop();
    },
  });
  for (const signal of ["TERM", "INT"] as const) {
    reactor.onSignal(SIGNAL[signal], () => driver.send({ on: "stop", signal }));
  }
  if (deadline !== undefined) reactor.at(deadline, () => driver.send({ on: "timedOut" }));
  const request = requestOf(asked, (service) => change.isUp(service), graph.services.length);
  driver.send({ on: "request", request });
  if (code === undefined) reactor.run();
  return code ?? EXIT.bug;
}
