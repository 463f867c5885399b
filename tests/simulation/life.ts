// One simulated life of a container: boots and commands that take their time, fail and hang, services that end or do not,
// stops of every kind at any moment, calls that fail. The real driver, table, scripts and stop in a world in memory.

import assert from "node:assert/strict";
import { ProcessImage } from "../../lib/image/image.ts";
import { RunningScript } from "../../lib/overlay/running_script.ts";
import { ContainerLife } from "../../lib/overlay/container.ts";
import { type BootEnd, cannotHappen } from "../../lib/overlay/life.ts";
import { recordedCode, runScript } from "../../lib/overlay/scripts.ts";
import { Settings } from "../../lib/overlay/settings.ts";
import { attempt, type Steps, until } from "../../lib/overlay/steps.ts";
import { Stop } from "../../lib/overlay/stop/stop.ts";
import { exitCodeOf, Failure, OsError } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import type { Scanner } from "../../lib/supervise/scanner_port.ts";
import type { ChildNews, StartedChild } from "../../lib/supervise/start.ts";
import type { Random } from "../random/random.ts";
import { Clock } from "./clock.ts";
import { LifeJudge } from "./life_judge.ts";
import { type LifePlan, lifePlan, type ProgramPlan } from "./life_plan.ts";
import { SimulatedServices } from "./life_services.ts";

const TIMES = [0, 1, 299, 1000, 1001, 4000, 20_000];
const STOPS = ["terminate", "terminate", "quit", "abort", "terminate and abort"] as const;
const WRONG = 70;

export class LifeSimulation {
  private readonly plan: LifePlan;
  private readonly clock = new Clock(() => {});
  private readonly judge = new LifeJudge(() => this.clock.time, () => this.grace);
  private readonly services: SimulatedServices;
  private readonly container: ContainerLife;
  private readonly processes = new Map<number, { readonly plan: ProgramPlan; end: (status: number) => void }>();
  private readonly reactor = {
    after: (time: number, callback: () => void) => this.clock.at(this.clock.time + Math.max(0, time), callback),
    stop: () => this.judge.over(),
  };
  private readonly script = new RunningScript({ kill: (pid, signal) => this.kill(pid, signal) });
  private pids = 100;
  private stop: Pick<Stop, "settings" | "time"> | undefined;
  /** A process got a TERM. */
  private isTold = false;
  /** What finish scripts have taken, and the machine has slept. */
  private beside = 0;
  private asleep = 0;

  constructor(private readonly random: Random, private readonly trace: (step: string) => void = () => {}) {
    this.plan = lifePlan(random);
    this.trace(JSON.stringify(this.plan));
    this.services = new SimulatedServices(this.plan.services, this.clock, {
      defers: () => this.container.defersStop(),
      told: (wait) => {
        this.judge.servicesTold(wait);
        this.container.handle({ on: "stopAsked", wait });
        const isTold = !wait || !this.script.isRunning || this.fails("signal") || this.isTold;
        assert(isTold, "a script that runs is told to end");
      },
      left: () => {
        this.judge.left();
        this.container.handle({ on: "left" });
      },
    });
    this.container = this.made();
    this.container.begin();
  }

  run(steps: number): void {
    for (let count = 0; count < steps && !this.judge.isOver; count++) this.randomStep();
    const isLeftAlone = !this.judge.stops && this.container.state !== "booting" && this.random.chance(0.2);
    if (isLeftAlone && this.container.state === "idle") {
      this.step("a day", () => this.clock.pass(86_400_000));
      assert(!this.judge.isOver, "a container without a command lives on its services");
    }
    if (!this.judge.stops) this.step("stop", () => this.services.stop("terminate"));
    for (let turn = 0; !this.judge.isOver; turn++) {
      assert(turn < 2000, "a stop comes to its end");
      this.step("100 ms", () => this.clock.pass(100));
    }
    this.step("behind the end", () => this.clock.pass(100_000));
  }

  private randomStep(): void {
    const { random } = this;
    const roll = random.below(100);
    if (roll < 60) return this.time(random.pick(TIMES));
    if (roll < 75) return this.ask(random.pick(STOPS));
    if (roll < 90) return this.essentialEnds(random.pick([0, 3, 256 + 9]));
    this.outOfMemory();
  }

  private time(milliseconds: number): void {
    const slept = this.random.chance(0.1);
    this.step(`${milliseconds} ms${slept ? ", asleep" : ""}`, () => {
      this.clock.pass(milliseconds, slept);
      if (!slept) return;
      this.beside += milliseconds + 4000;
      this.asleep += milliseconds;
    });
  }

  private ask(mode: Parameters<Scanner["stop"]>[0]): void {
    this.step(mode, () => this.services.stop(mode));
  }

  private essentialEnds(code: number): void {
    if (this.services.isStopping) return;
    this.step(`essential service: ${code}`, () => {
      // One that ends while others go down in order has not ended the container.
      if (!this.judge.stops) this.judge.cause(code, true);
      this.container.handle({ on: "essentialEnded", code });
    });
  }

  private outOfMemory(): void {
    this.step("out of memory", () => {
      this.judge.cause(111, true);
      this.container.handle({ on: "outOfMemory" });
    });
  }

  private step(name: string, action: () => void): void {
    this.trace(`${this.clock.time} ${this.container.state}: ${name}`);
    action();
    if (this.judge.isOver) return;
    this.judge.checkTime(this.beside + 200);
    if (!this.fails("when")) this.judge.checkLeft(this.services.goneSince + this.asleep);
  }

  private get grace(): number {
    const { services = 0, kill = 0 } = this.stop?.settings ?? {};
    return services + kill;
  }

  private made(): ContainerLife {
    const judge = this.judge;
    const container = new ContainerLife({
      reactor: this.reactor,
      scanner: {
        stop: (mode) => this.services.stop(mode),
        stopWaiting: () => this.services.stopWaiting(),
        when: (_, callback) => this.call("when", () => this.services.whenGone(() => callback([]))),
      },
      script: this.waitedFor(),
      ending: {
        record: (code) => judge.record(code),
        // It counts for nothing: the judge need not know.
        recordBoot: () => {},
        recordIfFirst: (code) => judge.recordIfFirst(code),
      },
      lastWords: () => judge.timeIsOver(),
      onStep: () => {},
      tellEnd: () => {},
      beginStop: () => this.beginStop(),
      hasOrder: () => this.plan.order !== undefined,
      bringDown: ({ time }) => this.call("bringDown", () => this.bringDown(time.forServices)),
      boot: () => this.boot(),
      command: () => this.command(),
      lastScripts: () => this.call("lastScripts", () => this.lastScripts()),
      lastSignals: () => this.call("lastSignals", () => this.lastSignals()),
      failed: (level, error) => {
        this.failure(error);
        if (level === "fatal" && judge.stops) judge.endIsImpossible(exitCodeOf(error));
      },
    });
    const { handle } = ContainerLife.prototype;
    container.handle = (event) => {
      assert(!cannotHappen(container.state, event.on), `${event.on} while ${container.state}`);
      handle.call(container, event);
    };
    return container;
  }

  private waitedFor(): Pick<RunningScript, "isRunning" | "signal" | "whenOver"> {
    const script = this.script;
    return {
      get isRunning() {
        return script.isRunning;
      },
      signal: (...signals) => this.call("signal", () => script.signal(...signals)),
      whenOver: (callback) => this.call("whenOver", () => script.whenOver(callback)),
    };
  }

  private beginStop(): Pick<Stop, "settings" | "time"> {
    this.judge.stopBegins();
    return this.stop = new Stop({
      os: { monotonic: () => this.clock.time },
      settings: new Settings((variable) => this.call("settings", () => this.plan.settings[variable]), () => {}),
      failed: (error) => this.failure(error),
    });
  }

  /** What is thrown is reported, and the life goes on, unless it is a rule that is broken. */
  private failure(error: unknown): void {
    if (error instanceof assert.AssertionError) throw error;
  }

  private *boot(): Steps<BootEnd> {
    const { scripts, strict, throws, command } = this.plan;
    for (const script of scripts) {
      this.judge.scriptStarts();
      const code = yield* this.program(script, this.script);
      if (code !== 0 && strict) return this.failed(code);
    }
    if (throws) {
      this.judge.cause(WRONG, false);
      throw new Failure(WRONG, "out of order");
    }
    return { on: command === undefined ? "noCommand" : "commandDue", recorded: strict ? 0 : undefined };
  }

  private failed(code: number): BootEnd {
    this.judge.cause(code, false);
    return { on: "bootFailed", code };
  }

  private *command(): Steps<number> {
    this.judge.commandStarts();
    const code = yield* this.program(this.plan.command!, new RunningScript({ kill: () => true }));
    this.judge.cause(code, false);
    return code;
  }

  private *program(plan: ProgramPlan, program: RunningScript): Steps<number> {
    const start = (_image: ProcessImage, name: string, { ended }: ChildNews): StartedChild => {
      if (plan.cannotStart) throw new Failure(126, `${name}: no`);
      const pid = this.pids++;
      const end = (status: number): void => {
        if (this.processes.delete(pid)) ended(status, undefined);
      };
      this.processes.set(pid, { plan, end });
      if (plan.takes < Infinity) this.clock.at(this.clock.time + plan.takes, () => end(plan.status));
      return { pid } as StartedChild;
    };
    const ports = {
      os: { kill: (pid: number, signal: number) => this.kill(pid, signal) },
      reactor: this.reactor,
      start: program.watching(start),
      report: () => {},
    };
    return recordedCode(yield* runScript(ports, "script", ProcessImage.of(["script"])));
  }

  private kill(pid: number, signal: number): boolean {
    const process = this.processes.get(pid);
    if (process === undefined) return false;
    const { afterTerm } = process.plan;
    if (signal === SIGNAL.KILL) process.end(SIGNAL.KILL);
    else if (signal === SIGNAL.TERM) this.isTold = true;
    if (signal === SIGNAL.TERM && afterTerm < Infinity) {
      this.clock.at(this.clock.time + afterTerm, () => process.end(SIGNAL.TERM));
    }
    return true;
  }

  /** Within the services' time, as the container does it. */
  private *bringDown(limit: number): Steps<void> {
    this.judge.orderBegins();
    const { order = 0 } = this.plan;
    const ends = this.clock.time + order;
    const down = (): Steps<void> => until((resume) => void (ends < Infinity && this.clock.at(ends, () => resume())));
    yield* attempt(this.reactor, Math.max(1, limit), down, (error) => this.failure(error));
    this.judge.orderEnds();
  }

  private *lastScripts(): Steps<void> {
    const { time } = this.stop!;
    const isGivenUp = time.forServices === 0 || this.fails("whenOver");
    assert(isGivenUp || !this.script.isRunning, "a script of the boot has its time");
    this.judge.begins("last scripts");
    for (const takes of this.plan.lastScripts) {
      const bounded = takes < Infinity;
      if (bounded) time.pause();
      yield* this.wait(takes);
      if (bounded) time.resume();
    }
    this.judge.ends("last scripts");
  }

  private *lastSignals(): Steps<void> {
    this.judge.begins("last signals");
    yield* this.wait(this.plan.lastSignals);
    this.judge.ends("last signals");
  }

  private *wait(time: number): Steps<void> {
    if (time === Infinity) return yield* until<void>(() => {});
    this.beside += time;
    yield* until<void>((resume) => this.reactor.after(time, () => resume()));
  }

  private fails(call: string): boolean {
    return this.plan.fails.includes(call);
  }

  private call<T>(name: string, work: () => T): T {
    if (this.fails(name)) throw new OsError(name, "", "EMFILE", "Too many open files");
    return work();
  }
}
