// The services of services.d as s6-rc starts and stops them in a running container of generation 3. A start copies them as
// they are now; a stop takes them out of the scan directory, once they are down. Process 1 supervises them, and is asked how
// far they are.

import type { ByteString } from "../../lib/bytes.ts";
import { disableServices } from "../../lib/overlay/boot/disabled_services.ts";
import { sourceOf } from "../../lib/overlay/boot/profile.ts";
import { hasEntry } from "../../lib/overlay/boot/provide.ts";
import { holdUserDirectory, visible, visibleEntries, withHeld } from "../../lib/overlay/boot/user_directories.ts";
import { provideServices } from "../../lib/overlay/boot/user_services.ts";
import { keepsEnvironment, storedVariable, withoutLineEnd } from "../../lib/overlay/contenv.ts";
import { durationInWords } from "../../lib/overlay/durations.ts";
import type { Done } from "../../lib/overlay/journal/request.ts";
import type { ServiceSnapshot } from "../../lib/overlay/journal/snapshot.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { judgeFailure, limitOfServices, tellOfCopy, withoutNamesakes } from "../../lib/overlay/rc/own_steps.ts";
import { readStartedServices, writeStartedServices } from "../../lib/overlay/rc/started_services.ts";
import { readDatabase } from "../../lib/rc/database_directory.ts";
import { LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import { isSupervised, sendCommands } from "../../lib/supervise/client.ts";
import { removeTree } from "../../lib/tree.ts";
import { ask, snapshotOf } from "../asking.ts";
import type { LaterWork } from "./later_work.ts";
import { toEnd } from "./task_work.ts";

/** Milliseconds between two looks, at first and at most. */
const LOOK_EVERY = { first: 2, most: 100 };
/** How long services may take to be supervised and to be up, in milliseconds, where nothing waits for them. */
const BEGUN_WITHIN = 5000;

/** @returns false if the boot would count it as failed */
export async function startLegacyServices(work: LaterWork): Promise<boolean> {
  const { context: { os }, settings, report } = work;
  const { provided, supervised } = provide(work);
  const names = [...provided, ...supervised];
  writeStartedServices(os, names);
  const wanted = names.filter((name) => !hasEntry(os, name, "down"));
  const { services } = await snapshotOf(work.context, { services: wanted });
  const before = new Map(services.map(({ name, starts }) => [name, starts]));
  if (provided.length > 0) sendCommands(os, PATHS.services, ".s6-svscan", "a");
  const again = supervised.filter((name) => wanted.includes(name));
  if (again.length > 0) await ask<Done>(work.context, { ask: "do", deed: "up", services: again });
  await until(work, wanted, BEGUN_WITHIN, hasBegun(before));
  if (!settings.get("commandWaitsForServices")) return true;
  const late = await until(work, wanted, limitOfServices({ settings }), serves);
  return late.length === 0 ||
    judgeFailure(
      { report },
      "services-up",
      "some legacy longruns failed to start",
      settings.get("behaviourIfStage2Fails"),
    );
}

/** Those that run already stay as they are; of the others the copies are made. */
function provide(work: LaterWork): { readonly provided: readonly ByteString[]; readonly supervised: ByteString[] } {
  const { os, context, settings, report } = work;
  const held = holdUserDirectory(os, "services.d");
  if (held === undefined) return { provided: [], supervised: [] };
  return withHeld(os, held, () => {
    const names = withoutNamesakes({ settings, report }, longrunsOf(work), visible(os, held));
    const supervised = names.filter((name) => isSupervised(os, `${PATHS.services}/${name}`));
    const fresh = names.filter((name) => !supervised.includes(name));
    const { names: provided } = toEnd(provideServices(os, held, `${sourceOf(settings)}/services.d`, fresh, report));
    disableServices({ os: context.os, report }, provided, lookUpOf(work));
    for (const name of provided) tellOfCopy(context.os, name, report);
    return { provided, supervised };
  });
}

function longrunsOf({ context: { os } }: LaterWork): ReadonlySet<ByteString> {
  const { graph: { services } } = readDatabase(os, `${LIVE_DIRECTORY}/compiled`);
  return new Set(services.filter(({ kind }) => kind === "longrun").map(({ name }) => name));
}

/** The container's environment as it is now. */
function lookUpOf({ context }: LaterWork): (variable: ByteString) => ByteString | undefined {
  const { os, image } = context;
  const kept = keepsEnvironment(image.environment);
  return (variable) => {
    const value = kept ? image.environment.get(variable) : storedVariable(os, variable, (text) => context.warn(text));
    return value === undefined ? undefined : withoutLineEnd(value);
  };
}

/** They leave the scan directory, as in generation 3; what is not down in time stays in it, and is told to end. */
export async function stopLegacyServices(work: LaterWork): Promise<boolean> {
  const { context, settings, report } = work;
  const { os } = context;
  const names = startedOf(work).filter((name) => isSupervised(os, `${PATHS.services}/${name}`));
  if (names.length > 0) await ask<Done>(context, { ask: "do", deed: "down", services: names });
  const late = await until(work, names, settings.get("servicesGraceTime"), isDown);
  if (late.length > 0) {
    const limit = durationInWords(settings.get("servicesGraceTime"));
    report("fatal", "s6-svwait", `timed out after ${limit} waiting for ${late.join(", ")}`);
  }
  const gone = names.filter((name) => !late.includes(name));
  for (const name of gone) {
    // One that was killed meanwhile may have left it.
    removeTree(os, left(name));
    os.rename(`${PATHS.services}/${name}`, left(name));
  }
  if (gone.length > 0) sendCommands(os, PATHS.services, ".s6-svscan", "an");
  await until(work, gone.flatMap((name) => [name, `${name}/log`]), settings.get("servicesGraceTime"), isGone);
  for (const name of gone) removeTree(os, left(name));
  writeStartedServices(os, late);
  return true;
}

/** Where no scanner reads it, and its supervisor, which holds it, ends what it has begun. */
function left(name: ByteString): ByteString {
  return `${PATHS.services}/.left-${name}`;
}

/** Those of the boot are the services of services.d, where s6-rc has not started any since. */
function startedOf(work: LaterWork): readonly ByteString[] {
  const longruns = longrunsOf(work);
  return readStartedServices(work.context.os) ??
    (visibleEntries(work.os, "services.d") ?? []).filter((name) => !longruns.has(name));
}

type Judge = (service: ServiceSnapshot | undefined) => boolean;

/** What has been started since, or will not be. */
const hasBegun = (before: ReadonlyMap<ByteString, number>): Judge => (service) =>
  service !== undefined && (service.state === "up" || service.trouble !== null || willNot(service) ||
    service.state !== "starting" && service.starts > (before.get(service.name) ?? 0));
const serves: Judge = (service) =>
  service !== undefined && (service.state === "up" && service.ready !== false || willNot(service));
const isDown: Judge = (service) =>
  service === undefined || service.state === "down" || service.state === "unsupervised";
const isGone: Judge = (service) => service === undefined;

function willNot({ state, failed, wanted }: ServiceSnapshot): boolean {
  return failed || state === "unsupervised" || wanted === "down";
}

/**
 * Waits until the services are as is wanted, at most for this many milliseconds (0: as long as it takes).
 * @returns those that are not
 */
async function until(
  { context }: LaterWork,
  names: readonly ByteString[],
  limit: number,
  judge: Judge,
): Promise<readonly ByteString[]> {
  const { os } = context;
  const deadline = limit === 0 ? Infinity : os.monotonic() + limit;
  let waiting = names;
  for (let pause = LOOK_EVERY.first; waiting.length > 0; pause = Math.min(2 * pause, LOOK_EVERY.most)) {
    const { services } = await snapshotOf(context, { services: waiting });
    const known = new Map(services.map((service) => [service.name, service]));
    waiting = waiting.filter((name) => !judge(known.get(name)));
    const left = deadline - os.monotonic();
    if (waiting.length === 0 || left <= 0) return waiting;
    os.sleep(Math.min(pause, left));
  }
  return waiting;
}
