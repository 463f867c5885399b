// A snapshot of a healthy container, for tests to change.

import type { ServiceSnapshot, Snapshot } from "../../../../lib/overlay/journal/snapshot.ts";

const BEGIN = { time: 1_700_000_000_000, after: 0 };

export function exampleService(changes: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  return {
    name: "web",
    directory: "/var/run/s6/services/web",
    isLogger: false,
    state: "up",
    since: BEGIN,
    wanted: "up",
    pid: 21,
    notifies: false,
    ready: null,
    starts: 1,
    firstStart: BEGIN,
    firstUp: BEGIN,
    firstReady: null,
    lastExit: null,
    looping: false,
    failed: false,
    paused: false,
    nextStart: null,
    killedAt: null,
    toldToEnd: null,
    leaving: false,
    reloading: null,
    watchdogEnds: null,
    said: null,
    ignoredMessages: null,
    trouble: null,
    ...changes,
  };
}

export function exampleSnapshot(): Snapshot {
  return {
    version: 1,
    now: { time: BEGIN.time + 60_000, after: 60_000 },
    container: {
      state: "running",
      since: BEGIN,
      booted: BEGIN,
      bootEnded: BEGIN,
      waited: null,
      cause: null,
      stopEnds: null,
      awaited: null,
      path: [],
      notStarted: [],
      logging: 0,
      output: "plain",
      pid: 1,
    },
    services: [],
    scripts: [],
    journal: [],
  };
}
