// One simulated life of a set of services: random graphs, requests, ends of transitions, signals and time limits. The rules are
// checked against what this model knows, which computes everything anew and naively.

import assert from "node:assert/strict";
import {
  Change,
  type ChangeEffect,
  type ChangeEvent,
  type ChangeRequest,
  type Move,
  STATE_BIT,
} from "../../lib/rc/change.ts";
import type { AtomicService, Graph } from "../../lib/rc/graph.ts";
import type { Wish } from "../../lib/rc/plan.ts";
import type { Random } from "../random/random.ts";

const MOST_SERVICES = 12;
const MOST_ENDS = 10_000;

/** Services that depend only on others behind them in a random order, so that numbers tell nothing. */
function graphOf(random: Random): Graph {
  const size = 1 + random.below(MOST_SERVICES);
  const order = Array.from({ length: size }, (_, number) => number);
  for (let at = size - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  const density = random.pick([0, 0.1, 0.3, 0.7]);
  const needs: number[][] = order.map(() => []);
  order.forEach((number, at) => {
    for (const other of order.slice(0, at)) if (random.chance(density)) needs[number]!.push(other);
  });
  const longruns = random.below(size + 1);
  const services = needs.map((own, number): AtomicService => {
    const atomic = {
      name: `s${number}`,
      essential: random.chance(0.1),
      recommended: false,
      timeoutUp: 0,
      timeoutDown: 0,
      needs: own,
      neededBy: order.filter((other) => needs[other]!.includes(number)),
    };
    return number < longruns
      ? { ...atomic, kind: "longrun", consumer: undefined, producers: [] }
      : { ...atomic, kind: "oneshot", up: [], down: [], reload: [] };
  });
  return { services, bundles: new Map() };
}

export class RcSimulation {
  private readonly graph: Graph;
  private readonly change: Change;
  private readonly state: Uint8Array;
  private readonly requests: ChangeRequest[] = [];
  private marks = 0;
  /** Of the request that is being met. */
  private running = new Map<number, Move>();
  private readonly spent = new Set<number>();
  private readonly spared = new Set<number>();
  private isHurried = false;
  private hasFailed = false;
  private isLeft = false;
  /** What a request left behind is over: the next one begins when that is told. */
  private isNextDue = false;
  private passes: { readonly move: Move; readonly selected: ReadonlySet<number> }[] = [];

  constructor(private readonly random: Random, private readonly trace: (step: string) => void = () => {}) {
    this.graph = graphOf(random);
    const consistent = random.chance(0.7);
    this.state = Uint8Array.from(this.graph.services, () => consistent ? 0 : random.below(4));
    this.change = new Change(this.graph, this.state);
    for (const [number, { name, needs }] of this.graph.services.entries()) {
      trace(`${name} is ${this.state[number]}, needs ${needs.join(" ")}`);
    }
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step++) {
      const chance = this.random.next();
      if (this.running.size === 0 || chance < 0.15) this.ask();
      else if (chance < 0.2) this.send({ on: "stop", signal: "TERM" });
      else if (chance < 0.22) this.send({ on: "timedOut" });
      else this.end();
    }
    for (let ends = 0; this.running.size > 0; ends++) {
      assert(ends < MOST_ENDS, "a change goes on without end");
      this.end();
    }
    assert.equal(this.requests.length, 0, "a request has not ended");
  }

  private ask(): void {
    const { random } = this;
    const named = this.numbers().filter(() => random.chance(0.4));
    const mark = ++this.marks;
    if (random.chance(0.1)) return this.request({ kind: "reload", mark, named });
    const [alsoUp, prune, stopsEssentials] = [random.chance(0.3), random.chance(0.3), random.chance(0.3)];
    const direction = random.pick(["up", "down"] as const);
    this.request({ kind: "change", mark, wish: { direction, named, alsoUp, prune, stopsEssentials } });
  }

  private request(request: ChangeRequest): void {
    this.requests.push(request);
    // One that comes while another goes on, or is being left, waits.
    if (this.requests.length === 1 && !this.isLeft) this.expect(request);
    this.send({ on: "request", request });
  }

  /** A transition that is under way ends. */
  private end(): void {
    const service = this.random.pick([...this.running.keys()]);
    const fate = this.random.next();
    const move = this.running.get(service)!;
    this.running.delete(service);
    this.spent.add(service);
    const succeeds = fate < 0.8;
    if (succeeds && move === "up") this.state[service]! |= STATE_BIT.up;
    if (succeeds && move === "down") this.state[service]! &= ~STATE_BIT.up;
    if (!succeeds) this.hasFailed = true;
    if (this.isLeft && this.running.size === 0) {
      this.isLeft = false;
      this.isNextDue = this.requests.length > 0;
    }
    if (succeeds) this.send({ on: "succeeded", service });
    else this.send(fate < 0.9 ? { on: "failed", service, code: 1 } : { on: "crashed", service, signal: 15 });
  }

  private send(event: ChangeEvent): void {
    this.trace(JSON.stringify(event));
    if (event.on === "stop" && this.requests.length > 0 && !this.isLeft) this.isHurried = true;
    const effects = this.change.handle(event);
    for (const effect of effects) this.take(effect, event);
    this.judge();
  }

  private take(effect: ChangeEffect, event: ChangeEvent): void {
    this.trace(`  ${JSON.stringify(effect)}`);
    if (this.isNextDue && ["say", "start", "end"].includes(effect.do)) {
      this.isNextDue = false;
      this.expect(this.requests[0]!);
    }
    if (effect.do === "start") this.started(effect.service, effect.move);
    else if (effect.do === "record") assert.deepEqual(effect.state, this.state, "what is recorded is not so");
    else if (effect.do === "end") this.ended(effect.mark, effect.code, event);
    else if (effect.do === "abort") assert(this.running.has(effect.service), "what does not run is given up");
    else if (effect.do === "say" && effect.text.endsWith("not stopping it")) {
      this.spare(Number(/ s(\d+) /.exec(effect.text)![1]));
    }
  }

  private spare(service: number): void {
    const isMeant = this.graph.services[service]!.essential && !this.wish!.stopsEssentials && this.isUp(service);
    assert(isMeant, "a service is spared that is to be stopped");
    this.spared.add(service);
  }

  private started(service: number, move: Move): void {
    while (this.passes[0] !== undefined && this.passes[0].move !== move) {
      assert(!this.hasFailed, "a pass begins though the one before has failed");
      this.passes.shift();
    }
    const pass = this.passes[0];
    assert(pass?.selected.has(service), "what is not meant is started");
    assert(!this.running.has(service), "a transition begins twice");
    assert(!this.isHurried && !this.isLeft, "something begins though all is to end");
    const { needs, neededBy, essential } = this.graph.services[service]!;
    if (move === "up") {
      assert(!this.isUp(service), "what is up is started");
      assert(needs.every((other) => this.isUp(other)), "a service starts before what it needs");
    }
    if (move === "down") {
      assert(this.isUp(service), "what is down is stopped");
      assert(!neededBy.some((other) => this.isUp(other)), "a service stops before what needs it");
      assert(!essential || this.wish!.stopsEssentials, "an essential service is stopped");
    }
    if (move !== "reload") assert(!this.running.values().some((other) => other !== move), "passes overlap");
    this.running.set(service, move);
  }

  private ended(mark: number, code: number, event: ChangeEvent): void {
    const request = this.requests.shift();
    assert.equal(mark, request?.mark, "requests end in another order");
    if (event.on === "timedOut") {
      assert.equal(code, 2);
      this.isLeft = true;
    } else {
      assert.equal(this.running.size, 0, "a request ends before its transitions");
      assert.equal(code, this.hasFailed ? 1 : 0, "the code is not that of what has happened");
      if (!this.isHurried && !this.hasFailed) this.passes.slice(-1).forEach((pass) => this.judgePass(pass));
    }
    this.passes = [];
    if (this.requests[0] !== undefined && !this.isLeft) this.expect(this.requests[0]);
  }

  /** What a request that begins now is about. */
  private expect(request: ChangeRequest): void {
    this.isHurried = false;
    this.hasFailed = false;
    this.spent.clear();
    this.spared.clear();
    if (request.kind === "reload") {
      this.passes = [{ move: "reload", selected: new Set(request.named) }];
      return;
    }
    const { wish } = request;
    const { direction } = wish;
    for (const number of wish.named) {
      if (direction === "up") this.state[number]! |= STATE_BIT.wanted;
      else this.state[number]! &= ~STATE_BIT.wanted;
    }
    const selected = this.closed(wish);
    const others = new Set(this.numbers().filter((number) => !selected.has(number)));
    if (!wish.prune) this.passes = [{ move: direction, selected }];
    else if (direction === "up") this.passes = [{ move: "down", selected: others }, { move: "up", selected }];
    else this.passes = [{ move: "down", selected }, { move: "up", selected: others }];
  }

  private closed(wish: Wish): Set<number> {
    const selected = new Set(wish.named);
    if (wish.alsoUp) { for (const number of this.numbers()) if (this.isUp(number)) selected.add(number); }
    for (let before = -1; before < selected.size;) {
      before = selected.size;
      for (const number of [...selected]) {
        const { needs, neededBy } = this.graph.services[number]!;
        for (const other of wish.direction === "up" ? needs : neededBy) selected.add(other);
      }
    }
    return selected;
  }

  /** Everything that can run at once does. */
  private judge(): void {
    const moves = new Set(this.running.values());
    const pass = this.passes.find(({ move }) => moves.has(move));
    if (pass === undefined || this.isHurried || this.isLeft || this.requests.length === 0) return;
    this.judgePass(pass);
  }

  private judgePass({ move, selected }: { readonly move: Move; readonly selected: ReadonlySet<number> }): void {
    if (move === "reload") return;
    const isThere = (number: number): boolean => this.isUp(number) === (move === "up");
    for (const number of selected) {
      if (isThere(number) || this.running.has(number) || this.spent.has(number)) continue;
      const { needs, neededBy } = this.graph.services[number]!;
      const waits = (move === "up" ? needs : neededBy).some((other) => !this.isSettled(other, selected, isThere));
      assert(waits || this.spared.has(number), `s${number} could begin, and does not`);
    }
  }

  /** It is there, and so is all that it stands behind: what is up without what it needs says nothing. */
  private isSettled(number: number, selected: ReadonlySet<number>, isThere: (number: number) => boolean): boolean {
    if (!isThere(number)) return false;
    if (this.spent.has(number)) return true;
    const { needs, neededBy } = this.graph.services[number]!;
    return (this.passes[0]?.move === "up" ? needs : neededBy).every((other) =>
      this.isSettled(other, selected, isThere)
    );
  }

  private numbers(): number[] {
    return this.graph.services.map((_, number) => number);
  }

  private isUp(number: number): boolean {
    return (this.state[number]! & STATE_BIT.up) !== 0;
  }

  private get wish(): Wish | undefined {
    const request = this.requests[0];
    return request?.kind === "change" ? request.wish : undefined;
  }
}
