// s6-rc-update: has a live directory go over to another database. What is the same in both goes on meanwhile.

import type { ByteString } from "../../lib/bytes.ts";
import { HolderClient } from "../../lib/fdholder/client.ts";
import { readDatabase } from "../../lib/rc/database_directory.ts";
import type { Graph } from "../../lib/rc/graph.ts";
import { LiveDirectory } from "../../lib/rc/live.ts";
import { LIVE_DIRECTORY, PIPE_HOLDER } from "../../lib/rc/places.ts";
import { STATE_BIT } from "../../lib/rc/change.ts";
import { VERBOSITY } from "../../lib/rc/progress.ts";
import { type Conversion, conversionsIn } from "../../lib/rc/update/conversion.ts";
import { holdLock } from "../../lib/rc/update/held_locks.ts";
import { type LiveSwitch, releaseOld, switchLive } from "../../lib/rc/update/live_switch.ts";
import { pipeSteps, storePipes } from "../../lib/rc/update/pipe_storage.ts";
import { planUpdate, type UpdatePlan } from "../../lib/rc/update/update_plan.ts";
import { systemError } from "../../lib/errno.ts";
import { about, EXIT, Failure, invalid, OsError, unlessRefused } from "../../lib/report.ts";
import { sendCommands } from "../../lib/supervise/client.ts";
import { awaitLetter, linkServices, type ServiceLink } from "../../lib/supervise/link.ts";
import { removeTree } from "../../lib/tree.ts";
import { shellCode } from "../../lib/wait_status.ts";
import { type Applet, type Call, type Context, fork, type Outcome } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import { withSockets } from "../sockets.ts";
import { lockOrWait } from "./endless_wait.ts";
import { numberOf, progressOn } from "./telling.ts";

const OPTIONS = "nbEev:t:l:f:";
const CODE = { failed: 1, timedOut: 2, notSwitched: 8, planTimedOut: 10 } as const;
/** At most this many services are listened to at once: each takes two descriptors. */
const PORTION = 200;
/** Milliseconds for supervisors to end whose services are down: one that has more to do is not waited for. */
const LONGEST_END = 1000;

export const rcUpdate: Applet = fork({
  name: "s6-rc-update",
  usage: "[ -n ] [ -v verbosity ] [ -t timeout ] [ -l live ] [ -f conversion_file ] [ -E | -e ] [ -b ] newdb",
  summary: "have a live directory go over to another database, while what is in both goes on",
  help: {
    n: "change nothing, and print the commands that would stop and start services",
    b: "wait while the live directory or a database is locked",
    E: "spare essential services that would have to stop (default)",
    e: "stop essential services as any others",
    v: "how much to tell (default 1)",
    t: "give up after this many milliseconds (default 0, without limit)",
    l: `the live directory (default ${LIVE_DIRECTORY})`,
    f: "what becomes of old services whose names do not tell: lines of OLD -> NEW, OLD -> NEW restart or OLD restart",
  },
  exits: {
    1: "the database is the new one, but a service could not be started",
    2: "the database is the new one, but the time was over before all services were up",
    3: "the conversion file has an old name that is unknown",
    4: "a new name is unknown, or a database or the state is broken",
    5: "an old name in the conversion file is that of a bundle",
    6: "a name is there twice in the conversion file, or two old services become one",
    9: "a service could not be stopped: the database is still the old one",
    10: "the time was over before all services were stopped: the database is still the old one",
  },
  notes: [
    "A service that is up stops if it is gone, has another type, is to restart, or depends on one that stops or that was " +
    "not up before; it starts again if the new database has it. A changed script alone is no reason: it counts from the " +
    "next time on.",
  ],
  options: OPTIONS,
  long: longOptions({
    "dry-run": "n",
    "block": "b",
    "no-force-essentials": "E",
    "force-essentials": "e",
    "verbosity": "v",
    "timeout": "t",
    "livedir": "l",
    "conversion-file": "f",
  }),
  least: 1,
  run: (context, call) => update(context, askedOf(call)),
});

interface Asked {
  readonly live: ByteString;
  readonly database: ByteString;
  readonly conversions: ByteString | undefined;
  readonly isDryRun: boolean;
  readonly waits: boolean;
  readonly stopsEssentials: boolean;
  readonly verbosity: number;
  /** Milliseconds, 0 for no limit. */
  readonly timeout: number;
}

function askedOf({ options, args: [database = ""] }: Call<typeof OPTIONS>): Asked {
  const verbosity = numberOf(options, "v", "verbosity") ?? VERBOSITY.warnings;
  const timeout = numberOf(options, "t", "timeout") ?? 0;
  const live = options.value("l") ?? LIVE_DIRECTORY;
  for (const path of [live, database]) if (!path.startsWith("/")) throw invalid(`${path} is not an absolute path`);
  const bare = live.replace(/\/+$/, "");
  if (bare === "") throw systemError("canonicalize", "livedir", "EINVAL");
  return {
    live: bare,
    database,
    conversions: options.value("f"),
    isDryRun: options.has("n"),
    waits: options.has("b"),
    stopsEssentials: options.last("E", "e") === "e",
    verbosity,
    timeout,
  };
}

/** What all steps of an update need. */
interface Update {
  readonly context: Context;
  readonly asked: Asked;
  readonly before: Graph;
  readonly after: Graph;
  readonly plan: UpdatePlan;
  /** By the monotonic clock. */
  readonly deadline: number | undefined;
  readonly say: (text: ByteString) => void;
}

async function update(context: Context, asked: Asked): Promise<Outcome> {
  const { os } = context;
  const deadline = asked.timeout === 0 ? undefined : os.monotonic() + asked.timeout;
  const live = new LiveDirectory(os, asked.live);
  lockOrWait(context, live, asked.waits, (wait) => takeLocks(context, live, asked.database, wait));
  const prefix = live.readPrefix();
  const before = readDatabase(os, live.database).graph;
  const after = readDatabase(os, asked.database).graph;
  const state = live.readState(before.services.length);
  const progress = progressOn(context, asked.verbosity);
  const say = (text: ByteString): void => progress(VERBOSITY.steps, "info", text);
  say("computing state adjustments");
  const isUp = (service: number): boolean => (state[service]! & STATE_BIT.up) !== 0;
  const conversions = readConversions(context, asked.conversions);
  const plan = planUpdate({ before, after, isUp, conversions, live: asked.live, database: asked.database });
  const work = { context, asked, before, after, plan, deadline, say };
  if (left(work) === undefined) throw new Failure(CODE.planTimedOut, "timed out while computing state adjutments");
  await stopOld(work);
  if (!asked.isDryRun) {
    await switchOver(work, { live: asked.live, prefix, database: asked.database, before, after, plan });
  }
  say("starting services in the new database");
  const names = plan.starts.map((service) => after.services[service]!.name);
  return context.image.run(changeWords(work, "-u", names));
}

function takeLocks({ os }: Context, live: LiveDirectory, database: ByteString, wait: boolean): void {
  about("take", `lock on ${live.path} and ${live.database}`, () => {
    holdLock(os, live.path, { wait });
    holdLock(os, live.database, { shared: true, wait });
  });
  about("take", `lock on ${database}`, () => holdLock(os, database, { shared: true, wait }));
}

function readConversions({ os }: Context, file: ByteString | undefined): Iterable<Conversion> {
  return file === undefined ? [] : conversionsIn(about("open", file, () => os.readFile(file)));
}

/** Milliseconds for what is still to be done, 0 for no limit; undefined if the time is over. */
function left({ context, deadline }: Update): number | undefined {
  if (deadline === undefined) return 0;
  const rest = Math.round(deadline - context.os.monotonic());
  return rest > 0 ? rest : undefined;
}

/** The command that changes services, or prints how it would. */
function changeWords(work: Update, direction: string, names: readonly ByteString[]): readonly ByteString[] {
  const { asked: { verbosity, live, isDryRun } } = work;
  return [
    ...(isDryRun ? ["s6-rc-dryrun", "-v", `${verbosity}`, "-t0", "--"] : []),
    ...["s6-rc", "-v", `${verbosity}`, "-t", `${left(work) ?? 1}`, "-l", live],
    ...(isDryRun ? [] : ["--no-lock"]),
    ...[direction, "--", "change"],
    ...names,
  ];
}

async function stopOld(work: Update): Promise<void> {
  const { context, asked, plan, before } = work;
  const names = plan.stops.map((service) => before.services[service]!.name);
  work.say("stopping services in the old database");
  const words = changeWords(work, asked.stopsEssentials ? "-D" : "-d", names);
  const code = shellCode(await context.runToEnd(context.image.run(words)));
  if (code === 0) return;
  const isFailure = code === CODE.failed || code === CODE.timedOut;
  throw new Failure(isFailure ? code + CODE.notSwitched : code, "first s6-rc invocation failed");
}

async function switchOver(work: Update, wanted: LiveSwitch): Promise<void> {
  const { context, asked: { live } } = work;
  const { os } = context;
  work.say("updating state and service directories");
  const { old } = switchLive(os, wanted);
  work.say("successfully switched to new database");
  const ends = releaseOld(os, old, wanted);
  try {
    supervise(work, wanted);
    // They write their last words into the old directory.
    awaitLetter({ os, reactor: () => context.reactor() }, ends, "x", Math.min(left(work) || LONGEST_END, LONGEST_END));
  } finally {
    for (const end of ends) end.close();
    unlessRefused(() => removeTree(os, old));
  }
  work.say("updating s6rc-fdholder pipe storage");
  await followWithPipes(work);
  work.say("cleaning up scan directory");
  try {
    sendCommands(os, `${live}/scandir`, ".s6-svscan", "an");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    context.warn(`unable to send command to s6-svscan on ${live}/scandir: ${error.message}`);
  }
}

/** Hands all services of the new database to the scanner: those that go on are with their supervisors already. */
function supervise(work: Update, { live, prefix }: LiveSwitch): void {
  const { context } = work;
  const { os } = context;
  const names = os.listDirectory(`${live}/servicedirs`).filter((name) => !name.startsWith("."));
  const links = names.map((name): ServiceLink => {
    const service = `${live}/servicedirs/${name}`;
    return { name: `${prefix}${name}`, service, target: service };
  });
  const ports = { os, reactor: () => context.reactor() };
  const what = `manage new service directories in ${live}`;
  try {
    for (let at = 0; at < links.length; at += PORTION) {
      const timeout = left(work) ?? 1;
      const wishes = { down: "for long", public: false, force: false, timeout } as const;
      linkServices(ports, `${live}/scandir`, links.slice(at, at + PORTION), wishes);
    }
  } catch (error) {
    if (error instanceof OsError) throw error.about(what, "");
    if (!(error instanceof Failure)) throw error;
    if (error.code !== EXIT.usage) throw new Failure(EXIT.system, `unable to ${what}: ${error.message}`);
    throw invalid(`unable to ${what}: s6-svscan not running on ${live}/scandir`);
  }
}

/** The holder gets what it is to have, or is restarted: then it begins with what the new database says. */
async function followWithPipes(work: Update): Promise<void> {
  const { context, asked, before, after, plan } = work;
  const holder = after.services.findIndex(({ name }) => name === PIPE_HOLDER);
  if (!plan.successors[holder]!.isUp) return;
  const directory = `${asked.live}/servicedirs/${PIPE_HOLDER}`;
  const os = await withSockets(context);
  try {
    const client = HolderClient.connect(os, `${directory}/s`, left(work) ?? 1);
    try {
      storePipes(os, client, pipeSteps(new Set(client.list()), before, after, plan));
    } finally {
      client.close();
    }
    return;
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
  }
  const warn = (text: string): void => {
    if (asked.verbosity >= VERBOSITY.warnings) context.warn(text);
  };
  warn(`unable to live update ${PIPE_HOLDER} - restarting it`);
  const words = ["s6-svc", "-T", `${left(work) ?? 1}`, "-rwR", "--", directory];
  if (await context.runToEnd(context.image.run(words)) !== 0) warn(`unable to restart ${PIPE_HOLDER}`);
  if (left(work) === undefined) throw new Failure(CODE.timedOut, `timed out during ${PIPE_HOLDER} update`);
}
