// A change of services that process 1 carries out itself: it has transitions made, feeds their ends back, and says what is
// waited for. What is to be done is for the reducer to say (lib/rc/change.ts).

import type { ByteString } from "../../bytes.ts";
import type { Cancel, Reactor } from "../../os/os.ts";
import { Change, type ChangeEffect, type ChangeEvent, type Move } from "../../rc/change.ts";
import type { Ending } from "../../rc/ending.ts";
import type { Graph } from "../../rc/graph.ts";
import type { Wish } from "../../rc/plan.ts";
import type { Reporter } from "../../reporter.ts";

/** What carries transitions out. */
export interface OwnMover {
  /** @param limit milliseconds, 0 for none @param ended called once, now or later */
  start(service: number, move: Move, limit: number, ended: (ending: Ending) => void): void;
  /** Gives a transition up that has not ended. */
  abort(service: number): void;
  /** The longrun has not got up: it is to be down. */
  bringDown(service: number): void;
  /** What a transition waits for, in words. */
  awaited(service: number, move: Move): string;
}

interface OwnChangePorts {
  readonly reactor: Pick<Reactor, "after">;
  readonly report: Reporter;
  readonly verbosity: number;
  readonly mover: OwnMover;
  /** Why a service whose turn to start has come is passed over, if it is. */
  readonly whyDisabled: (service: number) => ByteString | undefined;
  /** Takes the state of all services, by number, whenever it has changed. */
  readonly record: (state: Uint8Array) => void;
}

const SUBJECT = "s6-rc";
/** What takes longer than this many milliseconds gets a line. */
const PATIENCE = 5000;

export class OwnChange {
  private readonly change: Change;
  private readonly events: ChangeEvent[] = [];
  private readonly late = new Map<number, Cancel>();
  private isBusy = false;
  private onEnd: ((code: number) => void) | undefined;
  private cancelLimit: Cancel | undefined;

  constructor(private readonly ports: OwnChangePorts, private readonly graph: Graph, state: Uint8Array) {
    this.change = new Change(graph, state, false, ports.whyDisabled);
  }

  /** Whether a wish is being met, or something of one that was given up still goes on. */
  get isUnderWay(): boolean {
    return this.onEnd !== undefined || this.late.size > 0;
  }

  /** @param limit milliseconds for all of it, 0 for none @param ended gets the exit code that s6-rc would have */
  begin(wish: Wish, limit: number, ended: (code: number) => void): void {
    this.onEnd = ended;
    if (limit > 0) this.cancelLimit = this.ports.reactor.after(limit, () => this.send({ on: "timedOut" }));
    this.send({ on: "request", request: { kind: "change", mark: 0, wish } });
  }

  /** Begins nothing any more; what is under way is waited for where it is a script. */
  giveUp(ended: () => void): void {
    if (!this.isUnderWay) return ended();
    this.onEnd = () => ended();
    this.send({ on: "stop", signal: "TERM" });
  }

  isUp(service: number): boolean {
    return this.change.isUp(service);
  }

  /** Events that effects lead to at once wait until all effects of this one are done. */
  private send(event: ChangeEvent): void {
    this.events.push(event);
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) {
        const effects = this.change.handle(next);
        // What begins prints lines of its own, which come behind those that say that it begins.
        for (const effect of effects) if (effect.do !== "start") this.carryOut(effect);
        for (const effect of effects) if (effect.do === "start") this.carryOut(effect);
      }
    } finally {
      this.isBusy = false;
    }
  }

  private carryOut(effect: ChangeEffect): void {
    const { mover, record, report, verbosity } = this.ports;
    switch (effect.do) {
      case "start":
        return this.start(effect.service, effect.move);
      case "abort":
        return mover.abort(effect.service);
      case "bringDown":
        return mover.bringDown(effect.service);
      case "record":
        return record(effect.state);
      case "say":
        if (verbosity >= effect.from) report(effect.level, SUBJECT, effect.text);
        return;
      case "end":
        return this.end(effect.code);
      case "keep":
        // Their supervisors do, as they were told so.
      case "endScripts":
        return;
    }
  }

  private start(service: number, move: Move): void {
    const { mover, reactor, report } = this.ports;
    const { name, timeoutUp, timeoutDown } = this.graph.services[service]!;
    this.late.set(
      service,
      reactor.after(PATIENCE, () => report("info", SUBJECT, `service ${name}: ${mover.awaited(service, move)}`)),
    );
    mover.start(service, move, move === "down" ? timeoutDown : timeoutUp, (ending) => this.ended(service, ending));
  }

  private ended(service: number, ending: Ending): void {
    this.late.get(service)?.();
    this.late.delete(service);
    if (ending.how === "succeeded") return this.send({ on: "succeeded", service });
    if (ending.how === "crashed") return this.send({ on: "crashed", service, signal: ending.signal });
    if (ending.told !== undefined) this.ports.report("fatal", ending.told.program, ending.told.text);
    this.send({ on: "failed", service, code: ending.code });
  }

  private end(code: number): void {
    const { onEnd } = this;
    this.cancelLimit?.();
    this.cancelLimit = undefined;
    this.onEnd = undefined;
    onEnd?.(code);
  }
}
