// What process 1 does in the manner of generation 3, once an image has turned out to be of it. It is loaded then.

import type { ByteString } from "../../bytes.ts";
import { ONESHOT_RUNNER, PIPE_HOLDER } from "../../rc/places.ts";
import { OsError, textOf } from "../../report.ts";
import type { BootEnd } from "../life.ts";
import { ownFiles } from "../own_files.ts";
import { PATHS } from "../paths.ts";
import type { Steps } from "../steps.ts";
import { LaterSignals, type LaterSignalsPorts } from "../signals/later_signals.ts";
import type * as Holding from "./held_pipes.ts";
import { HELD_RUNNER } from "./held_runner.ts";
import { type HeldKind, HeldStart, type HoldingPorts } from "./held_start.ts";
import type { Printer } from "../logging/outputs.ts";
import type { FinishManner } from "../stop/finish_manner.ts";
import type { NotStarted } from "../journal/snapshot.ts";
import { TOP } from "./built_in_definitions.ts";
import { bootGraph, type BootObstacle, type LaterBootPorts } from "./later_boot.ts";
import { laterFinish, NOTHING_SAID } from "./later_finish.ts";
import { type LaterCommandPorts, runLaterCommand } from "./later_command.ts";
import type { ServiceGraph } from "./service_graph.ts";

type LaterPorts = Omit<LaterBootPorts, "opened"> & LaterCommandPorts & LaterSignalsPorts & {
  /** What services that process 1 stands in for need. */
  readonly holding: HoldingPorts;
  /** From now on a service that process 1 starts gets its pipes so, where they are held here. */
  readonly givePipes: (give: Holding.HeldPipes["give"]) => void;
  /** From now on chains that process 1 follows have values as with-contenv gives them in generation 3. */
  readonly dropLineEnds: () => void;
};

const CURES: Readonly<Record<BootObstacle, string>> = {
  definitions: "repair the definitions, as s6-overlay lint / says",
  means: "mend what a line of the boot says",
};

export class LaterGeneration {
  /** The services that the stop is to bring down. */
  graph: ServiceGraph | undefined;
  /** Stands in for a service that is to start, where it need not have a process yet. */
  readonly holds: HeldStart["hold"];
  private readonly signals: LaterSignals;
  /** Why the boot has found no database that it can read. */
  private obstacle: BootObstacle | undefined;
  private pipes: Holding.HeldPipes | undefined;

  constructor(private readonly ports: LaterPorts) {
    this.signals = new LaterSignals(ports);
    const start = new HeldStart(ports.holding, (name) => this.kindOf(name));
    this.holds = (image, news) => start.hold(image, news);
    ports.dropLineEnds();
    this.leaveMark();
  }

  /** @param failed the hook has failed */
  boot(failed: boolean): Steps<BootEnd> {
    const opened = (graph: ServiceGraph | BootObstacle): void => {
      if (typeof graph === "string") this.obstacle = graph;
      else this.graph = graph;
    };
    return bootGraph({ ...this.ports, opened }, this.ports.given, failed);
  }

  /** What the boot has not brought up, and is still not up. */
  notStarted(): readonly NotStarted[] {
    if (this.obstacle === undefined) return this.graph?.notStarted() ?? [];
    const why = `was not compiled: ${CURES[this.obstacle]}, and start the container again`;
    return [{ name: TOP, kind: "bundle", why }];
  }

  /** @returns the code that is recorded of the command */
  runCommand(): Steps<number> {
    return runLaterCommand(this.ports);
  }

  /** What a signal does that no setting and no file has another meaning for; false if it has its usual effect. */
  followSignal(name: string): boolean {
    return this.signals.follow(name);
  }

  /** How the stop goes, besides that the graph is brought down. */
  stopping(): { readonly out: Printer; readonly finish: FinishManner } {
    return { out: NOTHING_SAID, finish: laterFinish(this.ports, this.graph?.isFinishDue ?? true) };
  }

  private kindOf(name: ByteString): HeldKind | undefined {
    if (name === ONESHOT_RUNNER) return HELD_RUNNER;
    return name === PIPE_HOLDER ? this.pipes ?? this.loadPipes() : undefined;
  }

  /** Most images have no pipelines. Under our loader (load.ts) import() calls back at once. */
  private loadPipes(): HeldKind | undefined {
    import("./held_pipes.ts").then(({ HeldPipes }) => {
      this.pipes = new HeldPipes(this.ports.holding.os);
      this.ports.givePipes(this.pipes.give);
    });
    return this.pipes;
  }

  /** For programs that process 1 does not answer. */
  private leaveMark(): void {
    try {
      ownFiles(this.ports.os).writeFile(PATHS.later, "", 0o644);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      this.ports.report("warning", "s6-init", textOf(error));
    }
  }
}
