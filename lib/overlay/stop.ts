// A stop from its first moment: what it is allowed to take is settled then, and nothing it does later needs more than
// there is. Whatever else happens, the container ends when its time is over.

import type { Os, Reactor } from "../os/os.ts";
import { SIGNAL } from "../signals.ts";
import type { Scanner } from "../supervise/scanner.ts";
import type { Attended } from "./attended.ts";
import type { Console } from "./console.ts";
import type { Reserve } from "./reserve.ts";
import type { Settings } from "./settings.ts";
import type { StopSettings } from "./stage3.ts";
import { attempt, type Steps, until } from "./steps.ts";
import { AFTERMATH, StopTime } from "./stop_time.ts";

/** How long loggers are waited for when their services have ended, in milliseconds. */
const LOGGERS_FOLLOW_WITHIN = 500;
/** How much longer than its time a stop takes before it is cut off: every step has a shorter limit of its own. */
const CUT_OFF_AFTER = 4 * AFTERMATH;

export interface StopPorts {
  readonly os: Pick<Os, "monotonic" | "kill">;
  readonly reactor: Pick<Reactor, "after" | "stop">;
  readonly settings: Pick<Settings, "get">;
  readonly reserve: Pick<Reserve, "release">;
  /** The script that runs, if one does. */
  readonly script: Pick<Attended, "isRunning" | "signal" | "whenOver">;
  /** The container's own standard error. */
  readonly lastWords: Pick<Console, "line">;
  /** Takes what was thrown by a part of the stop: the rest is done all the same. */
  readonly failed: (error: unknown) => void;
}

export class Stop {
  readonly settings: StopSettings;
  readonly time: StopTime;

  constructor(private readonly ports: StopPorts) {
    ports.reserve.release();
    this.settings = this.read();
    this.time = new StopTime(() => ports.os.monotonic(), this.settings);
    this.cutOffInTime();
  }

  /** The settings as the container's environment has them now; where that cannot be read, as they usually are. */
  private read(): StopSettings {
    const { settings } = this.ports;
    const read = { services: 3000, kill: 3000, finishScript: 5000, syncDisks: false };
    this.guarded(() => read.services = settings.get("servicesGraceTime"));
    this.guarded(() => read.kill = settings.get("killGraceTime"));
    this.guarded(() => read.finishScript = settings.get("killFinishMaximumTime"));
    this.guarded(() => read.syncDisks = settings.get("syncDisks"));
    return read;
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.ports.failed(error);
    }
  }

  private cutOffInTime(): void {
    const { reactor, lastWords } = this.ports;
    const left = this.time.left + CUT_OFF_AFTER;
    if (left > 0) return void reactor.after(left, () => this.cutOffInTime());
    lastWords.line("s6-finish: warning: the time of the stop is over: the container ends as it is");
    reactor.stop();
  }

  /** Waits for services, and has a script that runs end, but goes on in time. */
  wait(scanner: Pick<Scanner, "stopWaiting" | "when">): void {
    const { reactor, script } = this.ports;
    // A service that ignores its signal must not hold the container up for ever.
    const goOn = (): void => scanner.stopWaiting();
    reactor.after(this.time.forServices, goOn);
    this.guarded(() => script.signal(SIGNAL.TERM, SIGNAL.CONT));
    // What a service has left behind may keep its logger up. It is told to end later, and the logger waited for then.
    this.guarded(() => scanner.when("gone", () => reactor.after(LOGGERS_FOLLOW_WITHIN, goOn)));
  }

  /** The rest of the stop, once a script has ended that was running when it began: it has the time that services have. */
  *afterScript(rest: Steps<void>): Steps<void> {
    const { reactor, script, failed } = this.ports;
    const over = (): Steps<void> => until<void>((resume) => script.whenOver(resume));
    if (script.isRunning) yield* attempt(reactor, Math.max(1, this.time.forServices), over, failed);
    yield* rest;
  }
}
