// Random lives of services that speak systemd's notify protocol. A judge that knows no table, only what the manual says,
// follows what is sent, by whom and when; after each step the supervisor must agree with it.

import { deepEqual, equal } from "node:assert/strict";
import { SIGNAL } from "../../lib/signals.ts";
import { NotifyLife, STRANGER } from "../lib/supervise/notify_life.ts";
import { amount } from "../random/amount.ts";
import { Random } from "../random/random.ts";

const WATCHDOG = 2000;
const STEPS = 40;
const LIVES = amount(10_000, 1000);
const MESSAGES = [
  "READY=1",
  "READY=1\nSTATUS=x",
  "RELOADING=1",
  "STOPPING=1",
  "WATCHDOG=1",
  "STATUS=y",
  "MAINPID=",
  "?=1",
];

/** What is so by what has been sent. */
class Judge {
  isUp = false;
  ready = false;
  leaving = false;
  reloads = false;
  /** When ABRT is due. */
  due = Infinity;
  isAborted = false;
  private isWatched = true;

  starts(): void {
    Object.assign(this, new Judge(), { isUp: true });
  }

  hears(message: string, now: number): void {
    if (message.startsWith("READY=1")) {
      this.reloads = false;
      if (!this.ready && !this.leaving) {
        this.ready = true;
        this.tellsAlive(now);
      }
    } else if (message === "RELOADING=1") this.reloads ||= this.ready;
    else if (message === "WATCHDOG=1") this.tellsAlive(now);
    else if (message === "STOPPING=1") {
      Object.assign(this, { ready: false, leaving: true, reloads: false });
      this.rests();
    }
  }

  /** Nobody waits for a WATCHDOG=1 any more. */
  rests(): void {
    this.isWatched = false;
    this.due = Infinity;
  }

  private tellsAlive(now: number): void {
    if (this.ready && this.isWatched) this.due = now + WATCHDOG;
  }
}

/** One life after the other, until the steps are over. */
class NotifySimulation {
  private readonly life = new NotifyLife({ "data/overlay/watchdog": `${WATCHDOG}\n` });
  private readonly judge = new Judge();
  private readonly steps: string[] = [];
  private strangers = 0;

  constructor(private readonly random: Random) {
    this.life.sessionOfStranger();
    this.judge.starts();
  }

  run(): string[] {
    for (let count = 0; count < STEPS; count++) {
      this.step();
      this.check();
    }
    return this.steps;
  }

  private step(): void {
    const { life, judge, random } = this;
    const roll = random.below(100);
    if (roll < 45 && judge.isUp) return this.message(random.pick(MESSAGES));
    if (roll < 55 && judge.isUp) {
      this.steps.push("a stranger");
      this.strangers++;
      return life.sendsAs(STRANGER, random.pick(MESSAGES));
    }
    if (roll < 85) return this.time(random.pick([1, 500, 999, 1500, 1999, 2000]));
    if (roll < 92 && judge.isUp) {
      return this.death("death", 0);
    }
    if (!judge.isUp) return;
    this.steps.push("s6-svc -r");
    judge.rests();
    life.world.send("r");
  }

  private message(message: string): void {
    this.steps.push(message);
    this.judge.hears(message, this.life.world.time);
    this.life.sends(message);
  }

  private time(milliseconds: number): void {
    const { life, judge } = this;
    // To where something is due, as it may have consequences.
    const step = Math.min(milliseconds, judge.due - life.world.time);
    this.steps.push(`${step} ms`);
    life.pass(step);
    if (!judge.isUp && life.world.children.length > 0) judge.starts();
    if (life.world.time < judge.due || judge.due === Infinity) return;
    equal(life.run.signals.at(-1), SIGNAL.ABRT, this.told);
    this.death("death by ABRT", SIGNAL.ABRT);
  }

  /** What has lived for a second is started again at once. */
  private death(step: string, status: number): void {
    this.steps.push(step);
    this.life.dies(status);
    this.judge.isUp = false;
    if (this.life.world.children.length > 0) this.judge.starts();
  }

  private get told(): string {
    return this.steps.join("\n");
  }

  private check(): void {
    const { life, judge, told } = this;
    life.world.check();
    equal(life.world.sockets.addresses().length, judge.isUp ? 1 : 0, told);
    equal(life.told?.ignored, this.strangers, told);
    if (!judge.isUp) return;
    const { ready, leaving, reloading, state } = life.service;
    const { ready: isReady, leaving: leaves, reloads } = judge;
    deepEqual([state, ready, leaving, reloading > 0], ["up", isReady, leaves, reloads], told);
    equal(life.isReady, isReady, told);
    equal(life.run.signals.includes(SIGNAL.ABRT), false, told);
  }
}

Deno.test("random lives of services that speak systemd's protocol are as the manual has them", () => {
  for (let seed = 0; seed < LIVES; seed++) new NotifySimulation(new Random(seed)).run();
});
