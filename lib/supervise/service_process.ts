// The one process that a service has at a time, run or finish: its start, the news of it as events of the state machine,
// and the signals that go to it.

import { isErrno } from "../report.ts";
import { SIGNAL } from "../signals.ts";
import type { WaitStatus } from "../wait_status.ts";
import { type Child, explainFailure, retryDelay, type StartedRun } from "./child.ts";
import { Notification } from "./notification.ts";
import type { NotifyEvent } from "./notify_protocol.ts";
import type { NotifySocket, NotifyTold, SupervisePorts } from "./ports.ts";
import type { ServiceEvent, ServiceState } from "./service.ts";
import type { StartedChild } from "./start.ts";
import { causeOf, type Troubles } from "./troubles.ts";

/** Services that start together take descriptors until their programs run: how long to wait for those, and how often. */
const CROWDED = { wait: 1000, most: 3 } as const;

/** What the process belongs to. */
interface Owner {
  readonly state: () => ServiceState;
  readonly handle: (event: ServiceEvent) => void;
  /** One that is open as long as there are starts. */
  readonly descriptor: number;
  /** What run leaves of its process group is to be killed. */
  readonly killsGroup: () => boolean;
}

export class ServiceProcess {
  private process: StartedChild | undefined;
  /** The process group of the last run: it leads one of its own. */
  private group = 0;
  private notification: Notification | undefined;
  private socket: NotifySocket | undefined;
  private present: NotifyTold | undefined;
  /** How often in a row its start has waited for descriptors. */
  private waits = 0;

  constructor(
    private readonly ports: Pick<SupervisePorts, "os" | "reactor">,
    private readonly child: Child,
    private readonly troubles: Troubles,
    private readonly owner: Owner,
  ) {}

  /** Starts run. Returns "started" or "notStarted". */
  start(): ServiceEvent {
    if (this.waits < CROWDED.most && !hasRoom(this.ports.os, this.owner.descriptor)) {
      this.waits += 1;
      return { on: "notStarted", retryAfter: CROWDED.wait };
    }
    this.waits = 0;
    try {
      const started = this.child.run({
        running: () => this.runs(),
        ended: (status, failure) => this.runEnded(status, failure),
        activated: (child) => this.activated(child),
      });
      const { child, notification, socket, watchdog } = started;
      this.keep(child);
      if (notification !== undefined) {
        const { os, reactor } = this.ports;
        this.notification = new Notification(os, reactor, notification, (on) => this.notified(on));
      }
      this.hear(started);
      return { on: "started", pid: child.pid, notifies: (notification ?? socket) !== undefined, watchdog };
    } catch (error) {
      return this.notStarted(error);
    }
  }

  /** Starts finish after run has ended so. Returns "finishStarted" or "noFinish". */
  finish(lastStatus: WaitStatus): ServiceEvent {
    const failed = (failure: unknown): void =>
      this.troubles.again("finish", `unable to spawn ./finish: ${causeOf(failure)}`);
    try {
      this.process = this.child.finish(lastStatus, this.group, {
        running: () => this.troubles.over("finish"),
        ended: (status, failure) => {
          this.process = undefined;
          if (failure !== undefined) failed(failure);
          this.owner.handle({ on: "died", status });
        },
      });
      return this.process === undefined ? { on: "noFinish" } : { on: "finishStarted", pid: this.process.pid };
    } catch (error) {
      failed(error);
      return { on: "noFinish" };
    }
  }

  kill(pid: number, signal: number, group: boolean): void {
    const { process } = this;
    if (process === undefined) return;
    if (process.signal !== undefined) return process.signal(signal);
    // As long as its death has not been taken in, no other process can have the pid.
    if (pid > 1) this.troubles.attempt("send a signal", () => this.ports.os.kill(group ? -pid : pid, signal));
  }

  closeNotification(): void {
    this.notification?.close();
    this.notification = undefined;
  }

  /** What it has told by systemd's notify protocol; undefined where the last one did not speak it. */
  get told(): NotifyTold | undefined {
    return this.present;
  }

  /** Deals with what it has told until now. */
  look(): void {
    this.troubles.attempt("read notifications", () => this.socket?.look());
  }

  /** Leaves the process to itself. */
  letGo(): void {
    this.process?.forget();
    this.process = undefined;
    this.closeNotification();
    this.closeSocket();
  }

  /** What has no process of its own has no process group either. */
  private keep(child: StartedChild): void {
    this.process = child;
    this.group = child.signal === undefined ? child.pid : 0;
  }

  private activated(child: StartedChild): void {
    this.keep(child);
    this.owner.handle({ on: "activated", pid: child.pid });
  }

  private hear({ child, socket, access }: StartedRun): void {
    this.socket = socket;
    if (socket === undefined) {
      this.present = undefined;
      return;
    }
    let told: NotifyTold = { status: undefined, ignored: this.present?.ignored ?? 0 };
    const note = (news: Partial<NotifyTold>): void => void (this.present = told = { ...told, ...news });
    note({});
    socket.hear({
      pid: child.pid,
      access,
      tell: (event) => this.tells(event),
      says: (status) => note({ status: status === "" ? undefined : status }),
      ignored: () => note({ ignored: told.ignored + 1 }),
      warn: (text) => this.troubles.warn(text),
    });
  }

  /** What its program tells it tells because it runs. */
  private tells(event: NotifyEvent): void {
    if (this.isStarting) this.runs();
    this.owner.handle(event);
  }

  private closeSocket(): void {
    this.socket?.close();
    this.socket = undefined;
  }

  private get isStarting(): boolean {
    const state = this.owner.state();
    return state === "starting" || state === "lastStarting";
  }

  private notStarted(error: unknown): ServiceEvent {
    this.troubles.again("run", explainFailure(error));
    return { on: "notStarted", retryAfter: retryDelay(error) };
  }

  private runs(): void {
    this.troubles.over("run");
    // A second is long for a start: it may count as up already.
    if (this.isStarting) this.owner.handle({ on: "running" });
  }

  /** A process that has notified readiness runs, in whatever order the two arrive. */
  private notified(on: "notified" | "endOfNotification"): void {
    if (!this.isStarting) this.owner.handle({ on });
    else if (on === "notified") {
      this.runs();
      this.owner.handle({ on });
    } else this.closeNotification();
  }

  /** Before finish runs, and the next start: workers of a main process that was killed would keep its port. */
  private killGroup(): void {
    const { group } = this;
    if (group <= 1) return;
    this.troubles.attempt("kill what is left of the process group", () => void this.ports.os.kill(-group, SIGNAL.KILL));
  }

  private runEnded(status: WaitStatus, failure: Error | undefined): void {
    // Its last messages come before its death.
    this.look();
    this.closeSocket();
    this.process = undefined;
    if (failure === undefined || !this.isStarting) {
      if (this.owner.killsGroup()) this.killGroup();
      return this.owner.handle({ on: "died", status });
    }
    this.closeNotification();
    this.owner.handle(this.notStarted(failure));
  }
}

/** False if starts, and what is written meanwhile, have too few descriptors left: a copy of one has the next number. */
function hasRoom(os: Pick<SupervisePorts["os"], "close" | "duplicate" | "leavesRoom">, descriptor: number): boolean {
  try {
    const next = os.duplicate(descriptor);
    os.close(next);
    return os.leavesRoom(next);
  } catch (error) {
    // At a limit below the least number of a copy that is no number (EINVAL). Other errors tell nothing of room.
    return !isErrno(error, "EMFILE", "ENFILE", "EINVAL");
  }
}
