// What process 1 does in the manner of generation 3, once an image has turned out to be of it. It is loaded then.

import { OsError, textOf } from "../../report.ts";
import type { BootEnd } from "../life.ts";
import { ownFiles } from "../own_files.ts";
import { PATHS } from "../paths.ts";
import type { Steps } from "../steps.ts";
import { LaterSignals, type LaterSignalsPorts } from "../signals/later_signals.ts";
import { bootGraph } from "./later_boot.ts";
import { type LaterCommandPorts, runLaterCommand } from "./later_command.ts";
import type { GraphPorts, ServiceGraph } from "./service_graph.ts";

type LaterPorts = GraphPorts & LaterCommandPorts & LaterSignalsPorts & {
  /** From now on chains that process 1 follows have values as with-contenv gives them in generation 3. */
  readonly dropLineEnds: () => void;
};

export class LaterGeneration {
  /** The services that the stop is to bring down. */
  graph: ServiceGraph | undefined;
  private readonly signals: LaterSignals;

  constructor(private readonly ports: LaterPorts) {
    this.signals = new LaterSignals(ports);
    ports.dropLineEnds();
    this.leaveMark();
  }

  /** @param failed the hook has failed */
  boot(failed: boolean): Steps<BootEnd> {
    return bootGraph({ ...this.ports, opened: (graph) => void (this.graph = graph) }, this.ports.given, failed);
  }

  /** @returns the code that is recorded of the command */
  runCommand(): Steps<number> {
    return runLaterCommand(this.ports);
  }

  /** What a signal does that no setting and no file has another meaning for; false if it has its usual effect. */
  followSignal(name: string): boolean {
    return this.signals.follow(name);
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
