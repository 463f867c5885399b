// Where the output of a service goes, and what its last life has printed there, as far as that can be read.

import type { ByteString } from "../../bytes.ts";
import type { Zone } from "../../log/timezone.ts";
import type { Os } from "../../os/os.ts";
import { unlessRefused } from "../../report.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import type { ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";
import { PATHS } from "../paths.ts";
import type { ReadOutput, RunLife } from "./facts.ts";
import { endsIn } from "./lives.ts";
import { tailOf, type TailOs } from "./log_tail.ts";
import {
  parseStampedLine,
  type ServiceEnd,
  type StampedLine,
  textsAtEndOf,
  textsWithin,
  type TimeSpan,
} from "./stamped_line.ts";

export type OutputOs = TailOs & Pick<Os, "listDirectory" | "readLink" | "readFile" | "find">;

/** What a logger calls the file that has its latest lines. */
const CURRENT = "current";
/** What is printed at the edge of a life may be logged a little later. */
const LEEWAY = 500;
/** A longer script names its directory too late. */
const LONGEST_SCRIPT = 64 * 1024;

const CONTAINER: ReadOutput = { kind: "container", file: undefined, lines: [], unread: undefined };

export class OutputFinder {
  private readonly tails = new Map<ByteString, ReturnType<typeof tailOf>>();

  private readonly ends: readonly ServiceEnd[];

  constructor(private readonly os: OutputOs, private readonly snapshot: Snapshot, private readonly zone: Zone) {
    this.ends = endsIn(snapshot.journal);
  }

  /** The places that the output of a service goes to. */
  placesOf(service: ServiceSnapshot, lives: readonly RunLife[]): ReadOutput[] {
    const logger = this.snapshot.services.find(({ name }) => name === `${service.name}/log`);
    const span = spanOf(lives, this.snapshot.now.time);
    const isLogged = this.snapshot.container.logging > 0 && service.name !== CATCH_ALL;
    return [
      ...logger === undefined ? [] : [this.loggerPlace(logger, span)],
      isLogged ? this.commonPlace(service.name, span) : CONTAINER,
    ];
  }

  /** Lines of all services are there. */
  private commonPlace(name: ByteString, span: TimeSpan): ReadOutput {
    return this.placeOf(
      "catch-all",
      `${PATHS.uncaughtLogs}/${CURRENT}`,
      (lines) => textsAtEndOf(name, lines, span, this.ends),
    );
  }

  private loggerPlace(logger: ServiceSnapshot, span: TimeSpan): ReadOutput {
    const file = this.openFileOf(logger.pid) ?? this.fileInScript(logger.directory);
    if (file !== undefined) return this.placeOf("logger", file, (lines) => textsWithin(lines, span));
    const why = "which directory its logger writes to could not be found out";
    return { kind: "logger", file: undefined, lines: [], unread: why };
  }

  private placeOf(
    kind: ReadOutput["kind"],
    file: ByteString,
    choose: (lines: readonly StampedLine[]) => ByteString[],
  ): ReadOutput {
    let tail = this.tails.get(file);
    if (tail === undefined) this.tails.set(file, tail = tailOf(this.os, file));
    if ("unread" in tail) return { kind, file, lines: [], unread: tail.unread };
    const lines = choose(tail.lines.map((line) => parseStampedLine(line, this.zone)));
    return { kind, file, lines, unread: undefined };
  }

  /** What a logger that lives has open. The kernel resolves the path: a link in it is one that was made since. */
  private openFileOf(pid: number | null): ByteString | undefined {
    if (pid === null) return undefined;
    const place = `/proc/${pid}/fd`;
    for (const fd of unlessRefused(() => this.os.listDirectory(place)) ?? []) {
      const path = unlessRefused(() => this.os.readLink(`${place}/${fd}`));
      if (path?.startsWith("/") && path.endsWith(`/${CURRENT}`)) return path;
    }
    return undefined;
  }

  /** The first directory that the logger's script names and that has such a file. The script is root's. */
  private fileInScript(directory: ByteString): ByteString | undefined {
    const script = unlessRefused(() => {
      const status = this.os.find(`${directory}/run`);
      return status?.kind === "file" && status.size <= LONGEST_SCRIPT
        ? this.os.readFile(`${directory}/run`)
        : undefined;
    });
    for (const [, path] of (script ?? "").matchAll(/(?<![^\s"'=])(\/[^\s"'`;|&<>${}()]+)/g)) {
      const file = `${path!.replace(/\/+$/, "")}/${CURRENT}`;
      if (unlessRefused(() => this.os.find(file)) !== undefined) return file;
    }
    return undefined;
  }
}

/** The last life that has ended; the present one where none has. */
function spanOf(lives: readonly RunLife[], now: number): TimeSpan {
  const life = lives.findLast(({ ended }) => ended !== null) ?? lives.at(-1);
  return life === undefined
    ? { from: -Infinity, to: Infinity }
    : { from: life.started.time - LEEWAY, to: (life.ended?.time ?? now) + LEEWAY };
}
