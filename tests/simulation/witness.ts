// What s6's manual has a supervisor do, written down a second time and in another way than the table of lib/supervise:
// it reads the log of a world, knows from what came to the supervisor what has to follow, and objects to everything else.

import assert from "node:assert/strict";
import { encodeDeath } from "../../lib/supervise/death_tally.ts";
import { encodeStatus } from "../../lib/supervise/status.ts";
import type { Node } from "./disk.ts";
import type { Deed, Entry, News } from "./log.ts";
import { type Parameter, PARAMETERS, USUAL } from "./parameters.ts";
import type { World } from "./world.ts";

const SIGNALS: Readonly<Record<string, number>> = {
  ...{ a: 14, b: 6, q: 3, h: 1, k: 9, t: 15, i: 2, 1: 10, 2: 12, p: 19, c: 18, y: 28 },
};
const [INT, KILL, CONT, STOP] = [2, 9, 18, 19];
const NEVER = Infinity;
const instant = (wall: number): { seconds: number; nanoseconds: number } => ({
  seconds: Math.floor(wall / 1000),
  nanoseconds: Math.floor(wall - Math.floor(wall / 1000) * 1000) * 1_000_000,
});

type DeedOf<D extends Deed["did"]> = Extract<Deed, { did: D }>;

export class Witness {
  life: "down" | "up" | "finish" = "down";
  ended = false;
  pid = 0;
  wanted: boolean;
  /** Moments on the clock that only moves forward: when something is due, and when the status file is tried again. */
  deadline = NEVER;
  retryAt = NEVER;
  /** The notification pipe is open. */
  listens = false;
  hasDownFile: boolean;
  #last = false;
  #paused = false;
  #ready = true;
  #dying = false;
  #readyAt: number | undefined;
  #stamp: number;
  #readyStamp: number;
  #lastStatus = 0;
  #tally: string[] = [];
  readonly #invalid: string[] = [];
  #untold = { status: false, letters: "" };
  readonly #reported = new Map<string, string>();
  #log: readonly Entry[] = [];
  #at = 0;
  #time = 0;
  #wall = 0;

  constructor(private readonly world: World, private readonly home: Node) {
    this.#stamp = this.#readyStamp = world.clock.wall;
    this.wanted = !home.entries!.has("down");
    this.hasDownFile = !this.wanted;
  }

  /** Reads what has happened to its end. */
  follow(log: readonly Entry[]): void {
    [this.#log, this.#at] = [log.filter((entry) => !this.#isOfParameter(entry)), 0];
    while (this.#at < this.#log.length) {
      const entry = this.#log[this.#at++]!;
      if (!("got" in entry)) assert.fail(`nothing asked for ${show(entry)}`);
      [this.#time, this.#wall] = [entry.time, entry.wall];
      if (entry.got === "begin") this.#begin();
      else if (entry.got === "death" && (entry.pid !== this.pid || this.pid === 0)) continue;
      else if (entry.got === "timer" && this.#isRetry(entry.due)) this.#expectStatus();
      else if (entry.got !== "letters") this.#take(() => this.#hear(entry));
      else for (const letter of entry.letters.replaceAll(/[^a-zA-Z12]/g, "")) this.#take(() => this.#obey(letter));
    }
    assert.equal(this.#invalid.join(), "", "only values that make no sense are reported");
  }

  /** When a parameter is read, and its value reported, is nobody's business; that it is, once each time, is checked. */
  #isOfParameter(entry: Entry): boolean {
    if (!("did" in entry) || entry.did !== "report" || !entry.line.includes(": invalid ")) return false;
    this.#invalid.push(entry.line);
    return true;
  }

  /** What must be so whenever nothing is being done. */
  check(): void {
    const { world, home } = this;
    const due = [this.deadline, this.retryAt].filter((time) => time !== NEVER).sort((a, b) => a - b);
    const timers = world.timers.map(({ time }) => time).sort((a, b) => a - b);
    assert.equal(timers.join(), due.join(), "what is due, and nothing else");
    assert.equal(world.open.size, this.ended ? 0 : this.listens ? 4 : 3, "what is open, and nothing else");
    const state = home.entries!.get("supervise")?.entries;
    if (state === undefined) return;
    if (this.retryAt === NEVER && !this.ended) {
      assert.equal(state.get("status")!.content, this.#status(), "the status file is true");
    }
    assert.equal(state.get("death_tally")!.content, this.#tally.join(""), "the deaths on record");
  }

  /** What follows from one event, to its end. */
  #take(event: () => void): void {
    if (this.ended) return;
    event();
    // A restart that is due needs no timer.
    if (!this.ended && this.life === "down" && this.wanted && this.deadline <= this.#time) this.#start();
    const { status, letters } = this.#untold;
    this.#untold = { status: false, letters: "" };
    if (status) this.#expectStatus();
    if (letters !== "") this.#expectPublished(letters);
    if (this.ended) this.#next("end");
  }

  /** The start is due at once, a turn of the event loop later. */
  #begin(): void {
    this.deadline = this.wanted ? this.#time : NEVER;
    this.#expectStatus();
    this.#expectPublished("s");
  }

  #hear(news: Exclude<News, { got: "letters" | "begin" }>): void {
    switch (news.got) {
      case "term":
        if (this.life === "down") return this.#end();
        if (this.life === "up") this.#stop();
        else if (!this.#last) this.#next("detach");
        this.#last = true;
        return;
      case "hup":
        return this.#leave();
      case "int":
        if (this.life !== "down") this.#kill(-this.pid, INT);
        return this.#end();
      case "quit":
        return this.#end();
      case "death":
        return this.life === "up" ? this.#runDied(news.status) : this.#finishDied(news.status);
      case "notification":
        return this.#notified(news.text);
      case "timer":
        return this.#due(news.due);
    }
  }

  #obey(letter: string): void {
    if (letter === "x") return this.#leave();
    const signal = letter === "r" ? undefined : SIGNALS[letter];
    if (signal !== undefined || letter === "r") return this.#pass(letter, signal);
    if ("DQ".includes(letter)) this.#expectDownFile(true);
    if (letter === "U") this.#expectDownFile(false);
    if (!"duDUoOQ".includes(letter)) return;
    this.#wish("uU".includes(letter));
    if (this.life === "down" && "uUo".includes(letter)) this.#start();
    else if (this.life === "up" && "dD".includes(letter)) this.#stop();
  }

  #pass(letter: string, signal: number | undefined): void {
    if (this.life !== "up") return;
    this.#kill(this.pid, signal ?? this.#parameter("down-signal")!);
    if (letter !== "p" && letter !== "c") return;
    this.#paused = signal === STOP;
    this.#tell("");
  }

  #wish(up: boolean): void {
    this.wanted = up;
    if (this.life === "down" && !up) this.deadline = NEVER;
    this.#tell("");
  }

  #start(): void {
    this.deadline = NEVER;
    const [why, wait] = this.#tryStart();
    if (wait !== undefined) {
      this.#expectTrouble("run", why, /^unable to (spawn \.\/run - waiting|start service|open supervise\/service-lock)/);
      if (this.wanted) this.deadline = this.#time + wait;
      return;
    }
    this.#reported.delete("run");
    this.life = "up";
    this.#ready = false;
    this.#readyAt = undefined;
    this.#stamp = this.#wall;
    this.#tell("u");
  }

  /** Why it did not start, and how long to wait then. */
  #tryStart(): [string, number | undefined] {
    const lock = this.#parameter("lock-fd");
    const notification = this.#parameter("notification-fd");
    if (lock !== undefined) {
      const file = this.home.entries!.get("supervise")?.entries!.get("service-lock");
      if (file === undefined) return ["no service-lock", 60_000];
      if (this.world.weather.serviceLocked) this.#expectReport(/another instance of the service is already running/);
      if (lock === notification) return ["the same", NEVER];
    }
    if (notification !== undefined && !this.#next("pipe").made) return ["EMFILE", 60_000];
    const { pid, why = "", argv, script } = this.#next("start");
    assert.equal(script, "run");
    assert.equal(argv.at(-1), "svc", "run gets its name");
    if (pid === undefined) return [why, why === "EAGAIN" || why === "ENOMEM" ? 60_000 : 10_000];
    this.pid = pid;
    this.listens = notification !== undefined;
    return ["", undefined];
  }

  #stop(): void {
    const signal = this.#parameter("down-signal")!;
    const timeout = this.#parameter("timeout-kill")!;
    this.#kill(this.pid, signal);
    this.#kill(this.pid, CONT);
    this.wanted = this.#paused = false;
    if (timeout > 0) [this.#dying, this.deadline] = [true, this.#time + timeout];
    this.#tell("");
  }

  #leave(): void {
    if (this.life === "down") return this.#end();
    this.#last = true;
    this.#next("detach");
  }

  #end(): void {
    this.ended = true;
    this.deadline = this.retryAt = NEVER;
    this.listens = false;
    this.#untold.letters += "x";
  }

  #notified(text: string): void {
    assert(this.listens, "nobody reads a pipe that is closed");
    if (!text.includes("\n")) {
      if (text === "") this.listens = false;
      return;
    }
    this.listens = false;
    this.#ready = true;
    this.#readyAt = this.#time;
    this.#readyStamp = this.#wall;
    this.#tell("U");
  }

  #runDied(status: number): void {
    this.life = "finish";
    this.pid = 0;
    this.listens = this.#paused = this.#ready = this.#dying = false;
    [this.#stamp, this.#lastStatus, this.deadline] = [this.#wall, status, NEVER];
    this.#recordDeath(status);
    if (this.home.entries!.has("finish")) {
      const { pid, why = "", argv, script } = this.#next("start");
      const signal = status & 0x7f;
      assert.deepEqual([script, ...argv], ["finish", "finish", `${signal ? 256 : status >> 8}`, `${signal}`, "svc"]);
      if (pid === undefined) this.#expectTrouble("finish", why, /^unable to spawn \.\/finish: /);
      else {
        this.#reported.delete("finish");
        this.pid = pid;
        const timeout = this.#parameter("timeout-finish")!;
        this.deadline = timeout === 0 ? NEVER : this.#time + timeout;
        return this.#tell("d");
      }
    }
    this.#settle("dD");
  }

  #finishDied(status: number): void {
    if (status !== 125 << 8) return this.#settle("D");
    this.wanted = false;
    this.#settle("OD");
  }

  #settle(letters: string): void {
    this.life = "down";
    this.pid = 0;
    this.#ready = true;
    this.#readyStamp = this.#wall;
    this.deadline = this.wanted ? Math.max(this.#time, (this.#readyAt ?? this.#time) + 1000) : NEVER;
    this.#tell(letters);
    if (this.#last) this.#end();
  }

  /** The status file is tried again. What follows tells, where something else is due at the same moment. */
  #isRetry(due: number): boolean {
    const next = this.#log[this.#at];
    return due === this.retryAt && (due !== this.deadline || next !== undefined && "did" in next && next.did === "status");
  }

  #due(due: number): void {
    assert.equal(due, this.deadline, "nothing else is due");
    if (this.life === "down") return this.#start();
    this.deadline = this.#time + 5000;
    if (this.life === "finish") {
      this.#expectReport(/finish script lifetime reached maximum value - sending it a SIGKILL/);
      this.#kill(this.pid, CONT);
    } else assert(this.#dying, "only what was asked to stop is killed");
    this.#kill(this.pid, KILL);
  }

  #recordDeath(status: number): void {
    const most = this.#parameter("max-death-tally")!;
    const missing = !this.home.linked;
    if (most > 0 && (missing || this.world.weather.disk !== "free")) {
      return this.#expectTrouble("tally", missing ? "ENOENT" : "ENOSPC", /^unable to write supervise\/death_tally: /);
    }
    this.#reported.delete("tally");
    const signal = status & 0x7f;
    const record = encodeDeath({ stamp: instant(this.#wall), code: signal ? 128 + signal : status >> 8, signal });
    if (most > 0) this.#tally = [...this.#tally, record].slice(-most);
  }

  // What it must do

  #tell(letters: string): void {
    this.#untold = { status: true, letters: this.#untold.letters + letters };
  }

  #kill(pid: number, signal: number): void {
    const deed = this.#next("kill");
    assert.deepEqual([deed.pid, deed.signal], [pid, signal], "the signals asked for");
    if (deed.refused) this.#expectTrouble("signal", "EPERM", /^unable to send a signal: /);
    else this.#reported.delete("signal");
  }

  #expectStatus(): void {
    const { content, place, written } = this.#next("status");
    assert.equal(content, this.#status(), "the status that is written");
    this.retryAt = NEVER;
    if (written) {
      assert.equal(place, this.home.entries!.get("supervise"), "the status file is in its place");
      return void this.#reported.delete("status");
    }
    this.#expectTrouble("status", this.home.linked ? "ENOSPC" : "ENOENT", /^unable to write status file: /);
    // In a directory that has been removed there will never be one.
    if (this.home.linked && !this.ended) this.retryAt = this.#time + 1000;
  }

  #status(): string {
    return encodeStatus({
      stamp: instant(this.#stamp),
      readyStamp: instant(this.#readyStamp),
      pid: this.pid,
      lastStatus: this.#lastStatus,
      paused: this.#paused,
      finishing: this.life === "finish",
      wantedUp: this.wanted,
      ready: this.#ready,
    });
  }

  #expectPublished(letters: string): void {
    if (!this.home.linked) return this.#expectTrouble("events", "ENOENT", /^unable to send events: /);
    this.#reported.delete("events");
    assert.equal(this.#next("publish").letters, letters, "the events");
  }

  #expectDownFile(present: boolean): void {
    const kind = present ? "create down" : "remove down";
    if (!present && (!this.hasDownFile || !this.home.linked)) return void this.#reported.delete(kind);
    const { done, place, ...deed } = this.#next("down");
    assert.equal(deed.present, present);
    if (!done) return this.#expectTrouble(kind, this.home.linked ? "ENOSPC" : "ENOENT", /^unable to create down: /);
    assert.equal(place, this.home, "the file down is in its place");
    this.#reported.delete(kind);
    this.hasDownFile = present;
  }

  /** It is reported when it first happens, and again when its cause changes. */
  #expectTrouble(kind: string, why: string, text: RegExp): void {
    if (this.#reported.get(kind) === why) return;
    this.#reported.set(kind, why);
    this.#expectReport(text);
  }

  #expectReport(text: RegExp): void {
    assert.match(this.#next("report").line.replace("s6-supervise svc: warning: ", ""), text);
  }

  #parameter(name: Parameter): number | undefined {
    const content = this.home.entries!.get(name)?.content;
    if (content === undefined) return USUAL[name];
    const value = (PARAMETERS[name] as Readonly<Record<string, number | undefined>>)[content];
    if (value === undefined) {
      const report = this.#invalid.indexOf(`s6-supervise svc: warning: invalid ${name}`);
      assert(report >= 0, `invalid ${name} is reported`);
      this.#invalid.splice(report, 1);
    }
    return value ?? USUAL[name];
  }

  #next<D extends Deed["did"]>(did: D): DeedOf<D> {
    const entry = this.#log[this.#at++];
    if (entry === undefined || !("did" in entry) || entry.did !== did) {
      assert.fail(`${did} has to follow, not ${entry === undefined ? "nothing" : show(entry)}`);
    }
    return entry as DeedOf<D>;
  }
}

function show(entry: Entry): string {
  return JSON.stringify(entry, (key, value) => key === "place" || key === "content" ? undefined : value);
}
