// s6-supervise: keeps one service. The state machine (transition.ts) decides; this driver carries its effects out and
// turns the world's news - control letters, deaths, deadlines, notifications - into its events. It never waits.

import { type ByteString, byteString } from "../bytes.ts";
import type { Cancel } from "../os/os.ts";
import { Child, type ChildOptions } from "./child.ts";
import { commands, SERVICE_COMMANDS } from "./control.ts";
import { deathRecord } from "./death_tally.ts";
import { Life } from "./life.ts";
import { readAvailable } from "./notification.ts";
import type { NotifyTold, SupervisePorts } from "./ports.ts";
import {
  type Effect,
  newService,
  type Service,
  type ServiceEvent,
  type ServiceStep,
  type ServiceSurroundings,
} from "./service.ts";
import { ServiceProcess } from "./service_process.ts";
import { ServiceDirectory } from "./service_dir.ts";
import { type Locks, StateDir } from "./state_dir.ts";
import { serviceTransition } from "./transition.ts";
import { Troubles } from "./troubles.ts";

interface SupervisorOptions extends ChildOptions {
  readonly directory: ByteString;
  /** Shared by the supervisors of a process. */
  readonly locks?: Locks;
  /** Let go of the service's input and output; /dev/null takes their place. */
  readonly detach: () => void;
  /** Called with each event, and the service before and after it. */
  readonly onStep?: ServiceStep | undefined;
  /** Called after events that have changed the service. */
  readonly onChange?: () => void;
  /** Called with the letters of events, once listeners have got them. */
  readonly onPublished?: (letters: string) => void;
  /** Called when a life of run has ended by itself, its finish script included, with the directory's descriptor. */
  readonly onOwnEnd?: (held: number) => void;
  /** Called once, when the supervisor has ended and holds nothing any more. */
  readonly onEnd: () => void;
}

/** Milliseconds until a status file that could not be written is tried again. */
const WRITE_AGAIN = 1000;

export class Supervisor {
  private present: Service;
  private readonly process: ServiceProcess;
  private readonly life = new Life();
  private readonly events: ServiceEvent[] = [];
  private busy = false;
  /** It was told to end while nothing ran, and does so after the letters at hand: no start is due any more. */
  private leaves = false;
  /** What is to be published when the events at hand have been dealt with: the status once, the letters in one go. */
  private untold = { status: false, letters: "" };
  private timer: { readonly deadline: number; readonly cancel: Cancel } | undefined;
  private statusRetry: Cancel | undefined;
  private unwatchControl: Cancel | undefined;
  private readonly world: ServiceSurroundings = {
    now: () => this.ports.os.monotonic(),
    instant: () => this.ports.os.now(),
    timeoutKill: () => this.files.timeoutKill(),
    timeoutKillsGroup: () => this.files.timeoutKillsGroup(),
    timeoutFinish: () => this.files.timeoutFinish(),
    downSignal: () => this.files.downSignal(),
    reloadSignal: () => this.files.reloadSignal(),
  };

  private constructor(
    private readonly ports: SupervisePorts,
    private readonly options: SupervisorOptions,
    private readonly files: ServiceDirectory,
    private readonly state: StateDir,
    private readonly troubles: Troubles,
  ) {
    this.process = new ServiceProcess(ports, new Child(ports, files, options, troubles), troubles, {
      state: () => this.present.state,
      handle: (event) => this.handle(event),
      descriptor: state.control,
      killsGroup: () => files.killsGroup(),
    });
    this.present = newService(!files.has("down"), this.world);
    this.unwatchControl = ports.reactor.watch(state.control, "read", () => this.readControl());
  }

  /**
   * Takes the service directory into hand; begin() starts the service.
   * @throws Failure or OsError if it cannot be
   */
  static open(ports: SupervisePorts, options: SupervisorOptions): Supervisor {
    const troubles = new Troubles(`s6-supervise ${options.name}`, ports.report);
    const files = new ServiceDirectory(ports.os, options.directory, troubles);
    return new Supervisor(ports, options, files, StateDir.open(ports.os, files, options.locks), troubles);
  }

  /** Where the service directory is now: it may have been renamed. */
  moveTo(directory: ByteString): void {
    this.files.path = directory;
  }

  /** Goes after the service directory if it is no longer in its place: another one may be there. */
  follow(): void {
    this.attempt("look at the service directory", () => this.state.follow());
  }

  get service(): Service {
    return this.present;
  }

  /** What the service has told by systemd's notify protocol. */
  get told(): NotifyTold | undefined {
    return this.process.told;
  }

  /** Announces the supervisor; the service starts a turn of the event loop later, if it is wanted up. */
  begin(): void {
    this.untold = { status: true, letters: "s" };
    this.state.holding(() => {
      this.attempt("empty supervise/death_tally", () => this.state.emptyDeathTally());
      this.tell();
    });
    // The start is due now, but after what is being done: when a scan is over every service there is supervised.
    this.armTimer();
  }

  /** Lets the state machine take an event, and whatever its effects bring, to the end. */
  handle(event: ServiceEvent): void {
    this.events.push(event);
    if (this.busy) return;
    const before = this.present;
    this.busy = true;
    try {
      this.dealWithEvents();
    } finally {
      // Whatever went wrong, the next event is dealt with.
      this.busy = false;
      this.armTimer();
    }
    if (this.present === before) return;
    this.options.onChange?.();
    if (this.present.state === "gone" && before.state !== "gone") this.options.onEnd();
  }

  private dealWithEvents(): void {
    this.follow();
    for (let next = this.next(); next !== undefined; next = this.next()) {
      const before = this.present;
      const { state } = before;
      const [service, effects] = serviceTransition(before, next, this.world);
      this.present = service;
      this.options.onStep?.(next, before, service);
      // Before it is started again, which may be at once, and before its directory is let go of.
      if (this.life.isOver(next.on, state, service.state)) {
        this.attempt("tell of the end of the service", () => this.options.onOwnEnd?.(this.files.hold()));
      }
      // One that cannot be carried out keeps no other from being so.
      for (const effect of effects) this.attempt(`carry out ${effect.do}`, () => this.carryOut(effect));
    }
    this.tell();
  }

  /** The next event; a restart that is due needs no turn of the event loop in between. */
  private next(): ServiceEvent | undefined {
    const { state, wantedUp, deadline } = this.present;
    const next = this.events.shift();
    if (next !== undefined || state !== "down" || !wantedUp || this.leaves || deadline === Infinity) return next;
    return deadline <= this.ports.os.monotonic() ? { on: "deadline" } : undefined;
  }

  /** Writes the status file, then publishes: a listener that gets an event finds it true. */
  private tell(between = () => {}): void {
    const { status, letters } = this.untold;
    this.untold = { status: false, letters: "" };
    if (status) this.writeStatus();
    between();
    if (letters === "") return;
    this.attempt("send events", () => this.state.publish(letters));
    this.attempt("tell of events", () => this.options.onPublished?.(letters));
  }

  /** Lets go of everything at once, without events; a live process is left to itself. */
  abandon(): void {
    this.present = { ...this.present, state: "gone", deadline: Infinity };
    this.letGo();
  }

  private carryOut(effect: Effect): void {
    switch (effect.do) {
      // What comes of a start belongs before anything that has happened since.
      case "start":
        // Told before it is up again: s6-svlisten looks only at the last of the letters that come together.
        if (this.untold.letters !== "") this.tell();
        return void this.events.unshift(this.process.start());
      case "finish":
        return void this.events.unshift(this.process.finish(this.present.lastStatus));
      case "kill":
        return this.process.kill(effect.pid, effect.signal, effect.group ?? false);
      case "recordDeath":
        return this.recordDeath();
      case "closeNotification":
        return this.process.closeNotification();
      case "downFile":
        return this.setDownFile(effect.present);
      case "writeStatus":
        this.untold.status = true;
        return;
      case "publish":
        this.untold.letters += effect.letters;
        return;
      case "detach":
        return this.options.detach();
      case "warn":
        return this.troubles.warn(effect.text);
      case "end":
        this.tell(() => this.resign());
        return this.letGo();
    }
  }

  private recordDeath(): void {
    const { stamp, lastStatus } = this.present;
    this.attempt("write supervise/death_tally", () => {
      this.state.recordDeath(deathRecord(stamp, lastStatus), this.files.maxDeathTally());
    });
  }

  private readControl(): void {
    const letters = byteString(readAvailable(this.ports.os, this.state.control) ?? new Uint8Array());
    for (const command of commands(SERVICE_COMMANDS, letters)) {
      // The letters that came with an x are still obeyed; what they start is left alone.
      if (command?.on === "exit" && this.present.state === "down") this.leaves = true;
      else if (command !== undefined) this.handle(command);
    }
    if (this.leaves) this.handle({ on: "quit" });
  }

  private setDownFile(present: boolean): void {
    this.attempt(present ? "create down" : "remove down", () => {
      if (present) this.files.create("down");
      else this.files.remove("down");
    });
  }

  private writeStatus(): void {
    this.statusRetry?.();
    this.statusRetry = undefined;
    const written = this.attempt("write status file", () => this.state.writeStatus(this.present));
    if (written || this.present.state === "gone" || this.state.isRemoved()) return;
    this.statusRetry = this.ports.reactor.after(WRITE_AGAIN, () => {
      this.follow();
      this.writeStatus();
    });
  }

  /** Does what supervision can go on without. False if it failed, which is reported. */
  private attempt(what: string, body: () => void): boolean {
    return this.troubles.attempt(what, body);
  }

  private armTimer(): void {
    const { deadline } = this.present;
    if ((this.timer?.deadline ?? Infinity) === deadline) return;
    this.timer?.cancel();
    this.timer = deadline === Infinity ? undefined : {
      deadline,
      cancel: this.ports.reactor.at(deadline, () => {
        this.timer = undefined;
        // What it has told until now counts: it may move the deadline.
        this.process.look();
        if (this.present.deadline === deadline) this.handle({ on: "deadline" });
      }),
    };
  }

  private letGo(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.statusRetry?.();
    this.statusRetry = undefined;
    this.process.letGo();
    this.resign();
    this.state.close();
  }

  /** No command reaches it any more. */
  private resign(): void {
    this.unwatchControl?.();
    this.unwatchControl = undefined;
    this.state.resign();
  }
}
