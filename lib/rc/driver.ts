// Carries out a change: has transitions made, feeds their ends back, prints, records. What is to be done is for change.ts to say.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { OsError } from "../report.ts";
import type { Reporter } from "../reporter.ts";
import { sendCommands } from "../supervise/client.ts";
import type { Change, ChangeEffect, ChangeEvent, Move } from "./change.ts";
import type { Ending } from "./ending.ts";
import type { Graph } from "./graph.ts";
import type { LiveDirectory } from "./live.ts";
import { ONESHOT_RUNNER } from "./places.ts";
import type { Mover } from "./transitions.ts";

type DriverOs = Pick<Os, "open" | "close" | "write" | "find" | "monotonic">;

interface DriverPorts {
  readonly os: DriverOs;
  readonly report: Reporter;
  readonly mover: Mover;
}

interface DriverOptions {
  readonly graph: Graph;
  readonly verbosity: number;
  /** When all is to be over, by the monotonic clock. */
  readonly deadline: number | undefined;
  /** A request is over. */
  readonly ended: (mark: number, code: number) => void;
}

const SUBJECT = "s6-rc";

export class RcDriver {
  private readonly events: ChangeEvent[] = [];
  private isBusy = false;

  constructor(
    private readonly ports: DriverPorts,
    private readonly live: LiveDirectory,
    private readonly change: Change,
    private readonly options: DriverOptions,
  ) {}

  /** Events that effects lead to at once wait until all effects of this one are done. */
  send(event: ChangeEvent): void {
    this.events.push(event);
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) {
        for (const effect of this.change.handle(next)) this.carryOut(effect);
      }
    } finally {
      this.isBusy = false;
    }
  }

  private carryOut(effect: ChangeEffect): void {
    switch (effect.do) {
      case "start":
        return this.start(effect.service, effect.move);
      case "abort":
        return this.ports.mover.abort(effect.service);
      case "keep":
        return this.warning(() => this.live.keep(this.nameOf(effect.service), effect.direction));
      case "bringDown":
        return this.command(this.nameOf(effect.service), "d");
      case "endScripts":
        return this.command(ONESHOT_RUNNER, "h");
      case "record":
        return this.live.writeState(effect.state);
      case "say":
        if (this.options.verbosity >= effect.from) this.ports.report(effect.level, SUBJECT, effect.text);
        return;
      case "end":
        return this.options.ended(effect.mark, effect.code);
    }
  }

  private start(service: number, move: Move): void {
    this.ports.mover.start(service, move, this.limitOf(service, move), (ending) => this.ended(service, ending));
  }

  private ended(service: number, ending: Ending): void {
    if (ending.how === "succeeded") return this.send({ on: "succeeded", service });
    if (ending.how === "crashed") return this.send({ on: "crashed", service, signal: ending.signal });
    if (ending.told !== undefined) this.ports.report("fatal", ending.told.program, ending.told.text);
    this.send({ on: "failed", service, code: ending.code });
  }

  /** The smaller one of the service's own time and of what is left of all; 0 for no limit. */
  private limitOf(service: number, move: Move): number {
    const { graph, deadline } = this.options;
    const { timeoutUp, timeoutDown } = graph.services[service]!;
    const own = move === "down" ? timeoutDown : timeoutUp;
    if (deadline === undefined) return own;
    const left = Math.max(1, Math.round(deadline - this.ports.os.monotonic()));
    return own === 0 ? left : Math.min(own, left);
  }

  private command(service: ByteString, letters: ByteString): void {
    const directory = this.live.serviceDirectory(service);
    try {
      sendCommands(this.ports.os, directory, "supervise", letters);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.ports.report("warning", "s6-svc", error.message);
    }
  }

  private warning(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      if (this.options.verbosity > 0) this.ports.report("warning", SUBJECT, error.message);
    }
  }

  private nameOf(service: number): ByteString {
    return this.options.graph.services[service]!.name;
  }
}
