// Signals to process 1 of an image of generation 3, where no setting and no file says otherwise: to the command, if that
// is to receive them; else those that switch a machine off stop the container too.

import { durationInWords } from "../durations.ts";
import type { Reactor } from "../../os/os.ts";
import type { Reporter } from "../../reporter.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import type { RunningScript } from "../running_script.ts";
import type { Settings } from "../settings.ts";
import { SIGNALS } from "./signals.ts";

export interface LaterSignalsPorts {
  readonly settings: Pick<Settings, "get">;
  readonly reactor: Pick<Reactor, "after">;
  readonly scanner: Pick<Scanner, "stop">;
  readonly report: Reporter;
  /** The container's command, if it runs. */
  readonly running: Pick<RunningScript, "signal" | "isRunning">;
  /** The container is about to stop for this signal. */
  readonly noteSignal: (name: string) => void;
}

/** The signals that a command receives which is to receive them. */
const RECEIVED: readonly string[] = ["TERM", "QUIT", "INT", "USR1", "USR2", "PWR", "WINCH"];
/** What asks to end: a command that does not is not waited for without limit. */
const ENDING: readonly string[] = ["TERM", "QUIT", "INT"];
/** What stops a container of generation 3, besides what stops each. */
const STOPPING: readonly string[] = ["USR1", "USR2", "PWR"];

export class LaterSignals {
  private hasLimit = false;

  constructor(private readonly ports: LaterSignalsPorts) {}

  /** False if the signal is to have its usual effect. */
  follow(name: string): boolean {
    const { settings, scanner, running } = this.ports;
    const isReceived = RECEIVED.includes(name) && settings.get("commandReceivesSignals");
    if (isReceived && running.signal(SIGNALS[name]!.signal)) {
      if (ENDING.includes(name)) this.limit(name);
      return true;
    }
    if (!STOPPING.includes(name)) return false;
    scanner.stop("terminate");
    return true;
  }

  /** From the first signal on; what comes later does not give it more time. */
  private limit(name: string): void {
    const { settings, reactor, scanner, running, report, noteSignal } = this.ports;
    if (this.hasLimit) return;
    this.hasLimit = true;
    const time = settings.get("servicesGraceTime");
    reactor.after(time, () => {
      if (!running.isRunning) return;
      report(
        "info",
        "s6-overlay",
        `the command has not ended within ${durationInWords(time)} of ${name}: stopping the container`,
      );
      noteSignal(name);
      scanner.stop("terminate");
    });
  }
}
