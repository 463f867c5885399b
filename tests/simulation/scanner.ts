// One simulated life of a scanner: directories, links and files that come and go, commands, signals, deaths, failures
// and time. What is checked is seen from outside: processes, descriptors, timers, and what the scanner says of itself.

import assert from "node:assert/strict";
import { Environment } from "../../lib/environment.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { SCANNER_COMMANDS, SCANNER_SIGNALS, SERVICE_COMMANDS } from "../../lib/supervise/control.ts";
import type { Condition, ServiceView } from "../../lib/supervise/ports.ts";
import { openScanner, type Scanner } from "../../lib/supervise/scanner.ts";
import type { Random } from "../random.ts";
import type { Process } from "./crowd.ts";
import type { Node } from "./disk.ts";
import { Premises } from "./premises.ts";
import { FINE, World } from "./world.ts";

const PIDS = 60;
const FEW = 2;
const TIMES = [0, 1, 400, 1000, 1001, 3000, 10_000, 60_000];
const DEATHS = [0, 0, 7 << 8, 125 << 8, 9, 15];
const COMMANDS = [...Object.keys(SCANNER_COMMANDS).filter((letter) => !"tiqb".includes(letter)), "a", "a", "h", "?"];
const HANDLED = Object.keys(SCANNER_SIGNALS).filter((name) => !["INT", "TERM", "QUIT"].includes(name));
const CONDITIONS: readonly Condition[] = ["up", "ready", "down", "finished", "gone"];
const MOST_TURNS = 200;

interface Wait {
  readonly condition: Condition;
  readonly names: readonly string[];
  over: boolean;
}

type Step = readonly [share: number, step: () => void];

export class ScannerSimulation {
  readonly #world = new World(PIDS);
  readonly #premises: Premises;
  readonly #scanner: Scanner;
  readonly #options: { capacity: number | undefined; longestName: number | undefined; rescanEvery: number | undefined };
  readonly #waits: Wait[] = [];
  #left = 0;
  readonly #steps: readonly Step[] = [
    [20, () => this.#step(...this.#premises.change())],
    [18, () => this.#command()],
    [14, () => this.#serviceLetters()],
    [14, () => this.#time()],
    [14, () => this.#death()],
    [4, () => this.#notification()],
    [6, () => this.#changeWeather()],
    [3, () => this.#signal()],
    [3, () => this.#stranger()],
    [4, () => this.#wait()],
  ];

  constructor(private readonly random: Random, private readonly trace: (step: string) => void = () => {}) {
    const { ports } = this.#world;
    this.#premises = new Premises(this.#world, random);
    this.#options = {
      capacity: random.pick([undefined, undefined, FEW]),
      longestName: random.pick([undefined, 5]),
      rescanEvery: random.pick([undefined, 0, 5000]),
    };
    this.#scanner = openScanner(ports, {
      ...this.#options,
      directory: "scan",
      environment: Environment.empty,
      onLeft: () => this.#left++,
    });
  }

  run(steps: number): void {
    for (let count = 0; count < steps; count++) this.#randomStep();
    this.#step("fine weather", () => this.#clear());
    if (this.random.chance(0.3)) this.#rest();
    this.#bringDown();
  }

  #randomStep(): void {
    let roll = this.random.below(100);
    for (const [share, step] of this.#steps) {
      roll -= share;
      if (roll < 0) return step();
    }
  }

  // The steps

  #command(): void {
    const { random } = this;
    const letters = Array.from({ length: 1 + random.below(3) }, () => random.pick(COMMANDS)).join("");
    this.#step(`scanner letters ${letters}`, () => this.#world.send(letters, "scan/.s6-svscan/control"));
    const isSound = /[ah][^ah]*$/.test(letters) &&
      Object.entries(FINE).every(([kind, value]) =>
        (this.#world.weather as unknown as Record<string, unknown>)[kind] === value
      );
    // What a prune ends at once leaves room that only the next scan fills.
    if (isSound) this.#checkScan(/[hnN]/.test(letters));
  }

  #serviceLetters(): void {
    const { random } = this;
    const view = this.#anyView();
    if (view === undefined) return;
    const letter = (): string =>
      random.pick(random.chance(0.6) ? ["u", "d", "o", "D", "U", "x"] : Object.keys(SERVICE_COMMANDS));
    const letters = letter() + (random.chance(0.3) ? letter() : "");
    this.#step(`${view.name} letters ${letters}`, () => {
      this.#world.send(letters, `${view.directory}/supervise/control`);
    });
  }

  #time(): void {
    const [time, late] = [this.random.pick(TIMES), this.random.chance(0.1)];
    this.#step(`${time} ms${late ? ", late" : ""}`, () => this.#world.pass(time, late));
  }

  #death(): void {
    const process = this.#anyProcess();
    if (process === undefined) return;
    const [status, now] = [this.random.pick(DEATHS), this.random.chance(0.8)];
    this.#step(`death of ${process.script} ${process.argv.at(-1)} ${status}${now ? "" : ", unnoticed"}`, () => {
      this.#world.die(process, status);
      if (now) this.#world.ports.reaper.reap();
    });
  }

  #notification(): void {
    const process = this.#anyProcess();
    if (process !== undefined) this.#step("notification", () => this.#world.notify(process, "\n"));
  }

  #changeWeather(): void {
    const { random } = this;
    const { weather } = this.#world;
    const bad = random.chance(0.6);
    weather.disk = bad && random.chance(0.3) ? random.pick(["full", "tight"]) : "free";
    weather.noStart = bad && random.chance(0.3) ? random.pick(["EAGAIN", "ENOMEM", "exec"]) : undefined;
    weather.noPipes = bad && random.chance(0.2);
    weather.openings = bad && random.chance(0.4) ? random.below(9) : Infinity;
    weather.noScan = bad && random.chance(0.2);
    this.#world.reapsLate = bad && random.chance(0.2);
    this.#step(() => `weather ${JSON.stringify(weather)}`, () => {});
  }

  #signal(): void {
    const { random } = this;
    const name = random.pick([...HANDLED, "ALRM"]);
    const path = `scan/.s6-svscan/SIG${name}`;
    const { files, weather, ports } = this.#world;
    if (random.chance(0.5)) this.#step(`a handler of SIG${name}`, () => void files.put(path, "file"));
    else this.#step(`no handler of SIG${name}`, () => void files.remove(path));
    this.#step(`SIG${name}`, () => {
      // Only the handler is of interest here.
      this.#world.subscribers.get(SIGNAL[name as keyof typeof SIGNAL])!(SIGNAL[name as keyof typeof SIGNAL]);
      const handled = name !== "ALRM" && files.has(path) && weather.noStart === undefined;
      const handlers = this.#world.children.filter(({ script }) => script === path.slice("scan/".length));
      assert(handlers.length >= Number(handled), "a handler runs where there is one");
      for (const handler of handlers) if (handler.state !== "zombie") this.#world.die(handler, 0);
      ports.reaper.reap();
    });
  }

  #stranger(): void {
    const { crowd, ports } = this.#world;
    if (this.random.chance(0.5)) return this.#step("a stranger comes", () => crowd.strangerComes());
    this.#step("a stranger goes", () => {
      crowd.strangerGoes(this.random.chance(0.5));
      ports.reaper.reap();
    });
  }

  #wait(): void {
    const { random } = this;
    const condition = random.pick(CONDITIONS);
    const names = random.chance(0.5) ? undefined : [random.pick(["a", "b", "b/log", "nobody"])];
    this.#step(`wait until ${names?.join() ?? "all"} ${condition}`, () => {
      const all = this.#scanner.services().filter(({ isLogger }) => !isLogger).map(({ name }) => name);
      const wait: Wait = { condition, names: names ?? all, over: false };
      this.#waits.push(wait);
      this.#scanner.when(condition, () => {
        assert(!wait.over, "a wait ends once");
        wait.over = true;
      }, names);
    });
  }

  #anyView(): ServiceView | undefined {
    const views = this.#scanner.services();
    return views.length === 0 ? undefined : this.random.pick(views);
  }

  #anyProcess(): Process | undefined {
    const living = this.#world.children.filter(({ state }) => state !== "zombie");
    return living.length === 0 ? undefined : this.random.pick(living);
  }

  // What must hold

  #step(name: string | (() => string), action: () => void): void {
    this.trace(`${this.#world.time}: ${typeof name === "string" ? name : name()}`);
    action();
    this.#world.mistakes.check();
    this.#checkProcesses();
    this.#checkWaits();
    const opened = [...this.#world.open.values()].filter((open) => "node" in open && open.node !== this.#premises.null);
    const supervised = this.#scanner.services().filter((view) => view.supervised);
    assert.equal(opened.length, 2 + 3 * supervised.length, "what is open");
  }

  /** Each process is known by one supervisor, and no directory has two. */
  #checkProcesses(): void {
    const homes = new Set<Node>();
    const pids = new Map<number, ServiceView>();
    for (const view of this.#scanner.services()) {
      if (view.pid === 0) continue;
      assert(!pids.has(view.pid), "no two services with one process");
      pids.set(view.pid, view);
      assert.equal(this.#world.crowd.processes.get(view.pid)?.script, view.up ? "run" : "finish", view.name);
    }
    for (const { pid, script, home, argv } of this.#world.crowd.processes.values()) {
      if (script.startsWith(".")) continue;
      assert(!homes.has(home), "a service has one process at a time");
      homes.add(home);
      assert.equal(pids.get(pid)?.name, argv.at(-1), "every process is known");
    }
  }

  #checkWaits(): void {
    const views = this.#scanner.services();
    for (const { condition, names, over } of this.#waits) {
      // A directory that was renamed keeps its first name, and another may have come by that name since.
      const pending = names.some((name) => {
        const named = views.filter((view) => view.name === name);
        return named.length > 1 || isPending(named[0], condition);
      });
      assert(over || pending, `a wait that nothing keeps from its end: ${names.join()} ${condition}`);
    }
  }

  /** What is there is supervised, or waits for its supervisor, if there is room. */
  #checkScan(pruned: boolean): void {
    const views = this.#scanner.services();
    const known = new Set(views.map(({ directory }) => this.#world.files.node(directory)));
    const services = views.filter(({ isLogger }) => !isLogger).length;
    const { capacity = 500, longestName = 251 } = this.#options;
    for (const [name, node] of this.#premises.services()) {
      if (name.length > longestName) continue;
      assert(known.has(node) || services >= capacity || pruned && capacity === FEW, `${name} has been seen`);
    }
    assert(services <= capacity, "no more services than there is room for");
  }

  #clear(): void {
    Object.assign(this.#world.weather, FINE);
    this.#world.reapsLate = false;
    this.#world.ports.reaper.reap();
  }

  /** Left alone, it comes to rest: what is due is only what is wanted and does not work. */
  #rest(): void {
    this.#step("three minutes", () => this.#world.pass(180_000));
    const views = this.#scanner.services();
    const trying = views.filter((view) => !view.supervised || view.wantedUp && view.pid === 0).length;
    const scan = this.#options.rescanEvery || this.#premises.isOdd ? 1 : 0;
    assert(this.#world.timers.length <= trying + scan, "nothing wakes up where nothing is to be done");
  }

  #bringDown(): void {
    const letter = this.random.pick(["t", "q", "b", "tb", "i"]);
    this.#step(`scanner letters ${letter}`, () => this.#world.send(letter, "scan/.s6-svscan/control"));
    if (letter.includes("b")) assert.equal(this.#left, 1, "b does not wait");
    for (let turns = 0; this.#left === 0; turns++) {
      assert(turns < MOST_TURNS, "a stop comes to its end");
      this.#step("those die who have a reason to", () => {
        for (const process of this.#world.children) if (isToDie(process)) this.#world.die(process, 15);
        this.#world.ports.reaper.reap();
      });
      this.#step("a second", () => this.#world.pass(1000));
    }
    this.#scanner.close();
    assert.equal(this.#left, 1, "one leaves once");
    const { open, watched, timers, subscribers, locked } = this.#world;
    assert.deepEqual([open.size, watched.size, timers.length, locked.size], [0, 0, 0, 0], "nothing stays");
    assert.deepEqual([...subscribers.keys()], [SIGNAL.CHLD], "no signal is listened to");
  }
}

function isToDie({ state, script, input, signals, argv }: Process): boolean {
  if (state === "zombie") return false;
  const told = signals.some((signal) => signal !== SIGNAL.CONT && signal !== SIGNAL.STOP);
  return told || script === "finish" || input?.writers === 0 || argv.at(-1) === "s6-svscan-log";
}

function isPending(view: ServiceView | undefined, condition: Condition): boolean {
  if (view === undefined || !view.supervised) return false;
  if (condition === "gone") return true;
  if (condition === "down") return view.up;
  if (condition === "finished") return view.pid !== 0;
  return !view.failed && !(view.up && (condition === "up" || view.ready));
}
