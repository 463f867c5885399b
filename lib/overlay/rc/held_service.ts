// A service that process 1 stands in for: it has no process until a client connects to its socket. Until then a signal to it
// is an event, which has the effect that it would have on its process, and never reaches process 1.

import type { ByteString } from "../../bytes.ts";
import type { ProcessImage } from "../../image/image.ts";
import type { Cancel, Os, Reactor } from "../../os/os.ts";
import { Failure, OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { SIGNAL } from "../../signals.ts";
import type { ChildNews, Start, StartedChild } from "../../supervise/start.ts";
import type { WaitStatus } from "../../wait_status.ts";

interface HeldPorts {
  readonly name: ByteString;
  readonly os: Pick<Os, "pid">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  readonly start: Start;
  readonly report: Reporter;
  /** What it is to be when a client has connected. */
  readonly image: () => ProcessImage;
  /** The socket that process 1 listens on for it. */
  readonly socket: number;
  /** How a signal would end its process; undefined for one that means nothing to it. */
  readonly ends: (signal: number) => WaitStatus | undefined;
  readonly news: ChildNews;
  /** Closes the socket, which another process may have by now, and what else has been kept for it. */
  readonly release: (by: "activated" | "ended") => void;
}

/** Milliseconds until a start that the system had no room for is tried again, while the connection waits. */
const START_AGAIN = 1000;

export class HeldService implements StartedChild {
  private unwatch: Cancel | undefined;
  /** What is due a turn of the event loop later, or after a start that had no room. */
  private due: Cancel;
  private state: "begins" | "listens" | "paused" | "over" = "begins";
  /** Signals that wait for its pause to be over. */
  private waiting: number[] = [];
  private hasTold = false;

  constructor(private readonly ports: HeldPorts) {
    // As of a process, nothing is heard of it before the event at hand has been dealt with.
    this.due = ports.reactor.after(0, () => this.begin());
  }

  get pid(): number {
    return this.ports.os.pid;
  }

  readonly signal = (signal: number): void => {
    if (this.state === "over") return;
    if (signal === SIGNAL.CONT) return this.goOn();
    if (signal === SIGNAL.KILL) return this.end(signal);
    if (this.state === "paused") return void this.waiting.push(signal);
    if (signal === SIGNAL.STOP) return this.pause();
    const status = this.ports.ends(signal);
    if (status !== undefined) this.end(status);
  };

  readonly forget = (): void => this.leave("ended");

  private leave(by: "activated" | "ended"): void {
    const wasOver = this.state === "over";
    this.state = "over";
    this.due();
    this.stopWatching();
    if (!wasOver) this.ports.release(by);
  }

  private begin(): void {
    this.state = "listens";
    this.ports.news.running?.();
    if (this.state === "listens") this.listen();
  }

  private listen(): void {
    this.unwatch = this.ports.reactor.watch(this.ports.socket, "read", () => this.activate());
  }

  /** The descriptor may be another one's soon. */
  private stopWatching(): void {
    this.unwatch?.();
    this.unwatch = undefined;
  }

  private pause(): void {
    this.beRunning();
    this.due();
    this.stopWatching();
    this.state = "paused";
  }

  private goOn(): void {
    if (this.state !== "paused") return;
    this.state = "listens";
    this.listen();
    for (const signal of this.waiting.splice(0)) this.signal(signal);
  }

  /** It runs before it is paused or ends. */
  private beRunning(): void {
    if (this.state === "begins") this.ports.news.running?.();
  }

  /** A client has connected: the process that is started now takes the connection. */
  private activate(): void {
    const { name, start, image, news, report } = this.ports;
    let child: StartedChild;
    try {
      child = start(image(), {
        running: () => news.running?.(),
        ended: (status, failure) => {
          if (failure !== undefined) report("warning", `s6-supervise ${name}`, textOf(failure));
          news.ended(status, undefined);
        },
      });
    } catch (error) {
      if (!(error instanceof OsError || error instanceof Failure)) throw error;
      return this.activateLater(textOf(error));
    }
    this.leave("activated");
    news.activated?.(child);
  }

  private activateLater(why: string): void {
    const { name, report, reactor } = this.ports;
    if (!this.hasTold) report("warning", `s6-supervise ${name}`, `unable to start it, trying again: ${why}`);
    this.hasTold = true;
    this.stopWatching();
    this.due = reactor.after(START_AGAIN, () => this.listen());
  }

  /** Its death comes as that of a process does: later. */
  private end(status: WaitStatus): void {
    this.beRunning();
    this.forget();
    this.due = this.ports.reactor.after(0, () => this.ports.news.ended(status, undefined));
  }
}
