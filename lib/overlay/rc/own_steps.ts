// The steps of generation 2 as parts of a graph of generation 3: fix-attrs.d, cont-init.d and services.d, with the lines that
// generation 3 prints. cont-finish.d is for the end of the stop, which is behind all services.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import { ProcessImage } from "../../image/image.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import { haveDone } from "../boot/elsewhere.ts";
import { sourceOf } from "../boot/profile.ts";
import { disableWhereSaid } from "../boot/enabling.ts";
import { hasEntry, provideUserServices } from "../boot/provide.ts";
import { whenServing } from "../boot/serving.ts";
import { environmentOf, type Stage2Ports } from "../boot/stage2.ts";
import { entries, scriptPath } from "../boot/user_directories.ts";
import { recordedCode, runScript } from "../scripts.ts";
import { type Steps, within } from "../steps.ts";
import { EXIT, OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import type { OwnFilesOs } from "../own_files.ts";
import type { UserFilesOs } from "../boot/user_files.ts";
import { STEPS } from "./built_in_definitions.ts";
import { readStartedServices } from "./started_services.ts";
import type { OwnStep } from "./own_transitions.ts";
import { tellsReadiness } from "../../supervise/readiness_files.ts";

export type OwnStepPorts = Omit<Stage2Ports, "scanner"> & {
  readonly os: Stage2Ports["os"] & OwnFilesOs;
  readonly scanner: Pick<Scanner, "rescan" | "when" | "services" | "command">;
};

/** @param longruns the names that services of services.d cannot have */
export function ownSteps(ports: OwnStepPorts, longruns: ReadonlySet<ByteString>): ReadonlyMap<ByteString, OwnStep> {
  let started: readonly ByteString[] = [];
  const services = function* (): Steps<boolean> {
    started = yield* provideServices(ports, longruns);
    return yield* serveInTime(ports, started);
  };
  return new Map<ByteString, OwnStep>([
    [STEPS.fixAttributes, { up: () => fixAttributes(ports), down: nothing }],
    [STEPS.initialize, { up: () => initialize(ports), down: nothing }],
    [STEPS.services, { up: services, down: () => stopServices(ports, startedLast(ports) ?? started) }],
  ]);
}

// deno-lint-ignore require-yield
function* nothing(): Steps<boolean> {
  return true;
}

function* fixAttributes(ports: OwnStepPorts): Steps<boolean> {
  const { settings, tree, report } = ports;
  const names = yield* entries(ports, "fix-attrs.d");
  if (names === undefined || names.length === 0) return true;
  for (const name of names) report("info", STEPS.fixAttributes, `applying ${shownPath(ports, "fix-attrs.d", name)}`);
  const hidden = settings.get("fixHiddenAttributes") ? "all" : "visible";
  yield* haveDone(ports, STEPS.fixAttributes, "fix-attrs", [hidden, "quietly", ...names], tree);
  return true;
}

/** By the path that users know. */
export function shownPath(
  { settings }: Pick<OwnStepPorts, "settings">,
  directory: string,
  name: ByteString,
): ByteString {
  return `${sourceOf(settings)}/${directory}/${name}`;
}

/** All scripts run, whatever comes of one. */
function* initialize(ports: OwnStepPorts): Steps<boolean> {
  const { os, report, settings } = ports;
  const names = yield* entries(ports, "cont-init.d");
  let succeeded = true;
  for (const name of names ?? []) {
    const path = shownPath(ports, "cont-init.d", name);
    report("info", "cont-init", `running ${path}`);
    const environment = environmentOf(ports).with([["RC_NAME", STEPS.initialize]]);
    const script = ProcessImage.of([scriptPath(os, "cont-init.d", name)], environment);
    const ending = yield* runScript(ports, `cont-init.d/${name}`, script.insisting());
    const code = ending.kind === "not started" ? EXIT.notFound : recordedCode(ending);
    report("info", "cont-init", `${path} exited ${code}`);
    succeeded &&= code === 0;
  }
  return succeeded ||
    judgeFailure(ports, "cont-init", "some scripts exited nonzero", settings.get("behaviourIfStage2Fails"));
}

/** What has failed counts as the settings say. */
export function judgeFailure(
  { report }: Pick<OwnStepPorts, "report">,
  subject: string,
  text: string,
  behaviour: number,
): boolean {
  if (behaviour >= 1) report("warning", subject, text);
  return behaviour < 2;
}

function* provideServices(ports: OwnStepPorts, longruns: ReadonlySet<ByteString>): Steps<readonly ByteString[]> {
  const { os, settings, scanner, report } = ports;
  const found = (yield* entries(ports, "services.d")) ?? [];
  const wanted = withoutNamesakes(ports, longruns, found);
  const names = yield* provideUserServices(ports, sourceOf(settings), wanted);
  yield* disableWhereSaid(ports, names);
  for (const name of names) tellOfCopy(os, name, report);
  if (names.length > 0) scanner.rescan();
  return names;
}

/** Of services of services.d those that s6-rc.d has no longrun of the same name for; of the others a line is told. */
export function withoutNamesakes(
  { settings, report }: Pick<OwnStepPorts, "settings" | "report">,
  longruns: ReadonlySet<ByteString>,
  names: readonly ByteString[],
): readonly ByteString[] {
  for (const name of names.filter((name) => longruns.has(name))) {
    report(
      "warning",
      "services-up",
      `${shownPath({ settings }, "services.d", name)} is left out: a service of that name is in s6-rc.d`,
    );
  }
  return names.filter((name) => !longruns.has(name));
}

export function tellOfCopy(os: UserFilesOs, name: ByteString, report: Reporter): void {
  const notifies = tellsReadiness((file) => hasEntry(os, name, file));
  report("info", "services-up", `copying legacy longrun ${name}${notifies ? "" : " (no readiness notification)"}`);
}

function* serveInTime(ports: OwnStepPorts, services: readonly ByteString[]): Steps<boolean> {
  const { os, settings, reactor } = ports;
  if (!settings.get("commandWaitsForServices")) return true;
  const limit = limitOfServices(ports);
  const wanted = services.filter((name) => !hasEntry(os, name, "down"));
  ports.awaits(wanted, limit);
  const arrived = yield* within(reactor, limit, (arrived) => whenServing(ports, wanted, arrived));
  ports.awaits(undefined, 0);
  return arrived ||
    judgeFailure(ports, "services-up", "some legacy longruns failed to start", settings.get("behaviourIfStage2Fails"));
}

/** Milliseconds for the whole start; in generation 3 it is without limit unless one is given. */
export function limitOfServices({ settings }: Pick<OwnStepPorts, "settings">): number {
  return settings.isGiven("commandWaitMaximumTime") ? settings.get("commandWaitMaximumTime") : 0;
}

/** The names of those that s6-rc has started since the boot; undefined where it has not. */
function startedLast({ os, report }: OwnStepPorts): readonly ByteString[] | undefined {
  try {
    return readStartedServices(os);
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    report("warning", "services-down", textOf(error));
    return undefined;
  }
}

/** They go down for the container's end: no supervisor has to know that for another day. */
function* stopServices(ports: OwnStepPorts, names: readonly ByteString[]): Steps<boolean> {
  const { scanner, settings, reactor, report } = ports;
  for (const name of names) scanner.command(name, { on: "down" });
  const limit = settings.get("servicesGraceTime");
  const arrived = yield* within(reactor, limit, (arrived) => scanner.when("finished", arrived, names));
  if (!arrived) {
    const late = scanner.services().filter(({ name, pid }) => names.includes(name) && pid !== 0);
    const which = late.map(({ name }) => name).join(", ");
    report("fatal", "s6-svwait", `timed out after ${durationInWords(limit)} waiting for ${which}`);
  }
  return true;
}
