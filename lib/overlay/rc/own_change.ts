// A change of services that process 1 carries out itself: it has transitions made, feeds their ends back, and says what is
// waited for. What is to be done is for the reducer to say (lib/rc/change.ts).

import type { ByteString } from "../../bytes.ts";
import type { Cancel, Reactor } from "../../os/os.ts";
import { Change, type ChangeEffect, type ChangeEvent, type Move } from "../../rc/change.ts";
import type { Ending } from "../../rc/ending.ts";
import type { Graph } from "../../rc/graph.ts";
import type { Wish } from "../../rc/plan.ts";
import type { Reporter } from "../../reporter.ts";
import { durationInWords } from "../durations.ts";
import type { Transition } from "./boot_path.ts";
import { failureInWords } from "./not_started.ts";

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
  /** The monotonic clock. */
  readonly now: () => number;
  /** Takes the state of all services, by number, when it has changed: before anything starts that may ask for it. */
  readonly record: (state: Uint8Array) => void;
}

const SUBJECT = "s6-rc";
/** What takes longer than this many milliseconds gets a line. */
const PATIENCE = 5000;

export class OwnChange {
  private readonly change: Change;
  private readonly events: ChangeEvent[] = [];
  private readonly late = new Map<number, Cancel>();
  private readonly begun = new Map<number, Transition>();
  private readonly failed = new Map<number, ByteString>();
  private isBusy = false;
  private unrecorded: Uint8Array | undefined;
  private onEnd: ((code: number) => void) | undefined;
  private cancelLimit: Cancel | undefined;
  private limitEnds: number | undefined;

  constructor(private readonly ports: OwnChangePorts, private readonly graph: Graph, state: Uint8Array) {
    this.change = new Change(graph, state, false, ports.whyDisabled);
  }

  /** Whether a wish is being met, or something of one that was given up still goes on. */
  get isUnderWay(): boolean {
    return this.onEnd !== undefined || this.late.size > 0;
  }

  /** Why services have failed, as the rest of a sentence, by their numbers. */
  get failures(): ReadonlyMap<number, ByteString> {
    return this.failed;
  }

  /** When transitions began and ended, by the numbers of their services. */
  get transitions(): ReadonlyMap<number, Transition> {
    return this.begun;
  }

  /** When the time for all of it is over, by the monotonic clock; undefined where it has no limit. */
  get deadline(): number | undefined {
    return this.limitEnds;
  }

  /** @param limit milliseconds for all of it, 0 for none @param ended gets the exit code that s6-rc would have */
  begin(wish: Wish, limit: number, ended: (code: number) => void): void {
    this.onEnd = ended;
    this.limitEnds = limit > 0 ? this.ports.now() + limit : undefined;
    if (limit > 0) this.cancelLimit = this.ports.reactor.after(limit, () => this.timedOut(limit));
    this.send({ on: "request", request: { kind: "change", mark: 0, wish } });
  }

  /** s6-rc says that the time is over, and not what it has waited for. */
  private timedOut(limit: number): void {
    const late = [...this.late.keys()].map((service) => this.graph.services[service]!.name).join(", ");
    this.ports.report("warning", SUBJECT, `not up within ${durationInWords(limit)}: ${late}`);
    this.send({ on: "timedOut" });
  }

  /** Begins nothing any more; what is under way is waited for where it is a script. */
  giveUp(ended: () => void): void {
    if (!this.isUnderWay) {
      this.record();
      return ended();
    }
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
    const { mover, report, verbosity } = this.ports;
    switch (effect.do) {
      case "start":
        this.record();
        return this.start(effect.service, effect.move);
      case "abort":
        return mover.abort(effect.service);
      case "bringDown":
        return mover.bringDown(effect.service);
      case "record":
        // Many that get up in one turn of the event loop are recorded together.
        if (this.unrecorded === undefined) this.ports.reactor.after(0, () => this.record());
        this.unrecorded = effect.state;
        return;
      case "say":
        if (verbosity >= effect.from) report(effect.level, SUBJECT, effect.text);
        return;
      case "end":
        this.record();
        return this.end(effect.code);
      case "keep":
        // Their supervisors do, as they were told so.
      case "endScripts":
        return;
    }
  }

  private record(): void {
    const state = this.unrecorded;
    this.unrecorded = undefined;
    if (state !== undefined) this.ports.record(state);
  }

  private start(service: number, move: Move): void {
    const { mover, reactor, report } = this.ports;
    const { name, timeoutUp, timeoutDown } = this.graph.services[service]!;
    this.late.set(
      service,
      reactor.after(PATIENCE, () => report("info", SUBJECT, `service ${name}: ${mover.awaited(service, move)}`)),
    );
    this.begun.set(service, { from: this.ports.now(), to: undefined });
    mover.start(service, move, move === "down" ? timeoutDown : timeoutUp, (ending) => this.ended(service, ending));
  }

  private ended(service: number, ending: Ending): void {
    this.late.get(service)?.();
    this.late.delete(service);
    const transition = this.begun.get(service);
    if (transition !== undefined) transition.to = this.ports.now();
    if (ending.how === "succeeded") return this.send({ on: "succeeded", service });
    this.failed.set(service, failureInWords(this.graph.services[service]!, ending));
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
