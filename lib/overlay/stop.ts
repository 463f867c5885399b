// A stop from its first moment: what it is allowed to take is settled then, and nothing it does later needs more than
// there is. Whatever else happens, the container ends when its time is over.

import type { Os, Reactor } from "../os/os.ts";
import { SIGNAL } from "../signals.ts";
import type { Attended } from "./attended.ts";
import type { Reserve } from "./reserve.ts";
import type { Settings } from "./settings.ts";
import type { StopSettings } from "./stage3.ts";
import { type Steps, within } from "./steps.ts";
import { AFTERMATH, StopTime } from "./stop_time.ts";

/** How long loggers are waited for when their services have ended, in milliseconds. */
const LOGGERS_FOLLOW_WITHIN = 500;
/** How much longer than its time a stop takes before it is cut off: every step has a shorter limit of its own. */
const CUT_OFF_AFTER = 4 * AFTERMATH;

export interface StopPorts {
  readonly os: Pick<Os, "monotonic" | "kill">;
  readonly reactor: Pick<Reactor, "after">;
  readonly settings: Pick<Settings, "get">;
  readonly reserve: Pick<Reserve, "release">;
  /** The script that runs, if one does. */
  readonly script: Pick<Attended, "isRunning" | "signal" | "whenOver">;
  /** Does it; what is thrown is told, and has no other effect. */
  readonly guarded: (work: () => void) => void;
  /** Ends the container at once. */
  readonly cutOff: () => void;
}

/** What a stop waits for before stage 3. */
export interface Stoppable {
  readonly stopWaiting: () => void;
  /** Calls back when every supervisor but those of loggers has ended. */
  readonly whenGone: (callback: () => void) => void;
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
    const { settings, guarded } = this.ports;
    const read = { services: 3000, kill: 3000, finishScript: 5000, syncDisks: false };
    guarded(() => read.services = settings.get("servicesGraceTime"));
    guarded(() => read.kill = settings.get("killGraceTime"));
    guarded(() => read.finishScript = settings.get("killFinishMaximumTime"));
    guarded(() => read.syncDisks = settings.get("syncDisks"));
    return read;
  }

  private cutOffInTime(): void {
    const left = this.time.left + CUT_OFF_AFTER;
    if (left <= 0) return this.ports.cutOff();
    this.ports.reactor.after(left, () => this.cutOffInTime());
  }

  /** Waits for services, and has a script that runs end, but goes on in time. */
  wait({ stopWaiting, whenGone }: Stoppable): void {
    const { reactor, script, guarded } = this.ports;
    // A service that ignores its signal must not hold the container up for ever.
    reactor.after(this.time.forServices, stopWaiting);
    guarded(() => script.signal(SIGNAL.TERM, SIGNAL.CONT));
    // What a service has left behind may keep its logger up. It is told to end later, and the logger waited for then.
    guarded(() => whenGone(() => reactor.after(LOGGERS_FOLLOW_WITHIN, stopWaiting)));
  }

  /** A script that was running when the stop began has got TERM, and the time that services have. */
  *afterScript(): Steps<void> {
    const { reactor, script } = this.ports;
    if (!script.isRunning) return;
    yield* within(reactor, Math.max(1, this.time.forServices), (arrived) => script.whenOver(arrived));
  }
}
