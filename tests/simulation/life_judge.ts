// The rules of a container's life, read off the manual and checked by what is seen from outside: what ran when, what
// was recorded, when it ended. It knows nothing of the table.

import assert from "node:assert/strict";

export class LifeJudge {
  /** The first code that anything had to say, as long as it counts. */
  private code: number | undefined;
  /** What it came from has the container wait for its services. */
  private waits = true;
  private recordedCode: number | undefined;
  private stopAt: number | undefined;
  private hasLeft = false;
  private told = 0;
  private commands = 0;
  private endings = 0;
  /** Rounds of cont-finish.d and of the last signals: how many began, how many ended. */
  private readonly rounds = { "last scripts": [0, 0], "last signals": [0, 0] };
  /** Since when services go down in order, and when they have. */
  private order: { over?: number } | undefined;
  private cutOff = false;
  private isImpossible = false;

  /** @param grace milliseconds that the settings give to a stop */
  constructor(private readonly now: () => number, private readonly grace: () => number) {}

  get stops(): boolean {
    return this.stopAt !== undefined;
  }

  get isOver(): boolean {
    return this.endings > 0;
  }

  /** The code that finish scripts and the end find recorded. */
  get recorded(): number | undefined {
    return this.recordedCode;
  }

  /** Something has a code for the container: the first one counts, those of what was given up do not. */
  cause(code: number, waits: boolean): void {
    if (this.code === undefined) this.waits = waits;
    this.code ??= code;
  }

  record(code: number): void {
    assert(!this.isOver, "nothing is recorded behind the end");
    this.recordedCode = code;
    assert.equal(code, this.code, "the code is that of the first cause");
  }

  recordIfFirst(code: number): void {
    if (this.recordedCode === undefined) this.record(code);
  }

  stopBegins(): void {
    assert.equal(this.stopAt, undefined, "a stop begins once");
    this.stopAt = this.now();
  }

  orderBegins(): void {
    assert.equal(this.order, undefined, "services go down in order once");
    assert(this.stops && this.told === 0, "services go down in order before they are told to end");
    this.order = {};
  }

  orderEnds(): void {
    this.order!.over = this.now();
  }

  servicesTold(wait: boolean): void {
    assert.equal(++this.told, 1, "services are told once");
    if (this.order !== undefined) assert(wait, "what went down in order is waited for");
    else if (this.code !== undefined) {
      assert.equal(wait, this.waits, "the end of the boot or the command is not waited behind");
    }
  }

  left(): void {
    this.hasLeft = true;
  }

  commandStarts(): void {
    assert.equal(++this.commands, 1, "the command runs once");
    assert(!this.stops, "nothing starts once a stop has begun");
  }

  scriptStarts(): void {
    assert(!this.stops, "nothing starts once a stop has begun");
    assert.equal(this.commands, 0, "scripts come before the command");
  }

  begins(round: "last scripts" | "last signals"): void {
    assert(this.stops && this.hasLeft, `the scanner has left before the ${round}`);
    assert.equal(++this.rounds[round][0]!, 1, `the ${round} come once`);
    if (round === "last signals") assert.equal(this.rounds["last scripts"][1], 1, "the last scripts have ended");
  }

  ends(round: "last scripts" | "last signals"): void {
    this.rounds[round][1]!++;
  }

  timeIsOver(): void {
    assert(this.now() >= this.stopAt! + this.grace() + 4000, "only a stop that takes too long is cut off");
    this.cutOff = true;
  }

  /** A part of the end cannot be had: the container ends as it is. */
  endIsImpossible(code: number): void {
    this.cause(code, true);
    this.cutOff = this.isImpossible = true;
  }

  over(): void {
    assert.equal(++this.endings, 1, "a container ends once");
    if (!this.isImpossible) assert.equal(this.rounds["last scripts"][0], 1, "the finish scripts have been run");
    if (!this.cutOff) assert.equal(this.rounds["last signals"][1], 1, "the last signals have been sent");
    assert.equal(this.recordedCode, this.code, "what is recorded is the first cause");
  }

  /** @param goneSince when the last service ended, with its loggers still there */
  checkLeft(goneSince: number): void {
    if (this.order !== undefined && this.order.over === undefined) return;
    const since = Math.max(goneSince, this.order?.over ?? this.stopAt ?? 0);
    const isOverdue = this.stops && !this.hasLeft && this.now() > since + 600;
    assert(!isOverdue, "loggers alone are not waited for");
  }

  /** @param beside milliseconds that finish scripts with bounds of their own have taken */
  checkTime(beside: number): void {
    if (this.stopAt === undefined || this.isOver) return;
    const AROUND = 500 + 4 * 1000; // between the waits, and until it is cut off
    const late = this.now() - (this.stopAt + this.grace() + beside + AROUND);
    assert(late <= 1, `a stop ends in time: ${late} ms late`);
  }
}
