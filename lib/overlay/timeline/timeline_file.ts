// The timeline of the boot in a file, where a setting names one. Process 1 has a child write it: the path may lead anywhere.
// It does so beside what the boot leads to, the command or the stop, and waits for it before the last signals only.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import type { Environment } from "../../environment.ts";
import { ProcessImage } from "../../image/image.ts";
import type { Cancel } from "../../os/os.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import { whenServing } from "../boot/serving.ts";
import type { UserFilesOs } from "../boot/user_files.ts";
import { recordedCode, runScript, type ScriptPorts } from "../scripts.ts";
import type { Settings } from "../settings.ts";
import { drive, type Steps, within } from "../steps.ts";

interface TimelineFilePorts extends ScriptPorts {
  readonly os: ScriptPorts["os"] & UserFilesOs;
  readonly scanner: Pick<Scanner, "services" | "when">;
  readonly settings: Pick<Settings, "get" | "refuse">;
  /** The environment of the supervision tree. */
  readonly tree: Environment;
  readonly failed: (error: unknown) => void;
}

const ENDINGS: readonly string[] = [".svg", ".json", ".txt"];
/** Milliseconds until a child that has not written it is killed, and those that a stop waits for it. */
const LIMIT = 10_000;
const LIMIT_IN_STOP = 1000;

/** The file; undefined where none is wanted. A value of no use is told once. */
export function timelinePath(settings: Pick<Settings, "get" | "refuse">): ByteString | undefined {
  const path = settings.get("timeline");
  if (path === "" || path.startsWith("/") && ENDINGS.some((ending) => path.endsWith(ending))) return path || undefined;
  settings.refuse("timeline", "it is to be an absolute path that ends in .svg, .json or .txt");
  return undefined;
}

export class TimelineFile {
  /** The boot goes on; it has ended and the file is to be written; that was begun. */
  private stage: "booting" | "due" | "begun" = "booting";
  /** Known when it is to be written: a script of the boot may have set it. */
  private path: ByteString | undefined;
  private isWriting = false;
  /** More is known than the child that writes may have been told. */
  private isDueAgain = false;
  private isStopping = false;
  /** The child has said why, and would say it again. */
  private hasFailed = false;
  private unwait: Cancel = () => {};
  private onWritten: () => void = () => {};

  constructor(private readonly ports: TimelineFilePorts) {}

  /** The boot has ended in whatever way. What comes of it goes first. */
  bootEnded(): void {
    if (this.stage !== "booting") return;
    this.stage = "due";
    this.ports.reactor.after(0, () => this.begin());
  }

  /** Services will not become ready any more. */
  stopBegun(): void {
    this.isStopping = true;
    this.isDueAgain = false;
    this.unwait();
  }

  /** Until it is written, or its time is up. */
  *end(): Steps<void> {
    this.begin();
    if (!this.isWriting) return;
    yield* within(this.ports.reactor, LIMIT_IN_STOP, (arrived) => {
      this.onWritten = arrived;
      return () => this.onWritten = () => {};
    });
  }

  private begin(): void {
    if (this.stage !== "due") return;
    this.stage = "begun";
    this.path = timelinePath(this.ports.settings);
    if (this.path === undefined) return;
    this.write();
    if (!this.isStopping) this.writeAgainWhenServing();
  }

  /** A boot that does not wait for its services ends before they are ready. */
  private writeAgainWhenServing(): void {
    const { scanner } = this.ports;
    const services = scanner.services().filter(({ isLogger, wantedUp }) => wantedUp && !isLogger);
    let isBefore = true;
    this.unwait = whenServing(this.ports, services.map(({ name }) => name), () => {
      if (isBefore || this.hasFailed) return;
      if (this.isWriting) this.isDueAgain = true;
      else this.write();
    });
    isBefore = false;
  }

  private write(): void {
    const { path, ports } = this;
    if (path === undefined) return;
    const image = ProcessImage.of(["/command/s6-overlay", "timeline", "-o", path], ports.tree);
    this.isWriting = true;
    drive(runScript(ports, "timeline", image, LIMIT), (ending) => {
      if (ending.kind === "overtime") {
        ports.report("warning", "timeline", `${path} was not written within ${durationInWords(LIMIT)}`);
      }
      this.hasFailed = recordedCode(ending) !== 0;
      this.written();
    }, (error) => {
      ports.failed(error);
      this.written();
    });
  }

  private written(): void {
    this.isWriting = false;
    if (this.isDueAgain && !this.hasFailed) {
      this.isDueAgain = false;
      this.write();
    } else this.onWritten();
  }
}
