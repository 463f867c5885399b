// A change of services: which transitions are under way, what each end of one leads to, what is printed and recorded. A table,
// phase by event, without a clock or a process: what carries it out feeds it events and does what it says. Several wishes are
// met one after the other. Lines and codes are those of s6-rc 0.7.

import type { ByteString } from "../bytes.ts";
import type { Level } from "../reporter.ts";
import type { Graph } from "./graph.ts";
import { type Direction, Pass, passesOf, type PassPlan, type PassStep, type Wish } from "./plan.ts";

/** Bits of a service's state, as LIVE/state has them. */
export const STATE_BIT = { up: 1, wanted: 2 } as const;

/** What a service is to do. */
export type Move = Direction | "reload";

/** A wish with a mark by which its end is recognized. A reload is of exactly these services. */
export type ChangeRequest =
  | { readonly kind: "change"; readonly mark: number; readonly wish: Wish }
  | { readonly kind: "reload"; readonly mark: number; readonly named: readonly number[] };

export type ChangeEvent =
  | { readonly on: "request"; readonly request: ChangeRequest }
  | { readonly on: "succeeded"; readonly service: number }
  /** What carries out a transition, a program or what stands for it, has exited so. */
  | { readonly on: "failed"; readonly service: number; readonly code: number }
  | { readonly on: "crashed"; readonly service: number; readonly signal: number }
  /** The present request is to end as soon as it can: a signal has come. */
  | { readonly on: "stop"; readonly signal: string }
  /** The time for the present request is over. */
  | { readonly on: "timedOut" };

export type ChangeEffect =
  | { readonly do: "start"; readonly service: number; readonly move: Move }
  /** Gives a transition up; its end is still to be reported. */
  | { readonly do: "abort"; readonly service: number }
  /** The longrun is there: it is to be so after a restart of its supervisor too. */
  | { readonly do: "keep"; readonly service: number; readonly direction: Direction }
  /** The longrun has not got there: it is to be down. */
  | { readonly do: "bringDown"; readonly service: number }
  /** What runs oneshots is to end their scripts. */
  | { readonly do: "endScripts" }
  | { readonly do: "record"; readonly state: Uint8Array }
  /** A line, printed from this verbosity on. */
  | { readonly do: "say"; readonly from: number; readonly level: Level; readonly text: ByteString }
  /** The request is over. */
  | { readonly do: "end"; readonly mark: number; readonly code: number };

type EventName = ChangeEvent["on"];
type EventOf<N extends EventName> = Extract<ChangeEvent, { on: N }>;
/** idle: no request. moving: transitions are under way. aborting: nothing new begins. leaving: its request is over already. */
type Phase = "idle" | "moving" | "aborting" | "leaving";
type Table = { readonly [P in Phase]: { readonly [N in EventName]: (event: EventOf<N>) => void } };

const CODE = { fine: 0, failed: 1, timedOut: 2 } as const;
const MOST_NAMES = 20;

const WORDS = {
  up: { verb: "start", doing: "starting", done: "started" },
  down: { verb: "stop", doing: "stopping", done: "stopped" },
  reload: { verb: "reload", doing: "reloading", done: "reloaded" },
} as const;

export class Change {
  private readonly state: Uint8Array;
  private phase: Phase = "idle";
  private readonly waiting: ChangeRequest[] = [];
  private request: ChangeRequest | undefined;
  private pass: Pass | undefined;
  private laterPasses: PassPlan[] = [];
  private readonly running = new Set<number>();
  private code: number = CODE.fine;
  private effects: ChangeEffect[] = [];
  private readonly table: Table;

  /**
   * @param state by number, as it is recorded
   * @param isDryRun nothing is recorded or kept, and the lines say so
   * @param whyDisabled asked when a service's turn to start has come: why it is passed over, if it is. For what needs it
   * it counts as started.
   */
  constructor(
    private readonly graph: Graph,
    state: Uint8Array,
    private readonly isDryRun = false,
    private readonly whyDisabled: (service: number) => ByteString | undefined = () => undefined,
  ) {
    this.state = Uint8Array.from(state);
    const never = (event: ChangeEvent): never => {
      throw new Error(`${event.on} in phase ${this.phase}`);
    };
    const request = ({ request }: EventOf<"request">): void => void this.waiting.push(request);
    const ended = {
      succeeded: ({ service }: EventOf<"succeeded">): void => this.succeeded(service),
      failed: ({ service, code }: EventOf<"failed">): void => this.failed(service, `exited ${code}`),
      crashed: ({ service, signal }: EventOf<"crashed">): void => this.failed(service, `crashed with signal ${signal}`),
    };
    const inTime = {
      stop: ({ signal }: EventOf<"stop">): void => this.stop(signal),
      timedOut: (): void => this.timedOut(),
    };
    const left = ({ service }: EventOf<"failed" | "crashed">): void => void this.running.delete(service);
    this.table = {
      idle: { request, succeeded: never, failed: never, crashed: never, stop: () => {}, timedOut: () => {} },
      moving: { request, ...ended, ...inTime },
      aborting: { request, ...ended, ...inTime },
      leaving: { request, succeeded: ended.succeeded, failed: left, crashed: left, stop: () => {}, timedOut: () => {} },
    };
  }

  /** What an event leads to, to be done in order. */
  handle<N extends EventName>(event: EventOf<N>): readonly ChangeEffect[] {
    this.effects = [];
    this.table[this.phase][event.on as N](event);
    this.goOn();
    return this.effects;
  }

  isUp(service: number): boolean {
    return (this.state[service]! & STATE_BIT.up) !== 0;
  }

  /** Begins what is next once nothing is under way: a pass, or a request. */
  private goOn(): void {
    while (this.running.size === 0) {
      const next = this.phase === "moving" && this.code === CODE.fine ? this.laterPasses.shift() : undefined;
      if (next !== undefined) {
        this.beginPass(next);
        continue;
      }
      if (this.phase === "moving" || this.phase === "aborting") this.end(this.code);
      this.phase = "idle";
      this.request = this.waiting.shift();
      if (this.request === undefined) return;
      this.begin(this.request);
    }
  }

  private begin(request: ChangeRequest): void {
    this.phase = "moving";
    this.code = CODE.fine;
    this.pass = undefined;
    if (request.kind === "reload") {
      this.laterPasses = [];
      for (const service of request.named) this.start(service, "reload");
      return;
    }
    const { wish } = request;
    for (const service of wish.named) {
      if (wish.direction === "up") this.state[service]! |= STATE_BIT.wanted;
      else this.state[service]! &= ~STATE_BIT.wanted;
    }
    this.laterPasses = [...passesOf(this.graph, wish, (service) => this.isUp(service))];
  }

  private beginPass(plan: PassPlan): void {
    this.info(3, `bringing selected services ${plan.direction}`);
    this.pass = new Pass(this.graph, plan, (service) => this.isUp(service));
    this.take(this.pass.begin());
  }

  private take(steps: readonly PassStep[]): void {
    const { direction } = this.pass!;
    const due = [...steps];
    for (const { service, kind } of due) {
      const name = this.nameOf(service);
      if (kind === "already") this.info(3, `service ${name}: already ${direction}`);
      else if (kind === "spared") {
        this.say(1, "warning", `service ${name} is marked as essential, not stopping it`);
      } else if (direction === "up" && this.isPassedOver(service)) {
        for (const step of this.pass!.done(service)) due.push(step);
      } else {
        this.start(service, direction);
        this.info(2, `${this.prefix}service ${name}: ${WORDS[direction].doing}`);
      }
    }
  }

  private isPassedOver(service: number): boolean {
    const why = this.whyDisabled(service);
    if (why !== undefined) this.info(2, `service ${this.nameOf(service)} is disabled: ${why}`);
    return why !== undefined;
  }

  private start(service: number, move: Move): void {
    this.running.add(service);
    this.effects.push({ do: "start", service, move });
  }

  private succeeded(service: number): void {
    this.running.delete(service);
    if (this.pass !== undefined) this.arrived(service, this.pass);
    // What has become possible begins before this is told, as with s6-rc 0.7.
    if (this.phase !== "leaving") {
      this.info(2, `${this.prefix}service ${this.nameOf(service)} successfully ${WORDS[this.move].done}`);
    }
  }

  private arrived(service: number, pass: Pass): void {
    const { direction } = pass;
    if (direction === "up") this.state[service]! |= STATE_BIT.up;
    else this.state[service]! &= ~STATE_BIT.up;
    if (!this.isDryRun) {
      if (this.isLongrun(service)) this.effects.push({ do: "keep", service, direction });
      this.effects.push({ do: "record", state: Uint8Array.from(this.state) });
    }
    if (this.phase === "moving") this.take(pass.done(service));
  }

  private failed(service: number, how: string): void {
    this.running.delete(service);
    this.code = CODE.failed;
    const isMoved = this.pass !== undefined && !this.isDryRun;
    if (isMoved && this.isLongrun(service)) this.effects.push({ do: "bringDown", service });
    const what = `${this.isDryRun ? "(dry run) " : ""}${WORDS[this.move].verb} service ${this.nameOf(service)}`;
    this.say(1, "warning", `unable to ${what}: command ${how}`);
    this.tellBarred(service);
  }

  /** s6-rc is silent about these. */
  private tellBarred(service: number): void {
    const barred = this.pass?.barredBy(service) ?? [];
    if (barred.length === 0) return;
    const { verb } = WORDS[this.move];
    const more = barred.length > MOST_NAMES ? ` and ${barred.length - MOST_NAMES} more` : "";
    const names = barred.slice(0, MOST_NAMES).map((one) => this.nameOf(one)).join(", ");
    this.info(2, `unable to ${verb} because of ${this.nameOf(service)}: ${names}${more}`);
  }

  private stop(signal: string): void {
    this.say(2, "warning", `received ${signal}, aborting pending processes and exiting asap`);
    if (this.move === "reload") this.effects.push({ do: "endScripts" });
    for (const service of this.running) {
      if (this.isLongrun(service)) this.effects.push({ do: "abort", service });
    }
    this.phase = "aborting";
  }

  private timedOut(): void {
    this.say(0, "fatal", "timed out");
    this.end(CODE.timedOut);
    for (const service of this.running) this.effects.push({ do: "abort", service });
    this.phase = "leaving";
  }

  private end(code: number): void {
    this.effects.push({ do: "end", mark: this.request!.mark, code });
  }

  private get move(): Move {
    return this.pass?.direction ?? "reload";
  }

  private get prefix(): string {
    return this.isDryRun ? "dry run: " : "";
  }

  private isLongrun(service: number): boolean {
    return this.graph.services[service]!.kind === "longrun";
  }

  private nameOf(service: number): ByteString {
    return this.graph.services[service]!.name;
  }

  private info(from: number, text: ByteString): void {
    this.say(from, "info", text);
  }

  private say(from: number, level: Level, text: ByteString): void {
    this.effects.push({ do: "say", from, level, text });
  }
}
