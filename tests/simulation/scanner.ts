// One simulated life of a scanner. What is checked is seen from outside: processes, descriptors, timers, and its own view.

import assert from "node:assert/strict";
import { Environment } from "../../lib/environment.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { SCANNER_COMMANDS, SCANNER_SIGNALS, SERVICE_COMMANDS } from "../../lib/supervise/control.ts";
import type { Condition, ServiceView } from "../../lib/supervise/ports.ts";
import type { Scanner, ScannerOptions } from "../../lib/supervise/scanner_port.ts";
import { openScanner } from "../../lib/supervise/scanner.ts";
import type { Random } from "../random/random.ts";
import type { CrowdProcess } from "./crowd.ts";
import { Premises } from "./premises.ts";
import { type ScannerLimits, ScannerRules } from "./scanner_rules.ts";
import { FINE, World } from "./world.ts";

const PIDS = 60;
const TIMES = [0, 1, 400, 1000, 1001, 3000, 10_000, 60_000];
const DEATHS = [0, 0, 7 << 8, 125 << 8, 9, 15];
const COMMANDS = [...Object.keys(SCANNER_COMMANDS).filter((letter) => !"tiqb".includes(letter)), "a", "a", "h", "?"];
const HANDLED = Object.keys(SCANNER_SIGNALS).filter((name) => !["INT", "TERM", "QUIT"].includes(name));
const CONDITIONS: readonly Condition[] = ["up", "ready", "down", "finished", "gone"];
const MOST_TURNS = 200;

type Step = readonly [share: number, step: () => void];

export class ScannerSimulation {
  private readonly world = new World(PIDS);
  private readonly premises: Premises;
  private readonly scanner: Scanner;
  private readonly options: ScannerLimits & Pick<ScannerOptions, "rescanEvery" | "loggersLast">;
  private readonly rules: ScannerRules;
  private left = 0;
  /** The last scan saw the directory as it is now. */
  private isScanned = false;
  private isWaiting = false;
  private readonly steps: readonly Step[] = [
    [19, () => this.change()],
    [2, () => this.comeAndGo()],
    [17, () => this.command()],
    [14, () => this.serviceLetters()],
    [14, () => this.time()],
    [14, () => this.death()],
    [4, () => this.notification()],
    [6, () => this.changeWeather()],
    [3, () => this.signal()],
    [3, () => this.stranger()],
    [4, () => this.wait()],
  ];

  constructor(private readonly random: Random, private readonly trace: (step: string) => void = () => {}) {
    const { ports } = this.world;
    this.premises = new Premises(this.world, random);
    this.options = {
      capacity: random.pick([undefined, undefined, 2]),
      longestName: random.pick([undefined, 5]),
      rescanEvery: random.pick([undefined, 0, 5000]),
      loggersLast: random.chance(0.5),
    };
    this.scanner = openScanner(ports, {
      ...this.options,
      directory: "scan",
      environment: Environment.empty,
      onLeft: () => this.leave(),
    });
    this.rules = new ScannerRules(this.world, this.premises, this.scanner, this.options);
  }

  run(steps: number): void {
    for (let count = 0; count < steps; count++) this.randomStep();
    this.step("fine weather", () => this.clear());
    if (this.random.chance(0.3)) this.rest();
    this.bringDown();
  }

  private randomStep(): void {
    let roll = this.random.below(100);
    for (const [share, step] of this.steps) {
      roll -= share;
      if (roll < 0) return step();
    }
  }

  // The steps

  private change(): void {
    this.isScanned = false;
    this.step(...this.premises.change());
  }

  /** A service with a logger is out of sight until one of them has ended, and then there again. */
  private comeAndGo(): void {
    const logger = this.scanner.services().find(({ isLogger, supervised }) => isLogger && supervised);
    const name = logger?.name.replace(/\/log$/, "");
    const home = this.world.files.entry(`scan/${name}`);
    if (logger === undefined || home?.kind !== "directory" || this.world.files.has(`elsewhere/${name}`)) return;
    const scan = (): void => this.world.send("a", "scan/.s6-svscan/control");
    this.isScanned = false;
    this.step(`${name} goes`, () => this.premises.move(`scan/${name}`, `elsewhere/${name}`));
    this.step("scan", scan);
    const half = this.random.pick([logger.name, name]);
    this.step(`${half} ends`, () => {
      this.world.send("x", `elsewhere/${half}/supervise/control`);
      const process = this.world.children.find(({ name, state }) => name === half && state !== "zombie");
      if (process !== undefined) this.world.die(process, 0);
      this.world.ports.reaper.reap();
    });
    this.step(`${name} comes back`, () => this.premises.move(`elsewhere/${name}`, `scan/${name}`));
    this.step("scan", scan);
    this.step("prune", () => this.world.send("n", "scan/.s6-svscan/control"));
    this.isScanned = this.isFine;
    this.letDie();
  }

  private command(): void {
    const { random } = this;
    const letters = Array.from({ length: 1 + random.below(3) }, () => random.pick(COMMANDS)).join("");
    this.step(`scanner letters ${letters}`, () => this.world.send(letters, "scan/.s6-svscan/control"));
    if (!/[ah][^ah]*$/.test(letters) || !this.isFine) return;
    // What a prune ends at once, or is found dead, leaves room that only the next scan fills.
    const isPruned = /[hnNz]/.test(letters);
    this.rules.checkScan(isPruned);
    this.isScanned ||= !isPruned;
  }

  private get isFine(): boolean {
    return JSON.stringify(this.world.weather) === JSON.stringify(FINE);
  }

  private serviceLetters(): void {
    const { random } = this;
    const view = this.anyView();
    if (view === undefined) return;
    const letter = (): string =>
      random.pick(random.chance(0.6) ? ["u", "d", "o", "D", "U", "x"] : Object.keys(SERVICE_COMMANDS));
    // What comes with an x may start what is left to itself then, and is not supervised any more.
    const letters = `${letter()}${random.chance(0.3) ? letter() : ""}`.replace(/.x|x./, "x");
    this.step(`${view.name} letters ${letters}`, () => {
      this.world.send(letters, `${view.directory}/supervise/control`);
    });
  }

  private time(): void {
    const [time, late] = [this.random.pick(TIMES), this.random.chance(0.1)];
    this.step(`${time} ms${late ? ", late" : ""}`, () => this.world.pass(time, late));
  }

  private death(): void {
    const process = this.anyProcess();
    if (process === undefined) return;
    const [status, now] = [this.random.pick(DEATHS), this.random.chance(0.8)];
    this.step(`death of ${process.script} ${process.name} ${status}${now ? "" : ", unnoticed"}`, () => {
      this.world.die(process, status);
      if (now) this.world.ports.reaper.reap();
    });
  }

  private notification(): void {
    const process = this.anyProcess();
    if (process !== undefined) this.step("notification", () => this.world.notify(process, "\n"));
  }

  private changeWeather(): void {
    const { random } = this;
    const { weather } = this.world;
    const bad = random.chance(0.6);
    weather.disk = bad && random.chance(0.3) ? random.pick(["full", "tight"]) : "free";
    weather.noStart = bad && random.chance(0.3) ? random.pick(["EAGAIN", "ENOMEM", "exec"]) : undefined;
    weather.noPipes = bad && random.chance(0.2);
    weather.openings = bad && random.chance(0.4) ? random.below(9) : Infinity;
    weather.noScan = bad && random.chance(0.2);
    this.world.reapsLate = bad && random.chance(0.2);
    this.step(() => `weather ${JSON.stringify(weather)}`, () => {});
  }

  private signal(): void {
    const { random } = this;
    const name = random.pick([...HANDLED, "ALRM"]);
    const path = `scan/.s6-svscan/SIG${name}`;
    const { files, weather, ports } = this.world;
    if (random.chance(0.5)) this.step(`a handler of SIG${name}`, () => void files.put(path, "file"));
    else this.step(`no handler of SIG${name}`, () => void files.remove(path));
    this.step(`SIG${name}`, () => {
      // Only the handler is of interest here.
      this.world.subscribers.get(SIGNAL[name as keyof typeof SIGNAL])!(SIGNAL[name as keyof typeof SIGNAL]);
      const handled = name !== "ALRM" && files.has(path) && weather.noStart === undefined;
      const handlers = this.world.children.filter(({ script }) => script === path.slice("scan/".length));
      assert(handlers.length >= Number(handled), "a handler runs where there is one");
      for (const handler of handlers) if (handler.state !== "zombie") this.world.die(handler, 0);
      ports.reaper.reap();
    });
  }

  private stranger(): void {
    const { crowd, ports } = this.world;
    if (this.random.chance(0.5)) return this.step("a stranger comes", () => crowd.strangerComes());
    this.step("a stranger goes", () => {
      crowd.strangerGoes(this.random.chance(0.5));
      ports.reaper.reap();
    });
  }

  private wait(): void {
    const { random } = this;
    const condition = random.pick(CONDITIONS);
    const names = random.chance(0.5) ? undefined : [random.pick(["a", "b", "b/log", "nobody"])];
    this.step(`wait until ${names?.join() ?? "all"} ${condition}`, () => {
      this.rules.wait(condition, names);
    });
  }

  private anyView(): ServiceView | undefined {
    const views = this.scanner.services();
    return views.length === 0 ? undefined : this.random.pick(views);
  }

  private anyProcess(): CrowdProcess | undefined {
    const living = this.world.children.filter(({ state }) => state !== "zombie");
    return living.length === 0 ? undefined : this.random.pick(living);
  }

  // What must hold

  private step(name: string | (() => string), action: () => void): void {
    this.trace(`${this.world.time}: ${typeof name === "string" ? name : name()}`);
    action();
    this.world.check();
    this.rules.checkProcesses();
    this.rules.checkWaits();
    this.rules.checkOpen();
  }

  private letDie(): void {
    this.step("those die who have a reason to", () => {
      for (const process of this.world.children) if (isToDie(process)) this.world.die(process, 15);
      this.world.ports.reaper.reap();
    });
  }

  private clear(): void {
    Object.assign(this.world.weather, FINE);
    this.world.reapsLate = false;
    this.world.ports.reaper.reap();
  }

  /** Left alone, it comes to rest: what is due is only what is wanted and does not work. */
  private rest(): void {
    this.letDie();
    this.step("three minutes", () => this.world.pass(180_000));
    if (this.isScanned) this.rules.checkScan(true);
    const views = this.scanner.services();
    for (const { name, directory, supervised, isLogger } of views) {
      const home = this.world.files.node(directory);
      const isFree = home !== undefined && this.isScanned && !isLogger && !this.premises.isObstructed(home);
      // One half that has lost its pipe waits for the end of the other.
      const isHalf = views.some((view) => view.supervised && view.name === `${name}/log`);
      assert(supervised || !isFree || isHalf, `${name} has a supervisor again`);
    }
    const trying = views.filter((view) => !view.supervised || view.wantedUp && view.pid === 0).length;
    const scan = this.options.rescanEvery || this.premises.isOdd ? 1 : 0;
    assert(this.world.timers.length <= trying + scan, "nothing wakes up where nothing is to be done");
  }

  private bringDown(): void {
    const letter = this.random.pick(["t", "q", "b", "tb", "i", ""]);
    this.isWaiting = letter !== "" && !letter.includes("b");
    const known = new Set(this.scanner.services().map(({ name }) => name));
    this.step(`scanner letters ${letter}`, () => this.world.send(letter, "scan/.s6-svscan/control"));
    if (letter.includes("b")) assert.equal(this.left, 1, "b does not wait");
    if (letter !== "") {
      this.premises.add("late");
      this.step("too late a scan", () => this.scanner.rescan());
      assert(this.scanner.services().every(({ name }) => known.has(name)), "nothing starts once all is to stop");
    }
    if (this.isWaiting) this.waitForEnd();
    this.scanner.close();
    assert.equal(this.left, letter === "" ? 0 : 1, "one leaves once");
    const { open, watched, timers, subscribers, locked } = this.world;
    assert.deepEqual([open.size, watched.size, timers.length, locked.size], [0, 0, 0, 0], "nothing stays");
    assert.deepEqual([...subscribers.keys()], [SIGNAL.CHLD], "no signal is listened to");
  }

  private leave(): void {
    this.left++;
    assert(!this.isWaiting || this.rules.isOver(this.options.loggersLast), "all have ended");
  }

  private waitForEnd(): void {
    for (let turns = 0; this.left === 0; turns++) {
      assert(turns < MOST_TURNS, "a stop comes to its end");
      this.letDie();
      this.step("a second", () => this.world.pass(1000));
    }
  }
}

function isToDie({ state, script, input, signals, name }: CrowdProcess): boolean {
  if (state === "zombie") return false;
  const told = signals.some((signal) => signal !== SIGNAL.CONT && signal !== SIGNAL.STOP);
  return told || script === "finish" || input?.writers === 0 || name === "s6-svscan-log";
}
