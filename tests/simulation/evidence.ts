// The log of a world as a witness goes through it: what came, and what has to be the next thing done.

import assert from "node:assert/strict";
import type { Instant } from "../../lib/os/os.ts";
import { encodeDeath } from "../../lib/supervise/death_tally.ts";
import { STAND_IN } from "./crowd.ts";
import type { Node } from "./disk.ts";
import type { Deed, Entry, News } from "./log.ts";
import { type Parameter, PARAMETERS, USUAL } from "./parameters.ts";
import type { World } from "./world.ts";

const [KILL, CONT] = [9, 18];
const UNWRITTEN = /unable to write status file: /;

export class Evidence {
  /** What must be on record, oldest first. */
  tally: readonly string[] = [];
  hasDownFile: boolean;
  private log: readonly Entry[] = [];
  private at = 0;
  /** Reports of parameters that make no sense, which come at moments of their own. */
  private invalid: string[] = [];
  /** Why each kind of trouble has been reported, and not been over since. */
  private readonly reported = new Map<string, string>();

  constructor(private readonly world: World, private readonly home: Node) {
    this.hasDownFile = home.entries.has("down");
  }

  take(log: readonly Entry[]): void {
    this.log = log.filter((entry) => !this.isOfParameter(entry));
    this.at = 0;
  }

  /** What must be so when nothing is being done. */
  atRest(due: readonly number[], open: number, status: string | undefined): void {
    const { timers } = this.world;
    const isTimed = (time: number): boolean => timers.some((timer) => timer.time === time);
    assert(timers.length === due.length && due.every(isTimed), "timers for what is due, and for nothing else");
    assert.equal(this.world.open.size, open, "what is open, and nothing else");
    const state = this.home.entries.get("supervise")?.entries;
    if (state === undefined) return;
    assert(status === undefined || state.get("status")!.content === status, "the status file is true");
    assert.equal(state.get("death_tally")!.content, this.tally.join(""), "the deaths on record");
  }

  /** What came next, if anything has; only news may stand here. */
  news(): News | undefined {
    const entry = this.log[this.at++];
    if (entry === undefined || "got" in entry) return entry;
    assert.fail(`nothing asked for ${show(entry)}`);
  }

  /** Nothing may be left. */
  close(): void {
    assert(this.invalid.length === 0, `not all of these make no sense: ${this.invalid.join()}`);
  }

  /** The status file with this content is what follows, or that it cannot be written. */
  isStatusNext(content: string): boolean {
    const next = this.log[this.at];
    if (next === undefined || !("did" in next)) return false;
    if (next.did === "report") return UNWRITTEN.test(next.line) && !this.isReport(this.log[this.at + 1]);
    return next.did === "status" && next.content === content;
  }

  /** A change of the status is published as well, which fails in a directory that is removed. */
  private isReport(entry: Entry | undefined): boolean {
    return entry !== undefined && "did" in entry && entry.did === "report";
  }

  /** This has been done next. */
  next<D extends Deed["did"]>(did: D): Extract<Deed, { did: D }> {
    const entry = this.log[this.at++];
    if (entry === undefined || !("did" in entry) || entry.did !== did) {
      assert.fail(`${did} has to follow, not ${entry === undefined ? "nothing" : show(entry)}`);
    }
    return entry as Extract<Deed, { did: D }>;
  }

  /** Trouble is reported when it first happens, and again when its cause changes. */
  trouble(kind: string, why: string, text: RegExp): void {
    if (this.reported.get(kind) === why) return;
    this.reported.set(kind, why);
    this.report(text);
  }

  over(kind: string): void {
    this.reported.delete(kind);
  }

  report(text: RegExp): void {
    assert.match(this.next("report").line.replace("s6-supervise svc: warning: ", ""), text);
  }

  /** What the file means; if it means nothing, that must have been reported. */
  parameter(name: Parameter): number | undefined {
    const content = this.home.entries.get(name)?.content;
    if (content === undefined) return USUAL[name];
    const value = (PARAMETERS[name] as Readonly<Record<string, number | undefined>>)[content];
    if (value !== undefined) return value;
    const report = this.invalid.indexOf(`s6-supervise svc: warning: invalid ${name}`);
    assert(report >= 0, `invalid ${name} is reported`);
    this.invalid.splice(report, 1);
    return USUAL[name];
  }

  // What is done

  kill(pid: number, signal: number): void {
    if (Math.abs(pid) === STAND_IN) return assert.equal(this.next("signal").signal, signal);
    const deed = this.next("kill");
    assert(deed.pid === pid && deed.signal === signal, `${signal} to ${pid} is asked for, not ${show(deed)}`);
    if (deed.refused) this.trouble("signal", "EPERM", /^unable to send a signal: /);
    else this.over("signal");
  }

  /** A letter has sent its signal, by default that of a parameter, to the process or its group. */
  passed(letter: string, signal: number | undefined, pid: number): void {
    const file = letter === "l" ? "reload-signal" : "down-signal";
    this.kill("PCK".includes(letter) ? -pid : pid, signal ?? this.parameter(file)!);
  }

  /** The process was asked to stop. Returns its timeout-kill. */
  stopped(pid: number): number {
    const signal = this.parameter("down-signal")!;
    const timeout = this.parameter("timeout-kill")!;
    this.kill(pid, signal);
    this.kill(pid, CONT);
    return timeout;
  }

  /** The process, run or finish, has had its time. */
  killed(pid: number, isFinish: boolean): void {
    if (isFinish) {
      this.report(/finish script lifetime reached maximum value - sending it a SIGKILL/);
      this.kill(pid, CONT);
    }
    this.kill(pid, KILL);
  }

  /** The status file is written with this content. False if it could not be. */
  status(expected: string): boolean {
    if (!this.home.linked) {
      this.trouble("status", "ENOENT", UNWRITTEN);
      return false;
    }
    const { content, place, written } = this.next("status");
    assert.equal(content, expected, "the status that is written");
    if (!written) this.trouble("status", "ENOSPC", UNWRITTEN);
    else {
      assert.equal(place, this.home.entries.get("supervise"), "the status file is in its place");
      this.over("status");
    }
    return written;
  }

  published(letters: string): void {
    if (!this.home.linked) return this.trouble("events", "ENOENT", /^unable to send events: /);
    this.over("events");
    assert.equal(this.next("publish").letters, letters, "the events");
  }

  downFile(present: boolean): void {
    const kind = present ? "create down" : "remove down";
    if (!present && (!this.hasDownFile || !this.home.linked)) return this.over(kind);
    const { done, place, ...deed } = this.next("down");
    assert.equal(deed.present, present);
    if (!done) return this.trouble(kind, this.cause, /^unable to create down: /);
    assert.equal(place, this.home, "the file down is in its place");
    this.over(kind);
    this.hasDownFile = present;
  }

  /** A death that belongs in the record. */
  death(stamp: Instant, status: number): void {
    const most = this.parameter("max-death-tally")!;
    if (most > 0 && (!this.home.linked || this.world.weather.disk !== "free")) {
      return this.trouble("tally", this.cause, /^unable to write supervise\/death_tally: /);
    }
    this.over("tally");
    if (most === 0) return;
    const signal = status & 0x7f;
    const record = encodeDeath({ stamp, code: signal ? 128 + signal : status >> 8, signal });
    this.tally = [...this.tally, record].slice(-most);
  }

  /** Why nothing can be written. */
  private get cause(): string {
    return this.home.linked ? "ENOSPC" : "ENOENT";
  }

  private isOfParameter(entry: Entry): boolean {
    if (!("did" in entry) || entry.did !== "report" || !entry.line.includes(": invalid ")) return false;
    this.invalid.push(entry.line);
    return true;
  }
}

function show(entry: Entry): string {
  return JSON.stringify(entry, (key, value) => key === "place" || key === "content" ? undefined : value);
}
