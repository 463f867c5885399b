// The services of a simulated container, as its life sees them through the scanner: told to end, waited for, left.

import type { Scanner } from "../../lib/supervise/scanner_port.ts";
import type { Clock } from "./clock.ts";
import type { ServicePlan } from "./life_plan.ts";

interface ServicesNews {
  /** Asked before a stop begins: true if it is to be asked for again. */
  readonly defers: () => boolean;
  readonly told: (wait: boolean) => void;
  readonly left: () => void;
}

interface Living {
  readonly plan: ServicePlan;
  hasEnded: boolean;
  loggerHasEnded: boolean;
}

export class SimulatedServices {
  /** When the last of them ended; Infinity while one lives. */
  goneSince = Infinity;
  private stopping: { wait: boolean } | undefined;
  private left = false;
  private readonly living: readonly Living[];
  private readonly waits: (() => void)[] = [];

  constructor(plans: readonly ServicePlan[], private readonly clock: Clock, private readonly news: ServicesNews) {
    if (plans.length === 0) this.goneSince = 0;
    this.living = plans.map((plan) => ({ plan, hasEnded: false, loggerHasEnded: false }));
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  /** As the scanner does it: once; a caller that asks again can only have it wait no longer. */
  stop(mode: Parameters<Scanner["stop"]>[0]): void {
    const wait = !mode.includes("abort");
    if (this.stopping !== undefined) return wait ? undefined : this.stopWaiting();
    if (this.news.defers()) return;
    this.stopping = { wait: true };
    this.news.told(wait);
    if (mode !== "abort") { for (const service of this.living) this.tell(service); }
    this.stopping.wait &&= wait;
    this.leaveIfDone();
  }

  stopWaiting(): void {
    if (this.stopping === undefined) return this.stop("abort");
    this.stopping.wait = false;
    this.leaveIfDone();
  }

  whenGone(callback: () => void): () => void {
    if (this.living.every(({ hasEnded }) => hasEnded)) callback();
    else this.waits.push(callback);
    return () => {};
  }

  private tell(service: Living): void {
    const { afterTerm, loggerTakes } = service.plan;
    if (afterTerm === Infinity) return;
    this.clock.at(this.clock.time + afterTerm, () => {
      service.hasEnded = true;
      if (this.living.every(({ hasEnded }) => hasEnded)) this.allGone();
      if (loggerTakes === Infinity) return;
      this.clock.at(this.clock.time + loggerTakes, () => {
        service.loggerHasEnded = true;
        this.leaveIfDone();
      });
    });
  }

  private allGone(): void {
    this.goneSince = this.clock.time;
    for (const callback of this.waits.splice(0)) callback();
  }

  private leaveIfDone(): void {
    if (this.left || this.stopping === undefined) return;
    const isWaitedFor = this.living.some(({ hasEnded, loggerHasEnded }) => !hasEnded || !loggerHasEnded);
    if (this.stopping.wait && isWaitedFor) return;
    this.left = true;
    this.news.left();
  }
}
