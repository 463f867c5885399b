// What unit tests of explanations begin with: a service that is as it should be, and the facts about it.

import type { Facts, ProgramFile, RunFile } from "../../../../lib/overlay/explain/facts.ts";
import { exampleService } from "../journal/example_snapshot.ts";
import type { Moment, ServiceSnapshot } from "../../../../lib/overlay/journal/snapshot.ts";

/** @param after milliseconds since process 1 began */
export function momentAt(after: number): Moment {
  return { time: Date.UTC(2026, 0, 1) + after, after };
}

/** When everything here is told. */
export const NOW: Moment = momentAt(60_000);

export function serviceWith(given: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  const begun = momentAt(1000);
  return exampleService({ since: begun, pid: 20, firstStart: begun, firstUp: begun, ...given });
}

/** @param given what is different */
export function factsWith(service: Partial<ServiceSnapshot>, given: Partial<Facts> = {}): Facts {
  return {
    order: undefined,
    writesLog: false,
    booting: undefined,
    now: NOW,
    service: serviceWith(service),
    isHeld: false,
    isStopping: false,
    stopEnds: null,
    awaited: undefined,
    notStarted: undefined,
    lives: [],
    run: undefined,
    notification: undefined,
    output: [],
    leftBehind: [],
    deepest: undefined,
    ...given,
  };
}

/** The boot has not brought it up. */
export const BARRED: Facts = factsWith({ state: "down", wanted: "down" }, {
  notStarted: { name: "web", kind: "longrun", why: "was kept back by db" },
});

/** A program that nothing is wrong with. */
export function programWith(given: Partial<ProgramFile> = {}): ProgramFile {
  return {
    path: "/bin/sh",
    kind: "file",
    leadsTo: undefined,
    mode: 0o755,
    uid: 0,
    size: 100,
    mayExecute: true,
    head: "\x7fELF",
    missingLoader: undefined,
    foreignMachine: undefined,
    noexec: undefined,
    ...given,
  };
}

export function runWith(given: Partial<RunFile> = {}): RunFile {
  const path = "/var/run/s6/services/web/run";
  return { ...programWith({ path, head: "#!/bin/sh\n" }), interpreter: programWith(), lookedUp: undefined, ...given };
}
