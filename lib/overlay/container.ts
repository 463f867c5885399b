// A container at work: carries out what the table of its life asks for (life.ts), and feeds what comes of it back. What
// cannot be carried out is reported, and keeps nothing else from being done; a stop ends when its time is over,
// whatever hangs.

import type { Reactor } from "../os/os.ts";
import { exitCodeOf, refusalOf } from "../report.ts";
import { SIGNAL } from "../signals.ts";
import type { Scanner } from "../supervise/scanner_port.ts";
import type { Reporter } from "../reporter.ts";
import type { RunningScript } from "./running_script.ts";
import type { ExitCodeRecord } from "./ending.ts";
import { type BootEnd, type LifeEffect, type LifeEvent, type LifeState, lifeTransition } from "./life.ts";
import { attempt, drive, type RunningSteps, type Steps, until } from "./steps.ts";
import type { Stop } from "./stop/stop.ts";

interface ContainerPorts {
  readonly reactor: Pick<Reactor, "after" | "stop">;
  readonly scanner: Pick<Scanner, "stop" | "stopWaiting" | "when">;
  /** The script of the boot that runs, if one does. */
  readonly script: Pick<RunningScript, "isRunning" | "signal" | "whenOver">;
  readonly ending: Pick<ExitCodeRecord, "record" | "recordBoot" | "recordIfFirst">;
  /** The container's own standard error. */
  readonly lastWords: Reporter;
  /** Settles what the stop may take; called once, when it begins. */
  readonly beginStop: () => Pick<Stop, "settings" | "time">;
  /** Stage 2, up to the command. */
  readonly boot: () => Steps<BootEnd>;
  /** Runs the command; ends with its recorded code. */
  readonly command: () => Steps<number>;
  /** Brings services that depend on each other down in order, within the services' time. */
  readonly bringDown: (stop: Pick<Stop, "settings" | "time">) => Steps<void>;
  /** Some services depend on each other. */
  readonly hasOrder: () => boolean;
  /** cont-finish.d, and what is left of the services' time. */
  readonly lastScripts: (stop: Pick<Stop, "settings" | "time">) => Steps<void>;
  readonly lastSignals: (stop: Pick<Stop, "settings" | "time">) => Steps<void>;
  /** Takes what was thrown. A warning: the rest is done all the same. */
  readonly failed: (level: "warning" | "fatal", error: unknown) => void;
  /** Sees each event, and the state that it has led to. */
  readonly onStep: (event: LifeEvent, to: LifeState) => void;
  /** Says why the container has ended: the last line. */
  readonly tellEnd: () => void;
}

/** How long loggers are waited for when their services have ended, in milliseconds. */
const LOGGERS_FOLLOW_WITHIN = 500;
/**
 * How many seconds more than its time a stop has before it is cut off: every step has a shorter limit. Each is a
 * timer of its own, so that a container that was paused for long comes to its end in order all the same.
 */
const SECONDS_MORE = 4;

export class ContainerLife {
  private current: LifeState = "booting";
  private stop: Pick<Stop, "settings" | "time"> | undefined;
  /** The boot and the command, until what they wait for is given up. */
  private sequences: RunningSteps[] = [];

  constructor(private readonly ports: ContainerPorts) {}

  get state(): LifeState {
    return this.current;
  }

  /** Boots. Everything else follows from events. */
  begin(): void {
    this.run(() => this.ports.boot(), (end) => end);
  }

  /** May be called while an effect is carried out: the state is that behind the effect's event by then. */
  handle(event: LifeEvent): void {
    const [state, effects] = lifeTransition(this.current, event);
    this.current = state;
    this.ports.onStep(event, state);
    for (const effect of effects) this.guarded(() => this.carryOut(effect));
  }

  /** The scanner is to end the services. True: it is to wait for them to go down in order, and is asked again then. */
  defersStop(): boolean {
    const isAlive = this.current === "booting" || this.current === "running" || this.current === "idle";
    if (isAlive && this.ports.hasOrder()) this.handle({ on: "downAsked" });
    return this.current === "bringingDown";
  }

  private carryOut(effect: LifeEffect): void {
    const { reactor, scanner, script, ending, lastWords } = this.ports;
    switch (effect.do) {
      case "record":
        return effect.first ? ending.recordIfFirst(effect.code) : ending.record(effect.code);
      case "recordBoot":
        return ending.recordBoot(effect.code);
      case "runCommand":
        return this.run(() => this.ports.command(), (code) => ({ on: "commandEnded", code }));
      case "abandon":
        for (const sequence of this.sequences.splice(0)) sequence.abandon();
        return;
      case "beginStop":
        this.stop = this.ports.beginStop();
        return this.cutOffInTime(this.stop);
      case "interruptScript":
        return void script.signal(SIGNAL.TERM, SIGNAL.CONT);
      case "bringDown":
        return this.run(() => this.ports.bringDown(this.stop!), () => ({ on: "downOver" }));
      case "awaitServices":
        return this.awaitServices();
      case "stopServices":
        return scanner.stop(effect.wait ? "terminate" : "terminate and abort");
      case "stopWaiting":
        return scanner.stopWaiting();
      case "awaitScript":
        return this.run(() => this.scriptEnds(), () => ({ on: "scriptOver" }));
      case "runLastScripts":
        return this.run(() => this.ports.lastScripts(this.stop!), () => ({ on: "scriptsOver" }));
      case "sendLastSignals":
        return this.run(() => this.ports.lastSignals(this.stop!), () => ({ on: "everybodyGone" }));
      case "tellTimeOver":
        return lastWords("warning", "s6-finish", "the time of the stop is over: the container ends as it is");
      case "end":
        this.guarded(() => this.ports.tellEnd());
        return reactor.stop();
    }
  }

  /** @param begin it may throw, as a part of the sequence would */
  private run<T>(begin: () => Steps<T>, next: (value: T) => LifeEvent): void {
    const steps = function* (): Steps<T> {
      return yield* begin();
    };
    const running = drive(steps(), (value) => this.handle(next(value)), (error) => {
      this.ports.failed("fatal", error);
      this.handle({ on: "failed", code: exitCodeOf(error), refusal: refusalOf(error) });
    });
    this.sequences.push(running);
  }

  private awaitServices(): void {
    const { reactor, scanner } = this.ports;
    const graceOver = (): void => this.handle({ on: "graceOver" });
    // A service that ignores its signal must not hold the container up forever.
    reactor.after(this.stop!.time.forServices, graceOver);
    // What a service has left behind may keep its logger up. It is told to end later, and the logger waited for then.
    scanner.when("gone", () => reactor.after(LOGGERS_FOLLOW_WITHIN, graceOver));
  }

  /** A script that was running when the stop began has the time that services have. */
  private *scriptEnds(): Steps<void> {
    const { reactor, script } = this.ports;
    if (!script.isRunning) return;
    const over = (): Steps<void> => until<void>((resume) => script.whenOver(resume));
    const limit = Math.max(1, this.stop!.time.forServices);
    yield* attempt(reactor, limit, over, (error) => this.ports.failed("warning", error));
  }

  private cutOffInTime(stop: Pick<Stop, "time">, seconds = SECONDS_MORE): void {
    const { reactor } = this.ports;
    const { left } = stop.time;
    if (left > 0) reactor.after(left, () => this.cutOffInTime(stop));
    else if (seconds > 0) reactor.after(1000, () => this.cutOffInTime(stop, seconds - 1));
    else this.handle({ on: "timeOver" });
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.ports.failed("warning", error);
    }
  }
}
