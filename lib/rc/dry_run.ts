// Transitions that are only printed: as the commands that the original runs for them, each of which then takes some time.

import type { ByteString } from "../bytes.ts";
import type { Cancel, Reactor } from "../os/os.ts";
import type { Move } from "./change.ts";
import type { Ending } from "./ending.ts";
import type { Graph } from "./graph.ts";
import type { LiveDirectory } from "./live.ts";
import type { Mover } from "./transitions.ts";

/** From this verbosity on the client of the oneshot runner says that it is connected. */
export const TALKATIVE = 4;

interface DryRunPorts {
  readonly reactor: Pick<Reactor, "after">;
  readonly print: (text: ByteString) => void;
}

export class DryRun implements Mover {
  private readonly cancels = new Map<number, { readonly cancel: Cancel; readonly ended: (ending: Ending) => void }>();

  /** @param pause milliseconds that each takes @param verbosity with 0 nothing is printed */
  constructor(
    private readonly ports: DryRunPorts,
    private readonly live: LiveDirectory,
    private readonly graph: Graph,
    private readonly pause: number,
    private readonly verbosity: number,
  ) {}

  start(service: number, move: Move, limit: number, ended: (ending: Ending) => void): void {
    if (this.verbosity > 0) this.ports.print(`s6-rc-dryrun: ${this.command(service, move, limit)}\n`);
    const cancel = this.ports.reactor.after(this.pause, () => {
      this.cancels.delete(service);
      ended({ how: "succeeded" });
    });
    this.cancels.set(service, { cancel, ended });
  }

  abort(service: number): void {
    const begun = this.cancels.get(service);
    if (begun === undefined) return;
    this.cancels.delete(service);
    begun.cancel();
    begun.ended({ how: "crashed", signal: 15 });
  }

  private command(number: number, move: Move, limit: number): ByteString {
    const service = this.graph.services[number]!;
    if (service.kind === "oneshot") {
      const letters = this.verbosity >= TALKATIVE ? "-vel0" : "-el0";
      return `s6-sudo ${letters} -t 30000 -T ${limit} -- ${this.live.runnerSocket} ${move} ${number}  # ${service.name}`;
    }
    const up = this.live.notifies(service.name) ? "-uwU" : "-uwu";
    const letters = { up, down: "-dwD", reload: "-l" }[move];
    return `s6-svc ${letters} -T ${limit} -- ${this.live.serviceDirectory(service.name)}`;
  }
}
