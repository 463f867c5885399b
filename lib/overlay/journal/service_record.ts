// What is remembered of a service beside its state: when things happened first and last, and how often.

import type { ByteString } from "../../bytes.ts";
import type { ServiceView } from "../../supervise/ports.ts";
import type { Service, ServiceEvent, ServiceState } from "../../supervise/service.ts";
import { tellsToEnd } from "../../supervise/life.ts";
import { exitInWords, exitOf } from "./exit.ts";
import type { Exit, JournalEvent, Moment, ServiceSnapshot, ServiceStanding } from "./snapshot.ts";

/** A service that has ended by itself this often in this many milliseconds is in a loop. */
const LOOP = { ends: 3, within: 60_000 };
/** Milliseconds: no more often than it could be started again. */
const RELOAD_TOLD_EVERY = 1000;

const STANDINGS: Readonly<Record<ServiceState, ServiceStanding>> = {
  down: "down",
  starting: "starting",
  lastStarting: "starting",
  up: "up",
  lastUp: "up",
  finish: "finishing",
  lastFinish: "finishing",
  gone: "unsupervised",
};

/** By these it is not wanted up any more, and its run may go on (s6-svc -o, -O, -Q). */
const LETS_LIVE: ReadonlySet<ServiceEvent["on"]> = new Set(["once", "onceAtMost", "keepDown"]);

/** What is written into the journal of an event. */
interface Happening {
  readonly event: JournalEvent;
  readonly text: ByteString;
}

export class ServiceRecord {
  private since: Moment | undefined;
  private starts = 0;
  private notifies = false;
  private firstStart: Moment | null = null;
  private firstUp: Moment | null = null;
  private firstReady: Moment | null = null;
  private lastExit: ServiceSnapshot["lastExit"] = null;
  private readonly ends: number[] = [];
  /** The present life of run was told to end, also if it is to be started again then. */
  private told = false;
  private toldToEnd: Moment | null = null;
  private standing: ServiceStanding = "down";
  private reloadTold = -Infinity;
  private trouble: ByteString | null = null;
  /** It is from before it was last wanted otherwise: of one that is wanted down, what kept it from being up. */
  private isTroubleOld = false;

  /**
   * Notes an event; what the journal is to have of it.
   * @param now is asked only where it matters
   */
  step(event: ServiceEvent, before: Service, after: Service, now: () => Moment): Happening[] {
    this.standing = STANDINGS[after.state];
    const isSame = before.pid === after.pid || event.on === "activated";
    if (STANDINGS[before.state] !== STANDINGS[after.state] || !isSame) this.since = now();
    if (tellsToEnd(event.on, before.state)) this.told = true;
    const happened = this.happened(event, before, after, now);
    if (before.wantedUp !== after.wantedUp && event.on !== "started") {
      this.toldToEnd = after.wantedUp || after.failed || LETS_LIVE.has(event.on) ? null : now();
      this.isTroubleOld = true;
      happened.push({ event: after.wantedUp ? "wanted up" : "wanted down", text: "" });
    }
    return happened;
  }

  private happened(event: ServiceEvent, before: Service, after: Service, now: () => Moment): Happening[] {
    const isUp = STANDINGS[after.state] === "up";
    if (event.on === "started") {
      this.starts++;
      this.toldToEnd = null;
      this.told = false;
      this.notifies = event.notifies ?? false;
      this.firstStart ??= now();
      return [{ event: "started", text: `pid ${event.pid}` }];
    }
    if (event.on === "notStarted") return [{ event: "not started", text: "" }];
    if (event.on === "died" && STANDINGS[before.state] === "up") {
      this.lastExit = { ...exitOf(event.status), at: now(), told: this.told };
      return [{ event: "exited", text: exitInWords(this.lastExit) }];
    }
    if (isUp && STANDINGS[before.state] === "starting") {
      this.firstUp ??= now();
      this.trouble = null;
      return [{ event: "up", text: `pid ${after.pid}` }];
    }
    if (event.on === "activated") return [{ event: "up", text: `pid ${event.pid}` }];
    if (isUp && after.ready && !before.ready) {
      this.firstReady ??= now();
      return [{ event: "ready", text: "" }];
    }
    if (isUp && after.reloading !== 0 && before.reloading === 0) return this.reloads(now());
    if (isUp && after.leaving && !before.leaving) return [{ event: "leaving", text: "" }];
    if (STANDINGS[before.state] !== "finishing" || STANDINGS[after.state] === "finishing") return [];
    const finished: Happening = { event: "finished", text: `pid ${before.pid}` };
    return after.failed && !before.failed ? [finished, { event: "failed for good", text: "" }] : [finished];
  }

  /** Its user says so, and can as often as it likes: the journal has room for others. */
  private reloads({ after }: Moment): Happening[] {
    if (after - this.reloadTold < RELOAD_TOLD_EVERY) return [];
    this.reloadTold = after;
    return [{ event: "reloading", text: "" }];
  }

  /** How run has ended, for which its finish runs now. */
  get finishing(): { readonly exit: Exit | null } | undefined {
    return this.standing === "finishing" ? { exit: this.lastExit } : undefined;
  }

  /** Its run has ended by itself. */
  endedByItself(now: Moment): void {
    this.ends.push(now.after);
    if (this.ends.length > LOOP.ends) this.ends.shift();
  }

  /** Its supervisor reported trouble. */
  troubled(text: ByteString): void {
    this.trouble = text;
    this.isTroubleOld = false;
  }

  /**
   * @param at turns a moment of the monotonic clock into one
   * @param atTime turns a time of day into one
   */
  snapshot(
    view: ServiceView,
    now: Moment,
    at: (monotonic: number) => Moment,
    atTime: (service: Service) => Moment,
  ): ServiceSnapshot {
    const { service } = view;
    const state = service === undefined ? "unsupervised" : STANDINGS[service.state];
    const deadline = service === undefined || service.deadline === Infinity ? null : at(service.deadline);
    const isWatched = state === "up" && !service!.dying;
    return {
      name: view.name,
      directory: view.directory,
      isLogger: view.isLogger,
      state,
      since: this.since ?? (service === undefined ? now : atTime(service)),
      wanted: view.wantedUp ? "up" : "down",
      pid: view.pid === 0 ? null : view.pid,
      ready: state === "up" && this.notifies ? view.ready : null,
      notifies: this.notifies,
      starts: this.starts,
      firstStart: this.firstStart,
      firstUp: this.firstUp,
      firstReady: this.firstReady,
      lastExit: this.lastExit,
      looping: this.ends.length === LOOP.ends && now.after - this.ends[0]! <= LOOP.within,
      failed: view.failed,
      paused: service?.paused ?? false,
      nextStart: state === "down" && view.wantedUp ? deadline : null,
      killedAt: state === "up" && !isWatched || state === "finishing" ? deadline : null,
      toldToEnd: this.toldToEnd,
      leaving: service?.leaving ?? false,
      reloading: service === undefined || service.reloading === 0 ? null : at(service.reloading),
      watchdogEnds: isWatched ? deadline : null,
      said: view.told?.status ?? null,
      ignoredMessages: view.told?.ignored ?? null,
      trouble: this.isTroubleOld && !view.wantedUp ? null : this.trouble,
    };
  }
}
