// s6-permafailon: in a finish script, gives up on a service that has died too often.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import type { Instant } from "../../lib/os/os.ts";
import { invalid, OsError, UsageError } from "../../lib/report.ts";
import { signalNumber } from "../../lib/signals.ts";
import { type DeathRecord, decodeDeaths } from "../../lib/supervise/death_tally.ts";
import { readTally } from "../../lib/supervise/tally_file.ts";
import { secondsBetween } from "../../lib/tai.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import { unsigned } from "../getopt.ts";

/** Tells the supervisor not to start the service again. */
const PERMANENT_FAILURE = 125;
const TALLY = "supervise/death_tally";

export const permafailon: Applet = fork({
  name: "s6-permafailon",
  usage: "seconds deathcount statuslist prog...",
  summary: "give up on a service that has died too often, else run a program",
  exits: { 125: "the service has died too often: it is not to be started again" },
  notes: ["The list has exit codes, ranges of them, and names of signals, with commas between them."],
  options: "",
  least: 3,
  run: (context, { args: [seconds = "", count = "", list = "", ...prog] }) => {
    const within = unsigned(seconds);
    const times = unsigned(count);
    if (times === 0) throw new UsageError();
    const matches = parseDeaths(list);
    const deciding = decidingDeath(readDeaths(context), matches, { within, times, now: context.os.now() });
    if (deciding === undefined) return context.image.run(prog);
    const kind = deciding.signal === 0 ? `exit code ${deciding.code}` : `signal ${deciding.signal}`;
    const text = `PERMANENT FAILURE triggered after ${times} events involving ${kind} in the last ${within} seconds`;
    context.os.writeAll(2, rawBytes(`${context.name}: info: ${text}\n`));
    return PERMANENT_FAILURE;
  },
});

type Matcher = (death: DeathRecord) => boolean;

/** A list of exit codes, ranges of them, and names of signals. Throws Failure 100. */
function parseDeaths(list: ByteString): Matcher {
  const matchers = list === "" ? [] : list.split(/[,; ]/).map(parseDeath);
  return (death) => matchers.some((matches) => matches(death));
}

function parseDeath(word: ByteString): Matcher {
  const range = /^([0-9]{1,9})(?:-([0-9]{1,9}))?$/.exec(word);
  if (range === null) {
    const signal = signalNumber(word);
    if (signal === undefined) throw invalid("invalid status list specification");
    return (death) => death.signal === signal;
  }
  const first = Number(range[1]);
  const last = Number(range[2] ?? range[1]);
  if (last > 255) throw invalid("invalid exit code");
  if (first > last) throw invalid("invalid interval");
  return ({ code }) => first <= code && code <= last;
}

interface Measure {
  readonly within: number;
  readonly times: number;
  readonly now: Instant;
}

/** The death, counted from the oldest in that time, with which there are too many; undefined if there are not. */
function decidingDeath(
  deaths: readonly DeathRecord[],
  matches: Matcher,
  { within, times, now }: Measure,
): DeathRecord | undefined {
  const recent = deaths.filter(({ stamp }) => secondsBetween(stamp, now) <= within);
  return recent.filter(matches)[times - 1];
}

/** The deaths on record. A record that cannot be read is not a reason to stop the service. */
function readDeaths(context: Context): DeathRecord[] {
  try {
    const deaths = decodeDeaths(readTally(context.os, "."));
    if (deaths !== undefined) return deaths;
    context.warn(`invalid ${TALLY}`);
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    context.warn(`unable to read ${TALLY}: ${error.reason}`);
  }
  return [];
}
