// Boots for tests of the timeline: what process 1 would tell of them, from a few words.

import type {
  ContainerSnapshot,
  Moment,
  ScriptSnapshot,
  ServiceSnapshot,
  Snapshot,
} from "../../../../lib/overlay/journal/snapshot.ts";

const EPOCH = 1_790_000_000_000;

export function moment(after: number): Moment {
  return { time: EPOCH + Math.round(after), after };
}

function momentOrNull(after: number | null): Moment | null {
  return after === null ? null : moment(after);
}

/** @param ended null: it runs */
export function scriptTold(
  name: string,
  started: number,
  ended: number | null,
  code = 0,
  kind: ScriptSnapshot["kind"] = "cont-init.d",
): ScriptSnapshot {
  const exit = ended === null ? null : { code, signal: null };
  return { kind, name, pid: 100, started: moment(started), ended: momentOrNull(ended), exit };
}

/**
 * A service that is up from its start on, or notifies readiness.
 * @param reached when it was up or ready; null: not yet
 */
export function serviceTold(
  name: string,
  started: number | null,
  reached: number | null,
  more: Partial<ServiceSnapshot> = {},
): ServiceSnapshot {
  const notifies = more.notifies ?? false;
  return {
    name,
    directory: `/run/s6/services/${name}`,
    isLogger: name.endsWith("/log"),
    state: started === null ? "down" : "up",
    since: moment(0),
    wanted: "up",
    pid: null,
    ready: notifies ? reached !== null : null,
    notifies,
    starts: started === null ? 0 : 1,
    firstStart: momentOrNull(started),
    firstUp: momentOrNull(notifies ? started : reached),
    firstReady: notifies ? momentOrNull(reached) : null,
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
    ...more,
  };
}

/** A boot that is over, unless `container` says otherwise. */
export function bootTold(
  end: number | null,
  now: number,
  { container = {}, scripts = [], services = [] }: {
    readonly container?: Partial<ContainerSnapshot>;
    readonly scripts?: readonly ScriptSnapshot[];
    readonly services?: readonly ServiceSnapshot[];
  } = {},
): Snapshot {
  return {
    version: 1,
    now: moment(now),
    container: {
      state: end === null ? "booting" : "running",
      since: moment(end ?? 0),
      booted: momentOrNull(end),
      bootEnded: momentOrNull(end),
      cause: null,
      stopEnds: null,
      awaited: null,
      path: [],
      notStarted: [],
      waited: null,
      logging: 0,
      output: "plain",
      pid: 1,
      ...container,
    },
    services,
    scripts,
    journal: [],
  };
}

/** A boot that waited for its services from one moment to another. */
export function waitFor(names: readonly string[], from: number, to: number): Partial<ContainerSnapshot> {
  return { waited: { names, from: moment(from), to: moment(to) } };
}

/** All that a timeline can show. */
export const RICH: Snapshot = bootTold(3460, 9000, {
  container: waitFor(["cache", "db", "web"], 1652, 3458),
  scripts: [
    scriptTold("fix-attrs.d", 31, 58, 0, "task"),
    scriptTold("10-directories", 60, 171),
    scriptTold("20-migrate", 173, 1410, 3),
    scriptTold("30-render-a-configuration-with-a-long-name", 1412, 1640),
    scriptTold("node", 3461, null, 0, "command"),
    scriptTold("timeline", 3462, 3490, 0, "task"),
  ],
  services: [
    serviceTold("cache", 1653, 1655),
    serviceTold("db", 1653, 2610, { notifies: true }),
    serviceTold("db/log", 1653, 1656),
    serviceTold("never", null, null),
    serviceTold("search", 1655, null, { notifies: true }),
    serviceTold("web", 1654, 3457, { notifies: true }),
    serviceTold("worker", 1655, 1658, {
      looping: true,
      lastExit: { code: null, signal: "KILL", at: moment(5000), told: false },
    }),
  ],
});

/** Bytes that no form may show as they are. */
export const HOSTILE_NAME = "<b>&\"'\xff\x1b[31m\xef\xbf\xbf\xc3\xa9";

/** Hundreds of rows, some with names that are too long and some that are hostile. */
export function large(count: number): Snapshot {
  const scripts = Array.from(
    { length: count },
    (_, at) => scriptTold(`${at}-${"x".repeat(at)}`, at * 10 + 1, at * 10 + 10),
  );
  const last = count * 10 + 1;
  const services = Array.from(
    { length: count },
    (_, at) => serviceTold(`s${at}${HOSTILE_NAME}`, last + at, last + at + at * 7, { notifies: true }),
  );
  return bootTold(last + 1, last * 10, { scripts, services });
}
