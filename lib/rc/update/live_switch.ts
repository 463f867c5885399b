// The live directory of an update: made beside the old one, with the directories of services that go on, and put in its place
// by a link. All that can fail for want of room or of files is done before the first service's directory is touched; what
// follows are renamings, which are taken back if one fails. Follows s6-rc-update.

import type { ByteString } from "../../bytes.ts";
import { copyTree } from "../../copy.ts";
import { subscribe, type SubscribeOs, type Subscription } from "../../event/subscribe.ts";
import { realPath } from "../../file_path.ts";
import type { Os } from "../../os/os.ts";
import { about, EXIT, Failure, OsError, textOf, unlessRefused } from "../../report.ts";
import { randomLetters } from "../../random.ts";
import { readServiceStatus, sendCommands } from "../../supervise/client.ts";
import { removeTree } from "../../tree.ts";
import { STATE_BIT } from "../change.ts";
import type { Graph } from "../graph.ts";
import { holdLock } from "./held_locks.ts";
import { LIVE_LOCK_MODE } from "../lock.ts";
import { type LiveMakingOs, replaceLink } from "../live_making.ts";
import { Moves } from "./moves.ts";
import type { UpdatePlan } from "./update_plan.ts";

type SwitchOs = LiveMakingOs & Pick<Os, "readFile" | "setCloseOnExec">;

export interface LiveSwitch {
  /** Without a slash at its end. */
  readonly live: ByteString;
  readonly prefix: ByteString;
  readonly database: ByteString;
  readonly before: Graph;
  readonly after: Graph;
  readonly plan: UpdatePlan;
}

/** What a database has for a service directory; all else there is the supervisor's or the service's own. */
const FILES = [
  ...["finish", "finish.user", "run", "run.user", "notification-fd", "lock-fd", "timeout-kill", "flag-timeout-killpg"],
  ...[
    "timeout-finish",
    "max-death-tally",
    "down-signal",
    "reload-signal",
    "flag-newpidns",
    "essential",
    "template",
    "data",
    "env",
  ],
];
const MODE = 0o755;
const FILE_MODE = 0o644;
const RANDOM_LETTERS = 6;
const MOST_ENDS = 200;
/** Where fresh files wait, and replaced ones lie, until the switch is over. */
const [FRESH, REPLACED] = [".fresh", ".replaced"];

/** A service directory that goes on, and the fresh files for it. */
interface Kept {
  readonly from: ByteString;
  readonly to: ByteString;
  readonly fresh: ByteString;
  /** Names of its instances, each with fresh files of its own. */
  readonly instances: readonly ByteString[];
}

/** Switches to the new database. @throws Failure, OsError; the old live directory is as it was then */
export function switchLive(os: SwitchOs, wanted: LiveSwitch): { readonly old: ByteString } {
  const { live } = wanted;
  const old = about("sarealpath", live, () => realPath(os, live));
  const base = `${live.slice(live.lastIndexOf("/") + 1)}:s6-rc-update:${randomLetters(os, RANDOM_LETTERS)}`;
  const path = `${about("sarealpath", live, () => realPath(os, live.slice(0, live.lastIndexOf("/")) || "/"))}/${base}`;
  const moves = new Moves(os);
  try {
    about("create", "new livedir", () => makeFrame(os, old, path, wanted));
    about("make", `new live directory in ${path}`, () => {
      for (const kept of stage(os, old, path, wanted)) takeOver(os, moves, kept);
      replaceLink(os, base, live);
    });
  } catch (error) {
    takeBack(os, moves, path, error);
    throw error;
  }
  for (const part of [FRESH, REPLACED]) unlessRefused(() => removeTree(os, `${path}/${part}`));
  return { old };
}

function takeBack(os: SwitchOs, moves: Moves, path: ByteString, reason: unknown): void {
  try {
    moves.undo();
  } catch (error) {
    const text = `unable to roll back from ${path}: ${textOf(error)}, after ${textOf(reason)}`;
    throw new Failure(EXIT.system, text);
  }
  unlessRefused(() => removeTree(os, path));
}

/** The directory and its files, and the directories of services that do not go on. */
function makeFrame(os: SwitchOs, old: ByteString, path: ByteString, wanted: LiveSwitch): void {
  const { plan, database, prefix, after } = wanted;
  const make = (directory: ByteString): void => {
    os.makeDirectory(directory, MODE);
    os.chmod(directory, MODE);
  };
  const state = plan.successors.map(({ isUp }) => String.fromCharCode(isUp ? STATE_BIT.up : 0)).join("");
  make(path);
  os.symlink(database, `${path}/compiled`);
  os.symlink(os.readLink(`${old}/scandir`), `${path}/scandir`);
  os.writeFile(`${path}/prefix`, prefix, FILE_MODE);
  os.writeFile(`${path}/state`, state, FILE_MODE);
  os.writeFile(`${path}/lock`, "", LIVE_LOCK_MODE);
  holdLock(os, path, {});
  for (const part of ["servicedirs", FRESH, REPLACED]) make(`${path}/${part}`);
  for (const [number, { kind, name }] of after.services.entries()) {
    const { isUp, from } = plan.successors[number]!;
    if (kind !== "longrun" || isUp) continue;
    const directory = `${path}/servicedirs/${name}`;
    copyTree(os, `${database}/servicedirs/${name}`, directory);
    const former = from === undefined ? undefined : wanted.before.services[from];
    if (former?.kind === "longrun") remakeInstances(os, `${old}/servicedirs/${former.name}`, directory);
  }
}

/** Instances that the old service had; each is a copy of the new template. */
function remakeInstances(os: SwitchOs, from: ByteString, to: ByteString): void {
  if (os.find(`${to}/template`) === undefined) return;
  for (const directory of ["instance", "instances"]) {
    if (os.find(`${to}/${directory}`) === undefined) os.makeDirectory(`${to}/${directory}`, MODE);
  }
  for (const name of namesIn(os, `${from}/instance`)) {
    copyTree(os, `${to}/template`, `${to}/instances/${name}`);
    os.symlink(`../instances/${name}`, `${to}/instance/${name}`);
  }
}

/** Copies the fresh files of all services that go on. */
function stage(os: SwitchOs, old: ByteString, path: ByteString, wanted: LiveSwitch): readonly Kept[] {
  const { before, after, database, plan } = wanted;
  return after.services.flatMap((service, number): Kept[] => {
    const { isUp, from } = plan.successors[number]!;
    if (service.kind !== "longrun" || !isUp || from === undefined) return [];
    const fresh = `${path}/${FRESH}/${service.name}`;
    copyTree(os, `${database}/servicedirs/${service.name}`, fresh);
    const directory = `${old}/servicedirs/${before.services[from]!.name}`;
    const hasTemplate = os.find(`${fresh}/template`) !== undefined;
    const instances = hasTemplate ? namesIn(os, `${directory}/instances`) : [];
    for (const name of instances) copyTree(os, `${fresh}/template`, instancePath(fresh, name));
    return [{ from: directory, to: `${path}/servicedirs/${service.name}`, fresh, instances }];
  });
}

/** No name of a service has a slash, and none of a file that a database has begins with a dot. */
function instancePath(directory: ByteString, name: ByteString): ByteString {
  return `${directory}/.instance:${name}`;
}

function namesIn(os: SwitchOs, directory: ByteString): ByteString[] {
  return os.find(directory) === undefined ? [] : os.listDirectory(directory).filter((name) => !name.startsWith("."));
}

/** Moves a directory over, and its fresh files into it. */
function takeOver(os: SwitchOs, moves: Moves, { from, to, fresh, instances }: Kept): void {
  moves.move(from, to);
  const replaced = `${to.replace(/\/servicedirs\/[^/]*$/, "")}/${REPLACED}/${to.slice(to.lastIndexOf("/") + 1)}`;
  os.makeDirectory(replaced, MODE);
  whileNotStarted(os, to, () => replaceFiles(moves, to, fresh, replaced));
  for (const name of instances) {
    const gone = instancePath(replaced, name);
    os.makeDirectory(gone, MODE);
    const directory = `${to}/instances/${name}`;
    whileNotStarted(os, directory, () => replaceFiles(moves, directory, instancePath(fresh, name), gone));
  }
  if (os.find(`${to}/template`) === undefined) return;
  for (const directory of ["instance", "instances"]) {
    if (os.find(`${to}/${directory}`) === undefined) os.makeDirectory(`${to}/${directory}`, MODE);
  }
}

function replaceFiles(moves: Moves, directory: ByteString, fresh: ByteString, replaced: ByteString): void {
  for (const name of FILES) {
    moves.moveIfThere(`${directory}/${name}`, `${replaced}/${name}`);
    moves.moveIfThere(`${fresh}/${name}`, `${directory}/${name}`);
  }
}

/** Does it while a service that ends is not started again: it would run half of the old and half of the new files. */
function whileNotStarted(os: SwitchOs, directory: ByteString, work: () => void): void {
  const status = unlessRefused(() => readServiceStatus(os, directory));
  const isHeld = status?.wantedUp === true && obeys(os, directory, "o");
  try {
    work();
  } finally {
    if (isHeld) obeys(os, directory, "u");
  }
}

/** False if no supervisor listens. */
function obeys(os: SwitchOs, directory: ByteString, letters: string): boolean {
  try {
    sendCommands(os, directory, "supervise", letters);
    return true;
  } catch (error) {
    if (error instanceof OsError || error instanceof Failure) return false;
    throw error;
  }
}

/**
 * Takes the old services from the scan directory; the supervisors of those that do not go on end.
 * @returns the events of those supervisors; of the first ones only, as each takes two descriptors
 */
export function releaseOld(
  os: SwitchOs & SubscribeOs,
  old: ByteString,
  { before, plan, prefix, live }: LiveSwitch,
): readonly Subscription[] {
  const goesOn = new Set(plan.successors.filter(({ isUp }) => isUp).map(({ from }) => from));
  const ends: Subscription[] = [];
  for (const [number, { kind, name }] of before.services.entries()) {
    if (kind !== "longrun") continue;
    unlessRefused(() => os.unlink(`${live}/scandir/${prefix}${name}`));
    if (goesOn.has(number)) continue;
    const directory = `${old}/servicedirs/${name}`;
    const end = ends.length < MOST_ENDS ? unlessRefused(() => subscribe(os, `${directory}/event`)) : undefined;
    if (!obeys(os, directory, "xd")) end?.close();
    else if (end !== undefined) ends.push(end);
  }
  return ends;
}
