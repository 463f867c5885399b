// The JSON of `s6-overlay status -j`, field by field: docs/status.md is printed from it, and a test compares what comes
// out with it.

import type { ContainerSnapshot, Moment } from "../journal/snapshot.ts";
import { SETTINGS } from "../settings.ts";
import type { ServiceStatus, StatusReport } from "./status_report.ts";

export interface StatusField {
  /** "string", "number", "boolean", "null", "moment", "exit", or words that it is one of, with bars in between. */
  readonly type: string;
  readonly meaning: string;
}

type Fields<T> = { readonly [Name in keyof T]: StatusField };
const field = (type: string, meaning: string): StatusField => ({ type, meaning });

export const MOMENT_FIELDS: Fields<Moment> = {
  time: field("number", "milliseconds since 1970, by the clock of that time"),
  after: field(
    "number",
    "milliseconds since process 1 began, by a clock that is never set; where the source is the disk the same as `time`",
  ),
};

export const REPORT_FIELDS: Fields<StatusReport> = {
  version: field("number", "1; another one where a field has another meaning"),
  source: field("process 1|disk", "who tells it; what the disk does not tell is null, or false"),
  note: field("string|null", "why it is not process 1"),
  now: field("moment", "when it was told"),
  asWanted: field("boolean", "what the exit code 0 stands for"),
  container: field("container|null", "the container; null where the source is the disk"),
  services: field("services", "services and loggers, in order of name"),
};

export const CONTAINER_FIELDS: Fields<ContainerSnapshot> = {
  state: field(
    "booting|running|idle|stopping|interrupted|lastScripts|lastSignals|over",
    "where it is in its life: docs/life.md",
  ),
  since: field("moment", "when it came into this state"),
  booted: field("moment|null", "when the boot was over"),
  cause: field("string|null", "why it stops"),
  stopEnds: field("moment|null", "when all the time that the stop has is over"),
  awaited: field("awaited|null", "the services that the boot waits for: `names`, `since`, and `until` or null"),
  logging: field("number", SETTINGS.logging.variable),
  output: field("plain|prefix|json", "how output is printed"),
  pid: field("number", "the pid of process 1"),
};

const MAYBE = "moment|null";

export const SERVICE_FIELDS: Fields<ServiceStatus> = {
  name: field("string", "`web`, or `web/log` for the logger of web"),
  directory: field("string", "the service directory"),
  isLogger: field("boolean", "it is the logger of another service, or the catch-all logger"),
  state: field("down|starting|up|finishing|unsupervised", "what it does; finishing is while finish runs"),
  since: field("moment", "when it came into this state"),
  wanted: field("up|down", "what it is to be"),
  pid: field("number|null", "of run, or of finish"),
  ready: field("boolean|null", "whether it has notified readiness; null where it does not notify, or is not up"),
  starts: field("number|null", "how often run has been started"),
  restarts: field("number|null", "the same less one"),
  firstStart: field(MAYBE, "when run was started first"),
  firstUp: field(MAYBE, "when it was first up"),
  firstReady: field(MAYBE, "when it was first ready"),
  lastExit: field("exit|null", "how run ended last: `code` or `signal`, of which one is null, and when: `at`"),
  looping: field("boolean", "it ended by itself at least three times in the last minute"),
  failed: field("boolean", "its finish exited 125: it is not started again by itself"),
  paused: field("boolean", "it was sent STOP"),
  nextStart: field(MAYBE, "when it will be started again by itself"),
  killedAt: field(MAYBE, "when it, or its finish, is killed if it has not ended by then"),
  trouble: field("string|null", "what its supervisor last warned of since it was last up"),
  essential: field("boolean|null", "the container lives as long as it does; null if that cannot be read"),
  memory: field("number|null", "bytes in memory of its processes; what they share counts for each; null without /proc"),
  cpu: field("number|null", "seconds of processor time of its processes and their ended children; null without /proc"),
  logger: field("string|null", "the name of its logger"),
};
