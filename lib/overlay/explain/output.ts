// Where the output of a service goes, and what its last life has printed there, as far as that can be read.

import type { ByteString } from "../../bytes.ts";
import type { Zone } from "../../log/timezone.ts";
import { mountAbove, type MountEntry, parseMountTable } from "../../mount_table.ts";
import type { Os } from "../../os/os.ts";
import { Failure, OsError, textOf, unlessRefused } from "../../report.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import type { ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";
import { type DirectoryPorts, openLogFiles } from "../logs/directory_files.ts";
import { endOfLog } from "../logs/end_of_log.ts";
import {
  catchAllDirectories,
  type FindingPorts,
  lockedDirectoriesOf,
  logDirectoriesOf,
  type LogPlace,
} from "../logs/log_directories_of.ts";
import { bareLine, type ShownLine } from "../logs/log_line.ts";
import { pipelineLogger } from "../logs/pipeline_logger.ts";
import { logsCommand, outputPlaceOf, uncaughtPlaceOf } from "../logs/output_place.ts";
import { writtenZone } from "../logs/written_zone.ts";
import type { ServicePrinted } from "../journal/request.ts";
import { linesOfTail } from "./tail_lines.ts";
import type { ReadLog, ReadOutput, RunLife } from "./facts.ts";
import { type ServiceEnd, textsAtEndOf, textsWithin, type TimeSpan } from "./lines_of_life.ts";
import { endsIn } from "./lives.ts";

export type OutputOs = FindingPorts & DirectoryPorts & Pick<Os, "readFile">;

/** Zones that a logger may write dates in, the likeliest first. */
export type LoggerZones = readonly [Zone, ...Zone[]];

/** The lines at the end of a log, the latest last, and why some of it is not read. */
interface LogEnd {
  readonly lines: readonly ShownLine[];
  readonly unread: ByteString | undefined;
  /** Nothing more can be written there; undefined where that is unknown. */
  readonly isFull?: boolean;
}

/** File systems of this machine. */
const LOCAL = /^(overlay|aufs|tmpfs|ramfs|ext[234]|xfs|btrfs|bcachefs|f2fs|zfs)$/;
/** How much of a log is read. */
const END = { lines: Infinity, bytes: 16 * 1024 };
/** What is printed at the edge of a life may be logged a little later. */
const LEEWAY = 500;

export class OutputFinder {
  /** By directory, as one may be the log of all services. */
  private readonly read = new Map<ByteString, LogEnd>();
  private readonly ends: readonly ServiceEnd[];
  private mounts: readonly MountEntry[] | undefined;

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
  placesOf(service: ServiceSnapshot, lives: readonly RunLife[]): ReadOutput[] {
    const { name } = service;
    const { os, snapshot } = this;
    const span = spanOf(lives, snapshot.now.time);
    const places: ReadOutput[] = [];
    const own = outputPlaceOf(name, snapshot);
    const shared = pipelineLogger(os, service, snapshot.services);
    if (shared !== undefined) {
      const logs = logDirectoriesOf(os, shared).map((place) =>
        this.logAt(place, (lines) => textsAtEndOf(name, lines, span, this.ends))
      );
      // What a consumer that is down writes cannot be found out, and goes into its pipe all the same.
      if (logs.length > 0 || shared !== service) places.push({ kind: "logger", command: logsCommand(name), logs });
    }
    if (own.to === "logger") {
      const logs = logDirectoriesOf(os, own.logger).map((place) =>
        this.logAt(place, (lines) => textsWithin(lines, span))
      );
      places.push({ kind: "logger", command: logsCommand(name), logs });
    }
    if (uncaughtPlaceOf(name, snapshot).to === "container") {
      return [...places, containerPlace(this.carriedOn(name, span))];
    }
    // Lines of all services are there.
    return [...places, this.catchAllPlace((lines) => textsAtEndOf(name, lines, span, this.ends))];
  }

  /**
   * The same, for a look at all loggers. A directory of a file system that may never answer, as one of a network does
   * whose server is gone, is not looked at: who asks what is wrong must get an answer.
   */
  fullLocalLogOf({ pid }: ServiceSnapshot): ByteString | undefined {
    if (pid === null) return undefined;
    const { os } = this;
    this.mounts ??= parseMountTable(unlessRefused(() => os.readFile("/proc/self/mounts")) ?? "");
    const mounts = this.mounts;
    return lockedDirectoriesOf(os, pid).find((path) =>
      LOCAL.test(mountAbove(mounts, path)?.type ?? "") && unlessRefused(() => isFullAt(os, path)) === true
    );
  }

  /** Where a script of s6-rc prints. */
  placeOfScript(name: ByteString): ReadOutput {
    return uncaughtPlaceOf(name, this.snapshot).to === "container" ? containerPlace([]) : this.catchAllPlace(() => []);
  }

  private catchAllPlace(choose: (lines: readonly ShownLine[]) => ByteString[]): ReadOutput {
    const logs = catchAllDirectories(this.os, this.snapshot.services).map((place) => this.logAt(place, choose));
    return { kind: "catch-all", command: logsCommand(CATCH_ALL), logs };
  }

  /** A directory that the logger writes to, if its file system is full. */
  fullLogOf(logger: ServiceSnapshot): ByteString | undefined {
    return logDirectoriesOf(this.os, logger).find((place) => this.logAt(place, () => []).isFull === true)?.path;
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
    return { directory, lines: choose(end.lines), unread: end.unread, isFull: end.isFull };
  }
}

function containerPlace(logs: readonly ReadLog[]): ReadOutput {
  return { kind: "container", command: undefined, logs };
}

function endOf(os: OutputOs, place: LogPlace, zones: LoggerZones): LogEnd {
  const unread: ByteString[] = [];
  try {
    const files = openLogFiles(os, place, (text) => unread.push(text));
    try {
      const zone = writtenZone(os, files, zones);
      const lines = endOfLog(os, files, (line) => bareLine(line, zone), END);
      return { lines, unread: firstOf(unread), isFull: isFull(os, files.directory) };
    } finally {
      files.close();
    }
  } catch (error) {
    if (!(error instanceof OsError || error instanceof Failure)) throw error;
    return { lines: [], unread: textOf(error) };
  }
}

function isFullAt(os: OutputOs, path: ByteString): boolean {
  const directory = os.open(path, ["path", "directory", "nofollow"]);
  try {
    return isFull(os, directory);
  } finally {
    os.close(directory);
  }
}

/** Not a block is free: a logger that is no root's writes nothing, and one of root's on most file systems neither. */
function isFull(os: OutputOs, directory: number): boolean {
  const { bytes, files } = os.freeSpace(directory);
  return bytes === 0 || files === 0;
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
