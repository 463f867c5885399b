// What s6's manual has a supervisor do, written down a second time and in another way than the table of lib/supervise:
// it reads the log of a world, knows from what came to the supervisor what has to follow, and objects to everything else.

import assert from "node:assert/strict";
import { encodeStatus } from "../../lib/supervise/status.ts";
import { instantOf } from "./clock.ts";
import { STAND_IN } from "./crowd.ts";
import type { Node } from "./disk.ts";
import { Evidence } from "./evidence.ts";
import { expectedFinish, expectedStart } from "./expected_start.ts";
import type { Entry, News } from "./log.ts";
import { SENT_SIGNALS } from "./parameters.ts";
import { Told } from "./told.ts";
import type { World } from "./world.ts";

const [INT, STOP, NEVER] = [2, 19, Infinity];
const NOT_STARTED = /^unable to (spawn \.\/run - waiting|start service|open supervise\/service-lock)/;

export class Witness {
  life: "down" | "starting" | "up" | "finish" = "down";
  ended = false;
  /** The process that lives, whether it has reported that it runs or not. */
  pid = 0;
  wanted: boolean;
  /** Moments on the clock that only moves forward: when something is due, and when the status file is tried again. */
  deadline = NEVER;
  /** The notification pipe is open. */
  listens = false;
  private last = false;
  private leaves = false;
  private paused = false;
  private ready = true;
  private dying = false;
  private startedAt = 0;
  private stamp: number;
  private readyStamp: number;
  private lastStatus = 0;
  private readonly told: Told;
  readonly evidence: Evidence;
  private time = 0;
  private wall = 0;

  constructor(private readonly world: World, private readonly home: Node) {
    this.evidence = new Evidence(world, home);
    this.told = new Told(this.evidence, home, {
      status: () => this.status(),
      retryAfter: () => this.ended ? NEVER : this.time + 1000,
    });
    this.stamp = this.readyStamp = world.clock.wall;
    this.wanted = !home.entries.has("down");
  }

  /** Reads what has happened to its end. */
  follow(log: readonly Entry[]): void {
    this.evidence.take(log);
    for (let entry = this.evidence.news(); entry !== undefined; entry = this.evidence.news()) {
      [this.time, this.wall] = [entry.time, entry.wall];
      if (entry.got === "begin") this.begin();
      else if ("pid" in entry && (entry.pid !== this.pid || this.pid === 0)) continue;
      else if (entry.got === "timer" && this.isRetry(entry.due)) this.told.expectStatus();
      else if (entry.got !== "letters") this.take(() => this.hear(entry));
      else this.obeyAll(entry.letters.replaceAll(/[^a-zA-Z12]/g, ""));
    }
    this.evidence.close();
  }

  /** What must be so whenever nothing is being done. */
  check(): void {
    const due = [this.deadline, this.told.retryAt].filter((time) => time !== NEVER);
    const isWritten = this.told.retryAt === NEVER && !this.ended;
    this.evidence.atRest(due, this.ended ? 0 : this.listens ? 4 : 3, isWritten ? this.told.status() : undefined);
  }

  /** What follows from one event, to its end. */
  private take(event: () => void): void {
    if (this.ended) return;
    event();
    // A restart that is due needs no timer.
    const isDue = this.life === "down" && this.wanted && this.deadline <= this.time;
    if (isDue && !this.ended && !this.leaves) {
      this.told.expect();
      this.start();
    }
    this.told.expect();
    if (this.ended) this.evidence.next("end");
  }

  /** The start is due at once, a turn of the event loop later. */
  private begin(): void {
    this.deadline = this.wanted ? this.time : NEVER;
    this.told.expectStatus();
    this.evidence.published("s");
  }

  private hear(news: Exclude<News, { got: "letters" | "begin" }>): void {
    switch (news.got) {
      case "term":
        return this.life === "down" ? this.end() : this.endLater();
      case "hup":
        return this.leave();
      case "int":
      case "quit":
        if (news.got === "int" && this.life !== "down") this.evidence.kill(-this.pid, INT);
        return this.abandon();
      case "running":
        return this.tells();
      case "activated":
        this.pid = news.own;
        return this.tell("");
      case "neverRan":
        return this.neverRan(news.why);
      case "death":
        return this.life === "up" ? this.runDied(news.status) : this.finishDied(news.status);
      case "notification":
        return this.notified(news.text);
      case "timer":
        return this.due(news.due);
    }
  }

  /** An x that finds nothing running ends the supervisor when the letters that came with it have been obeyed. */
  private obeyAll(letters: string): void {
    for (const letter of letters) {
      if (letter === "x" && this.life === "down") this.leaves = true;
      else this.take(() => this.obey(letter));
    }
    if (this.leaves) this.take(() => this.abandon());
  }

  private obey(letter: string): void {
    if (letter === "x") return this.leave();
    const signal = SENT_SIGNALS[letter];
    if (signal !== undefined || "rl".includes(letter)) return this.pass(letter, signal);
    if ("DQ".includes(letter)) this.evidence.downFile(true);
    if (letter === "U") this.evidence.downFile(false);
    if (!"duDUoOQ".includes(letter)) return;
    this.wish("uU".includes(letter));
    if (this.life === "down" && "uUo".includes(letter)) this.start();
    else if ((this.life === "up" || this.life === "starting") && "dD".includes(letter)) this.stop();
  }

  private pass(letter: string, signal: number | undefined): void {
    if (this.life !== "up" && this.life !== "starting") return;
    this.evidence.passed(letter, signal, this.pid);
    if (!"pcPC".includes(letter)) return;
    this.paused = signal === STOP;
    this.tell("");
  }

  private wish(up: boolean): void {
    this.wanted = up;
    if (this.life === "down" && !up) this.deadline = NEVER;
    this.tell("");
  }

  private start(): void {
    this.deadline = NEVER;
    const start = expectedStart(this.world, this.home, this.evidence);
    if ("wait" in start) return this.startFailed(start.why, start.wait);
    [this.pid, this.listens] = [start.pid, start.listens];
    [this.life, this.startedAt] = ["starting", this.time];
    this.deadline = this.time + 1000;
  }

  private startFailed(why: string, wait: number): void {
    this.evidence.trouble("run", why, NOT_STARTED);
    if (this.wanted) this.deadline = this.time + wait;
  }

  /** What has been started tells that it runs. */
  private tells(): void {
    this.evidence.over(this.life === "finish" ? "finish" : "run");
    if (this.life === "starting") this.runs();
  }

  private runs(): void {
    [this.life, this.ready] = ["up", false];
    this.deadline = this.dying ? this.time + this.evidence.parameter("timeout-kill")! : NEVER;
    this.stamp = this.wall;
    this.tell("u");
  }

  private neverRan(why: string): void {
    if (this.life === "finish") {
      this.evidence.trouble("finish", why, /^unable to spawn \.\/finish: /);
      return this.finishDied(127 << 8);
    }
    if (this.life === "up") return this.runDied(127 << 8);
    [this.life, this.pid, this.deadline] = ["down", 0, NEVER];
    if (this.paused) this.tell("");
    this.listens = this.paused = this.dying = false;
    this.startFailed(why, 10_000);
    if (this.last) this.end();
  }

  private stop(): void {
    const timeout = this.evidence.stopped(this.pid);
    this.wanted = this.paused = false;
    if (this.life === "starting") this.dying = timeout > 0;
    else if (timeout > 0) [this.dying, this.deadline] = [true, this.time + timeout];
    this.tell("");
  }

  private leave(): void {
    if (this.life === "down") return this.end();
    this.last = true;
    this.evidence.next("detach");
  }

  private endLater(): void {
    if (this.life !== "finish") this.stop();
    else if (!this.last) this.evidence.next("detach");
    this.last = true;
  }

  /** What was started counts as up to all that listen. */
  private abandon(): void {
    if (this.life === "starting") this.runs();
    this.end();
  }

  private end(): void {
    [this.ended, this.listens] = [true, false];
    this.deadline = this.told.retryAt = NEVER;
    this.told.add("x");
  }

  private notified(text: string): void {
    assert(this.listens, "nobody reads a pipe that is closed");
    if (text !== "" && !text.includes("\n")) return;
    this.listens = false;
    if (text === "") return;
    // What has notified runs.
    if (this.life === "starting") {
      this.tells();
      this.told.expect();
    }
    this.ready = true;
    this.readyStamp = this.wall;
    this.tell("U");
  }

  private runDied(status: number): void {
    const group = this.pid === STAND_IN ? 0 : this.pid;
    [this.life, this.pid] = ["finish", 0];
    [this.listens, this.paused, this.ready, this.dying] = [false, false, false, false];
    [this.stamp, this.lastStatus, this.deadline] = [this.wall, status, NEVER];
    this.evidence.death(instantOf(this.wall), status);
    const pid = expectedFinish(this.home, this.evidence, status, group);
    if (pid === undefined) return this.settle("dD");
    this.pid = pid;
    const timeout = this.evidence.parameter("timeout-finish")!;
    this.deadline = timeout === 0 ? NEVER : this.time + timeout;
    this.tell("d");
  }

  private finishDied(status: number): void {
    if (status === 125 << 8) this.wanted = false;
    this.settle(status === 125 << 8 ? "OD" : "D");
  }

  private settle(letters: string): void {
    [this.life, this.pid] = ["down", 0];
    [this.ready, this.readyStamp] = [true, this.wall];
    this.deadline = this.wanted ? Math.max(this.time, this.startedAt + 1000) : NEVER;
    this.tell(letters);
    if (this.last) this.end();
  }

  /** The status file is tried again. What follows tells, where something else is due at the same moment. */
  private isRetry(due: number): boolean {
    return due === this.told.retryAt && (due !== this.deadline || this.evidence.isStatusNext(this.told.status()));
  }

  private due(due: number): void {
    assert.equal(due, this.deadline, "nothing else is due");
    if (this.life === "down") return this.start();
    if (this.life === "starting") return this.runs();
    this.deadline = this.time + 5000;
    assert(this.life === "finish" || this.dying, "only what was asked to stop is killed");
    this.evidence.killed(this.pid, this.life === "finish");
  }

  private tell(letters: string): void {
    this.told.tell(letters);
  }

  private status(): string {
    const stamps = { stamp: instantOf(this.stamp), readyStamp: instantOf(this.readyStamp) };
    const flags = {
      paused: this.paused,
      finishing: this.life === "finish",
      wantedUp: this.wanted,
      ready: this.ready,
    };
    const pid = this.life === "starting" ? 0 : this.pid;
    return encodeStatus({ ...stamps, ...flags, pid, lastStatus: this.lastStatus });
  }
}
