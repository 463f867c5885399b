// s6-overlay logs: what services have printed, as their loggers have it, in order of time.

import type { ByteString } from "../../lib/bytes.ts";
import { findZone, type Zone } from "../../lib/log/timezone.ts";
import type { ServiceSnapshot, Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import { type DirectoryFiles, openLogFiles } from "../../lib/overlay/logs/directory_files.ts";
import { DirectoryReader } from "../../lib/overlay/logs/directory_reader.ts";
import { catchAllDirectories, logDirectoriesOf, type LogPlace } from "../../lib/overlay/logs/log_directories_of.ts";
import { shownLine } from "../../lib/overlay/logs/log_line.ts";
import { LinesUntil, mergedByTime } from "../../lib/overlay/logs/merged_lines.ts";
import { outputPlaceOf, withoutLogger } from "../../lib/overlay/logs/output_place.ts";
import { pipelineLogger } from "../../lib/overlay/logs/pipeline_logger.ts";
import { writtenZone } from "../../lib/overlay/logs/written_zone.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import type { DefinedService } from "../../lib/overlay/rc/defined.ts";
import { SETTINGS } from "../../lib/overlay/settings.ts";
import { printable } from "../../lib/printable.ts";
import { EXIT, Failure, invalid, OsError, textOf, unlessRefused } from "../../lib/report.ts";
import { reportLine } from "../../lib/reporter.ts";
import { CATCH_ALL } from "../../lib/supervise/scan.ts";
import type { Context } from "../applet.ts";
import { printLine } from "../print.ts";
import { NoAnswer, snapshotOf } from "../asking.ts";
import { othersAmong } from "./other_names.ts";
import { followLogs, LogWatches } from "./log_following.ts";
import { LogPrinter } from "./log_printer.ts";
import type { Arguments, Subcommand } from "./subcommand.ts";

const NO_LOGGER = 1;
/** No line has a later stamp. */
const NEVER = { seconds: Infinity, nanoseconds: 0 };

export const logs: Subcommand = {
  name: "logs",
  usage: "[ -f ] [ -n lines ] [ service... ]",
  summary: "print what services have logged, or say where their output goes",
  options: {
    f: "go on with what is logged from then on, until it is interrupted or the container ends",
    "n lines": "of each log only the last lines, this many",
  },
  exits: {
    1: `there is no catch-all logger, and ${CATCH_ALL} was named`,
    100: "bad usage, or there is no service of that name",
    111: "a log cannot be read, or no overlay runs here and there is none",
  },
  notes: [
    "Without a service it prints the logs of all that have a logger, and that of the catch-all logger, which has the " +
    `name ${CATCH_ALL}. Archives come first, then current. Lines of several services are in order of time, and begin ` +
    "with the service's name; one without a stamp belongs to the line before it.",
    "Stamps of s6-log, TAI64N or dates, are printed as local time: the zone is that of TZ, else of /etc/localtime.",
    "At a terminal, control characters and what is not UTF-8 are printed as \\xNN. To a pipe or file they go as they are, " +
    "and so they do where an engine connects a terminal only outside of the container, as docker exec without -t does.",
    "Links, fifos and other users' files in a log directory are not read, and reported.",
  ],
  least: 0,
  most: Infinity,
  run: async (context, given) => await new LogsCommand(context, given).run(),
};

/** A log that is printed. */
interface Log {
  readonly label: ByteString;
  readonly files: DirectoryFiles;
  readonly reader: DirectoryReader;
}

class LogsCommand {
  private readonly found: Log[] = [];
  /** The directories of logs of pipelines, each of which is printed once. */
  private readonly piped = new Set<ByteString>();
  /** Lines that are about logs. */
  private readonly remarks: ByteString[] = [];
  private code = 0;
  /** By /etc/localtime, which loggers have as services start without TZ, unless a run script sees to it; and by TZ. */
  private readonly zones: { readonly system: Zone; readonly own: Zone };

  constructor(private readonly context: Context, private readonly given: Arguments) {
    const { os, image } = context;
    const zone = (name: ByteString | undefined): Zone =>
      findZone(name, (path) => unlessRefused(() => os.readFile(path)));
    this.zones = { system: zone(undefined), own: zone(image.environment.get("TZ")) };
  }

  async run(): Promise<number> {
    const follows = this.given.has("f");
    const lines = this.given.number("n");
    const snapshot = await this.snapshot();
    if (snapshot === undefined) this.add(CATCH_ALL, catchAllDirectories(this.context.os, []));
    else {
      const names = await this.namesIn(snapshot);
      for (const name of names) this.addService(name, snapshot);
      if (names.length === 0 && this.remarks.length === 0) {
        this.remarks.push("there are no services; all output is the container's own");
      }
    }
    this.tellRemarks();
    if (this.found.length === 0) return this.code;
    const watches = follows ? await this.watches() : undefined;
    if (lines !== undefined) {
      for (const { reader } of this.found) reader.startWithLast({ lines, bytes: Infinity });
    }
    this.print(watches);
    return this.code;
  }

  /** Undefined where none is there, but a log of an overlay that has run. */
  private async snapshot(): Promise<Snapshot | undefined> {
    const { context, given: { operands } } = this;
    try {
      return await snapshotOf(context);
    } catch (error) {
      if (!(error instanceof NoAnswer) || operands.some((name) => name !== CATCH_ALL)) throw error;
      if (unlessRefused(() => context.os.find(PATHS.uncaughtLogs)) === undefined) throw error;
      this.remarks.push(`${error.message}; what follows is in ${PATHS.uncaughtLogs}`);
      return undefined;
    }
  }

  /** The services that are meant. */
  private async namesIn(snapshot: Snapshot): Promise<readonly ByteString[]> {
    const { services, container } = snapshot;
    const { operands } = this.given;
    if (operands.length === 0) {
      // The overlay's own is of no interest unless it is named.
      return services.filter(({ name, isLogger, directory }) =>
        name === CATCH_ALL || !isLogger && directory !== PATHS.holderService
      ).map(({ name }) => name);
    }
    const names = operands.map((name) => name.replace(/\/log$/, ""));
    const unknown = names.filter((name) => !services.some((service) => service.name === name));
    if (unknown.includes(CATCH_ALL)) {
      throw invalid(`there is no catch-all logger: ${SETTINGS.logging.variable} is ${container.logging}`, NO_LOGGER);
    }
    const others = await othersAmong(this.context, snapshot, unknown);
    for (const other of others) for (const remark of withoutLog(other, snapshot)) this.remarks.push(remark);
    return [...new Set(names.flatMap((name) => longrunsBehind(name, others)))];
  }

  private addService(name: ByteString, snapshot: Snapshot): void {
    const { os } = this.context;
    if (name === CATCH_ALL) return this.add(name, catchAllDirectories(os, snapshot.services));
    if (this.addPipeline(name, snapshot)) return;
    const place = outputPlaceOf(name, snapshot);
    if (place.to === "logger") this.add(name, logDirectoriesOf(os, place.logger), place.logger);
    else this.remarks.push(withoutLogger(name, place));
  }

  /** What goes into a pipeline is in the log of its last service, whichever of them is named. */
  private addPipeline(name: ByteString, { services }: Snapshot): boolean {
    const { os } = this.context;
    const service = services.find((one) => one.name === name);
    const logger = service && pipelineLogger(os, service, services);
    if (logger === undefined) return false;
    const places = logDirectoriesOf(os, logger);
    const isNew = places.filter(({ path }) => !this.piped.has(path));
    for (const { path } of isNew) this.piped.add(path);
    if (isNew.length > 0) this.add(name, isNew, logger);
    else if (places.length === 0 && logger !== service) {
      this.remarks.push(`${name} prints into ${logger.name}, and where that writes cannot be told`);
    }
    return places.length > 0 || logger !== service;
  }

  private add(name: ByteString, places: readonly LogPlace[], logger?: ServiceSnapshot): void {
    const { os } = this.context;
    if (places.length === 0) {
      const where = logger === undefined ? "" : `: see ${logger.directory}/run`;
      this.remarks.push(`${name} has a logger, but where that writes cannot be told${where}`);
    }
    for (const place of places) {
      const label = places.length > 1 ? `${name} ${place.path}` : name;
      try {
        const files = openLogFiles(os, place, (text) => this.context.warn(text));
        const { system, own } = this.zones;
        const zones = { written: writtenZone(os, files, [system, own]), shown: own };
        const reader = new DirectoryReader(os, files, (line) => shownLine(line, zones), this.given.has("f"));
        this.found.push({ label, files, reader });
      } catch (error) {
        if (!(error instanceof OsError || error instanceof Failure)) throw error;
        this.remarks.push(`the log of ${name} cannot be read: ${textOf(error)}`);
        this.code = EXIT.system;
      }
    }
  }

  /** Where there is no log to print they are the answer; else what goes to a file or pipe is what was logged. */
  private tellRemarks(): void {
    for (const remark of this.remarks.map(printable)) {
      if (this.found.length === 0 && this.code === 0) this.context.print(`${remark}\n`);
      else printLine(this.context.os, reportLine("info", "s6-overlay", remark));
    }
  }

  private async watches(): Promise<LogWatches> {
    // Before anything is read, so that nothing happens between a look and the watch.
    return new LogWatches(await this.context.part("directoryWatches"), this.found.map(({ files }) => files));
  }

  private print(watches: LogWatches | undefined): void {
    const { context, found } = this;
    const labelled = Math.max(found.length, this.given.operands.length) > 1;
    const printer = new LogPrinter((text) => context.print(text), labelled, context.os.isTerminal(1));
    const moment = watches === undefined ? NEVER : context.os.now();
    const sources = found.map(({ label, reader }) => ({ label, lines: new LinesUntil(reader, moment) }));
    const merged = mergedByTime(sources.map(({ label, lines }) => ({ label, next: () => lines.next() })));
    for (const { source, line } of merged) printer.line(source.label, line);
    printer.flush();
    if (watches === undefined) return;
    followLogs(context, watches, (which) => {
      found[which]!.reader.look();
      const { label, lines } = sources[which]!;
      return printer.turn(label, lines);
    });
  }
}

/** Of a bundle its longruns, of a oneshot none. */
function longrunsBehind(name: ByteString, others: readonly DefinedService[]): readonly ByteString[] {
  const other = others.find((one) => one.name === name);
  if (other === undefined) return [name];
  return other.members.filter(({ kind }) => kind === "longrun").map(({ name }) => name);
}

/** Lines about oneshots, which have no logger. */
function withoutLog({ name, kind, members }: DefinedService, snapshot: Snapshot): readonly ByteString[] {
  const oneshots = kind === "oneshot"
    ? [name]
    : members.filter(({ kind }) => kind === "oneshot").map(({ name }) => name);
  return oneshots.map((name) =>
    `${withoutLogger(name, outputPlaceOf(name, snapshot))}; what s6-rc runs prints to its caller`
  );
}
