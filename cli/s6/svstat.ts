// What a service does: s6-svok asks whether it is supervised at all, s6-svstat for its state, as a line for people or
// as fields for scripts.

import type { ByteString } from "../../lib/bytes.ts";
import type { Instant, Os } from "../../lib/os/os.ts";
import { EXIT, Failure, invalid } from "../../lib/report.ts";
import { signalName } from "../../lib/signals.ts";
import { isSupervised, readServiceStatus } from "../../lib/supervise/client.ts";
import { isUp, type Status } from "../../lib/supervise/status.ts";
import { secondsBetween, stampText } from "../../lib/tai.ts";
import { exitCode, killedBy } from "../../lib/wait_status.ts";
import { type Applet, replying, type Sight } from "../applet.ts";
import { NO_OPTIONS, type Option } from "../getopt.ts";

/** All that s6-svstat tells: the status file, whether the service is down by default, and what time it is. */
export interface Report {
  readonly status: Status;
  readonly normallyUp: boolean;
  readonly now: Instant;
}

export const STATUS_OPTIONS = "uwNrpgesto:n";
export const STATUS_USAGE = "[ -uwNrpgest | -o up,wantedup,normallyup,ready,paused,pid,pgid,exitcode,signal,signum," +
  "updownsince,readysince,updownfor,readyfor ] [ -n ] servicedir";

export const STATUS_HELP = {
  u: "whether it is up",
  w: "whether it is wanted up",
  N: "whether it is up by default, without a file down",
  r: "whether it is ready",
  p: "its process id",
  g: "its process group",
  e: "the exit code of its last run",
  s: "the signal that ended its last run",
  t: "the seconds that it has been up or down",
  o: "these fields, with commas between them",
  n: "in the line for people, print signals as numbers",
} as const;

const NOT_SUPERVISED = 1;
const MOST_FIELDS = 16;

export const svok: Applet = replying({
  name: "s6-svok",
  usage: "servicedir",
  summary: "tell by the exit code whether a service is supervised",
  exits: { 1: "it is not supervised" },
  options: NO_OPTIONS,
  least: 1,
  reads: true,
  reply: ({ args: [directory = ""] }, sight) => ({
    text: "",
    code: sight.isSupervised(directory) ? 0 : NOT_SUPERVISED,
  }),
}, sightOf);

export const svstat: Applet = replying({
  name: "s6-svstat",
  usage: STATUS_USAGE,
  summary: "print the state of a service",
  help: STATUS_HELP,
  exits: { 1: "it is not supervised" },
  options: STATUS_OPTIONS,
  least: 1,
  reads: true,
  reply: ({ options, args: [directory = ""] }, sight) => {
    const fields = fieldsAskedFor(options.list);
    if (!sight.isSupervised(directory)) {
      throw new Failure(NOT_SUPERVISED, `unable to read status for ${directory}: s6-supervise not running`);
    }
    const report = { ...sight.service(directory), now: sight.now() };
    const text = fields.length === 0
      ? statusSentence(report, options.has("n"))
      : fields.map((field) => FIELDS[field](report)).join(" ");
    return { text: `${text}\n`, code: 0 };
  },
}, sightOf);

function sightOf(os: Os): Pick<Sight, "now" | "isSupervised" | "service"> {
  return {
    now: () => os.now(),
    isSupervised: (directory) => isSupervised(os, directory),
    service: (directory) => {
      const status = readServiceStatus(os, directory);
      return { status, normallyUp: os.find(`${directory}/down`) === undefined };
    },
  };
}

/** The long form: one line for people. */
function statusSentence({ status, normallyUp, now }: Report, numeric: boolean): string {
  const up = isUp(status);
  const parts = [
    `${up ? `up (pid ${status.pid})` : `down (${end(status, numeric)})`} ${age(status.stamp, now)} seconds`,
  ];
  if (up !== normallyUp) parts.push(up ? "normally down" : "normally up");
  if (status.paused) parts.push("paused");
  if (up !== status.wantedUp) parts.push(up ? "want down" : "want up");
  if (status.ready) parts.push(`ready ${age(status.readyStamp, now)} seconds`);
  return parts.join(", ");
}

function end({ lastStatus }: Status, numeric: boolean): string {
  const signal = killedBy(lastStatus);
  if (signal === 0) return `exitcode ${exitCode(lastStatus)}`;
  return `signal ${numeric ? signal : signalName(signal)}`;
}

/** Whole seconds since an instant, 0 if it lies in the future. */
function age(since: Instant, now: Instant): number {
  return Math.max(0, Math.floor(secondsBetween(since, now)));
}

/** The signal that ended the service; 0 if none did, or it is up. */
function deathSignal({ status }: Report): number {
  return isUp(status) ? 0 : killedBy(status.lastStatus);
}

// In the order in which s6 looks for an abbreviated name.
const FIELDS = {
  up: ({ status }: Report) => `${isUp(status)}`,
  wantedup: ({ status }: Report) => `${status.wantedUp}`,
  normallyup: ({ normallyUp }: Report) => `${normallyUp}`,
  ready: ({ status }: Report) => `${isUp(status) && status.ready}`,
  paused: ({ status }: Report) => `${status.paused}`,
  pid: ({ status }: Report) => `${isUp(status) ? status.pid : -1}`,
  // run leads its group.
  pgid: ({ status }: Report) => `${isUp(status) ? status.pid : -1}`,
  exitcode: ({ status }: Report) => `${isUp(status) ? -1 : exitCode(status.lastStatus) ?? -1}`,
  signal: (report: Report) => deathSignal(report) === 0 ? "NA" : signalName(deathSignal(report)),
  signum: (report: Report) => `${deathSignal(report) || -1}`,
  updownsince: ({ status }: Report) => stampText(status.stamp),
  readysince: ({ status }: Report) => stampText(status.readyStamp),
  updownfor: ({ status, now }: Report) => `${age(status.stamp, now)}`,
  readyfor: ({ status, now }: Report) => `${age(status.readyStamp, now)}`,
} as const;

type Field = keyof typeof FIELDS;

const LETTERS: Readonly<Record<string, Field>> = {
  u: "up",
  w: "wantedup",
  N: "normallyup",
  r: "ready",
  p: "pid",
  g: "pgid",
  e: "exitcode",
  s: "signal",
  t: "updownfor",
};

/** The fields of the options, in their order. A name may be cut short; the first field it fits is meant. */
function fieldsAskedFor(options: readonly Option[]): Field[] {
  const fields: Field[] = [];
  for (const { letter, value } of options) {
    for (const field of letter === "o" ? namedFields(value) : []) fields.push(field);
    const field = LETTERS[letter];
    if (field !== undefined) fields.push(field);
  }
  if (fields.length > MOST_FIELDS) throw invalid("too many option fields");
  return fields;
}

function namedFields(list: ByteString): Field[] {
  if (list === "") return [];
  const names = list.split(",");
  if (names.at(-1) === "" && names.length > 1) names.pop();
  return names.map((name) => {
    if (name === "") throw invalid("invalid null option field");
    const field = (Object.keys(FIELDS) as Field[]).find((field) => field.startsWith(name));
    if (field === undefined) throw invalid(`invalid option field: ${name}`, EXIT.usage);
    return field;
  });
}
