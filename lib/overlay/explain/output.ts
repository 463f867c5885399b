// Where the output of a service goes, and what its last life has printed there, as far as that can be read.

import type { ByteString } from "../../bytes.ts";
import type { Zone } from "../../log/timezone.ts";
import { Failure, OsError, textOf } from "../../report.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import type { ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";
import { type DirectoryPorts, openLogFiles } from "../logs/directory_files.ts";
import { endOfLog } from "../logs/end_of_log.ts";
import { catchAllDirectories, type FindingPorts, logDirectoriesOf, type LogPlace } from "../logs/log_directories_of.ts";
import { bareLine, type ShownLine } from "../logs/log_line.ts";
import { logsCommand, outputPlaceOf, uncaughtPlaceOf } from "../logs/output_place.ts";
import { writtenZone } from "../logs/written_zone.ts";
import type { ServicePrinted } from "../journal/request.ts";
import { linesOfTail } from "./tail_lines.ts";
import type { ReadLog, ReadOutput, RunLife } from "./facts.ts";
import { type ServiceEnd, textsAtEndOf, textsWithin, type TimeSpan } from "./lines_of_life.ts";
import { endsIn } from "./lives.ts";

export type OutputOs = FindingPorts & DirectoryPorts;

/** Zones that a logger may write dates in, the likeliest first. */
export type LoggerZones = readonly [Zone, ...Zone[]];

/** The lines at the end of a log, the latest last, and why some of it is not read. */
interface LogEnd {
  readonly lines: readonly ShownLine[];
  readonly unread: ByteString | undefined;
}

/** How much of a log is read. */
const END = { lines: Infinity, bytes: 16 * 1024 };
/** What is printed at the edge of a life may be logged a little later. */
const LEEWAY = 500;

export class OutputFinder {
  /** By directory, as one may be the log of all services. */
  private readonly read = new Map<ByteString, LogEnd>();
  private readonly ends: readonly ServiceEnd[];

  /** @param printed what the relay has carried on last, where it is known */
  constructor(
    private readonly os: OutputOs,
    private readonly snapshot: Snapshot,
    private readonly zones: LoggerZones,
    private readonly printed: readonly ServicePrinted[] = [],
  ) {
    this.ends = endsIn(snapshot.journal);
  }

  /** The places that the output of a service goes to. */
  placesOf({ name }: ServiceSnapshot, lives: readonly RunLife[]): ReadOutput[] {
    const { os, snapshot } = this;
    const span = spanOf(lives, snapshot.now.time);
    const places: ReadOutput[] = [];
    const own = outputPlaceOf(name, snapshot);
    if (own.to === "logger") {
      const logs = logDirectoriesOf(os, own.logger).map((place) =>
        this.logAt(place, (lines) => textsWithin(lines, span))
      );
      places.push({ kind: "logger", command: logsCommand(name), logs });
    }
    if (uncaughtPlaceOf(name, snapshot).to === "container") {
      return [...places, { kind: "container", command: undefined, logs: this.carriedOn(name, span) }];
    }
    // Lines of all services are there.
    const choose = (lines: readonly ShownLine[]): ByteString[] => textsAtEndOf(name, lines, span, this.ends);
    const logs = catchAllDirectories(os, snapshot.services).map((place) => this.logAt(place, choose));
    return [...places, { kind: "catch-all", command: logsCommand(CATCH_ALL), logs }];
  }

  private carriedOn(wanted: ByteString, { from, to }: TimeSpan): ReadLog[] {
    const tails = this.printed.find(({ name }) => name === wanted)?.tails ?? [];
    return tails.map((tail) => {
      const lines = linesOfTail(tail).filter(({ time = NaN }) => time >= from && time <= to);
      return { directory: null, lines: lines.map(({ text }) => text), unread: undefined };
    });
  }

  private logAt(place: LogPlace, choose: (lines: readonly ShownLine[]) => ByteString[]): ReadLog {
    const directory = place.path;
    let end = this.read.get(directory);
    if (end === undefined) this.read.set(directory, end = endOf(this.os, place, this.zones));
    return { directory, lines: choose(end.lines), unread: end.unread };
  }
}

function endOf(os: OutputOs, place: LogPlace, zones: LoggerZones): LogEnd {
  const unread: ByteString[] = [];
  try {
    const files = openLogFiles(os, place, (text) => unread.push(text));
    try {
      const zone = writtenZone(os, files, zones);
      const lines = endOfLog(os, files, (line) => bareLine(line, zone), END);
      return { lines, unread: firstOf(unread) };
    } finally {
      files.close();
    }
  } catch (error) {
    if (!(error instanceof OsError || error instanceof Failure)) throw error;
    return { lines: [], unread: textOf(error) };
  }
}

function firstOf(remarks: readonly ByteString[]): ByteString | undefined {
  const [first] = remarks;
  return remarks.length < 2 ? first : `${first}; so it is with ${remarks.length - 1} more`;
}

/** The last life that has ended; the present one where none has. */
function spanOf(lives: readonly RunLife[], now: number): TimeSpan {
  const life = lives.findLast(({ ended }) => ended !== null) ?? lives.at(-1);
  return life === undefined
    ? { from: -Infinity, to: Infinity }
    : { from: life.started.time - LEEWAY, to: (life.ended?.time ?? now) + LEEWAY };
}
