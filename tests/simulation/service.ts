// One simulated life of a supervisor: random commands, deaths, notifications, failures and time. After each step the
// witness tells whether what the supervisor did is what had to follow, and what must hold at rest is checked.

import assert from "node:assert/strict";
import { Environment } from "../../lib/environment.ts";
import { SERVICE_COMMANDS } from "../../lib/supervise/control.ts";
import { Supervisor } from "../../lib/supervise/supervisor.ts";
import { Failure } from "../../lib/report.ts";
import type { Random } from "../random/random.ts";
import { type CrowdProcess, STAND_IN } from "./crowd.ts";
import type { Node } from "./disk.ts";
import type { News } from "./log.ts";
import { PARAMETERS } from "./parameters.ts";
import { activate } from "./starts.ts";
import { changeWeather, disturb, edit, layServiceDirectory } from "./upsets.ts";
import { Witness } from "./witness.ts";
import { FINE, type Listener, World } from "./world.ts";

const LETTERS = Object.keys(SERVICE_COMMANDS);
/** Letters that change what the service is to be, which random ones seldom hit, and one that means nothing. */
const WISHES = ["u", "d", "o", "O", "U", "D", "Q", "?"];
const SIGNALS = ["term", "hup", "quit", "int"] as const;
const TIMES = [0, 1, 50, 400, 999, 1000, 1001, 5000, 10_000, 60_000];
const JUMPS = [-3_600_000, -1500, 1500, 86_400_000];
const DEATHS = [0, 0, 7 << 8, 125 << 8, 9, 15, 11 | 0x80];
const OTHER = "svc/event/ftrig1:@40000000000000000000000b:abcdef";
/** Events of whole lives, cut off where the supervisor was told to leave the service alone. */
const ORDER = /^s(uU?dO?D)*(u(U?(dO?D?)?)?)?x?$/;
const MOST_TURNS = 10;
const SCRIPTS = { down: undefined, starting: "run", up: "run", finish: "finish" } as const;

type Step = readonly [share: number, step: () => void];

export class ServiceSimulation {
  private readonly world = new World();
  private readonly home: Node = this.world.files.node("svc")!;
  private readonly other: Listener = this.world.addListener(OTHER);
  private readonly witness: Witness;
  private readonly supervisor: Supervisor;
  private readonly steps: readonly Step[] = [
    [30, () => this.letters()],
    [2, () => this.signal()],
    [22, () => this.time()],
    [3, () => this.jump()],
    [6, () => this.changeWeather()],
    [16, () => this.death()],
    [9, () => this.notification()],
    [4, () => this.news("reap", () => this.world.ports.reaper.reap())],
    [3, () => this.stranger()],
    [3, () => this.edit()],
    [1, () => this.disturb()],
    [2, () => this.listener()],
    [12, () => this.tell()],
    [3, () => this.failToRun()],
    [5, () => this.activate()],
  ];

  /** @param trace called with each step before it is taken */
  constructor(private readonly random: Random, private readonly trace: (step: string) => void = () => {}) {
    const world = this.world;
    world.startsAtOnce = false;
    layServiceDirectory(world, random);
    this.witness = new Witness(world, this.home);
    this.supervisor = Supervisor.open(world.ports, {
      name: "svc",
      directory: "svc",
      environment: Environment.empty,
      streams: () => ({}),
      detach: () => world.log!.push({ did: "detach" }),
      onEnd: () => world.log!.push({ did: "end" }),
    });
    if (random.chance(0.5)) world.files.set("svc/supervise/service-lock", "");
    world.log = [];
    this.news("begin", () => {
      world.got({ got: "begin" });
      this.supervisor.begin();
    });
  }

  /** Lets the given number of things happen, then brings the service down and the supervisor to its end. */
  run(steps: number): void {
    for (let count = 0; count < steps && !this.witness.ended; count++) this.randomStep();
    this.bringDown();
  }

  private randomStep(): void {
    let roll = this.random.below(121);
    for (const [share, step] of this.steps) {
      roll -= share;
      if (roll < 0) return step();
    }
  }

  // The steps

  private letters(): void {
    const { random } = this;
    const one = (): string => random.pick(random.chance(0.6) ? WISHES : LETTERS);
    const letters = Array.from({ length: 1 + random.below(random.chance(0.003) ? 400 : 3) }, one).join("");
    this.news(() => `letters ${letters}`, () => {
      const control = this.home.entries.get("supervise")?.entries.get("control");
      if (control !== undefined) this.world.commands.set(control, letters);
      this.world.poll();
    });
  }

  private signal(): void {
    const got = this.random.pick(SIGNALS);
    this.news(got, () => {
      this.world.got({ got } as News);
      this.supervisor.handle({ on: got });
    });
  }

  private time(): void {
    const [time, late] = [this.random.pick(TIMES), this.random.chance(0.1)];
    this.news(() => `${time} ms${late ? ", late" : ""}`, () => this.world.pass(time, late));
  }

  private jump(): void {
    const jump = this.random.pick(JUMPS);
    this.news(() => `clock jump ${jump}`, () => void (this.world.clock.wall += jump));
  }

  private death(): void {
    const { random } = this;
    const process = this.living();
    if (process === undefined) return;
    const [status, forksAway] = [random.pick(DEATHS), random.chance(0.1)];
    // What is noticed first: the death, the end of its pipe, or for now nothing.
    const order = random.pick(["reap", "reap", "poll", "wait"] as const);
    this.news(() => `death of ${process.script} ${status}${forksAway ? ", forked away" : ""}, ${order}`, () => {
      this.world.die(process, status, forksAway);
      if (order === "poll") this.world.poll();
      if (order !== "wait") this.world.ports.reaper.reap();
    });
  }

  private notification(): void {
    const process = this.living();
    if (process?.pipe === undefined) return;
    const text = this.random.pick(["\n", "\n", "x", "ready\nmore\n"]);
    this.news(() => `notification ${JSON.stringify(text)}`, () => this.world.notify(process, text));
  }

  private tell(): void {
    const process = this.living();
    if (process !== undefined) this.news(`${process.script} tells that it runs`, () => this.world.tell(process));
  }

  private failToRun(): void {
    const process = this.living();
    if (!process?.starting || process.pid === STAND_IN) return;
    this.news(`${process.script} cannot be executed`, () => {
      this.world.failToRun(process, new Failure(127, `unable to exec ./${process.script}: no interpreter`));
      this.world.ports.reaper.reap();
    });
  }

  private activate(): void {
    const process = this.living();
    if (process?.pid !== STAND_IN || process.starting || process.state === "stopped") return;
    this.news("a client needs the service", () => activate(this.world, process));
  }

  private changeWeather(): void {
    changeWeather(this.world, this.random);
    this.news(() => `weather ${JSON.stringify(this.world.weather)}`, () => {});
  }

  private stranger(): void {
    const { crowd } = this.world;
    if (this.random.chance(0.5)) return this.news("a stranger comes", () => crowd.strangerComes());
    const orphan = this.random.chance(0.5);
    this.news(orphan ? "an orphan ends" : "a stranger goes", () => {
      crowd.strangerGoes(orphan);
      this.world.ports.reaper.reap();
    });
  }

  private edit(): void {
    const { random } = this;
    const name = random.pick([...Object.keys(PARAMETERS), "finish", "run", "down"] as const);
    const values = name in PARAMETERS ? Object.keys(PARAMETERS[name as keyof typeof PARAMETERS]) : [""];
    const value = random.chance(0.5) || name === "lock-fd" ? undefined : random.pick(values);
    this.news(() => `${name} ${value === undefined ? "goes" : `holds ${JSON.stringify(value)}`}`, () => {
      if (!this.home.linked) return;
      edit(this.world, this.home, name, value);
      if (name === "down") this.witness.evidence.hasDownFile = value !== undefined;
    });
  }

  /** A user renames the service directory, puts another one in its place, or removes it. */
  private disturb(): void {
    const [how, seen] = [this.random.pick(["moved", "replaced", "removed"] as const), this.random.chance(0.5)];
    this.news(() => `the service directory is ${how}`, () => {
      disturb(this.world, this.home, how);
      if (seen) this.supervisor.follow();
    });
  }

  private listener(): void {
    const mode = this.random.pick(["listens", "full", "gone", "leaves"] as const);
    this.news(() => `the other listener: ${mode}`, () => {
      this.other.mode = mode;
    });
  }

  private living(): CrowdProcess | undefined {
    return this.world.children.find(({ state }) => state !== "zombie");
  }

  // What must hold

  private news(name: string | (() => string), action: () => void): void {
    this.trace(`${this.world.time}: ${typeof name === "string" ? name : name()}`);
    const [letters, heard] = [this.world.letters, this.other.heard];
    action();
    this.world.mistakes.check();
    const log = this.world.log!;
    this.world.log = [];
    this.witness.follow(log);
    this.witness.check();
    this.checkProcesses();
    const news = this.world.letters.slice(letters.length);
    assert.equal(this.other.heard.slice(heard.length), this.isListening ? news : "", "what the other one hears");
    if (news !== "") this.checkListener();
  }

  private get isListening(): boolean {
    return this.other.mode === "listens" && [...this.eventEntries()].includes(OTHER.slice("svc/event/".length));
  }

  private eventEntries(): Iterable<string> {
    return this.home.entries.get("event")?.entries.keys() ?? [];
  }

  /** A listener knows from the letters alone how the service is. */
  private checkListener(): void {
    const { letters } = this.world;
    const { life, ended } = this.witness;
    if (!this.home.linked || ended) return;
    const last = letters.replaceAll(/[sO]/g, "").at(-1) ?? "D";
    assert(
      life === "up" ? "uU".includes(last) : life === "finish" ? last === "d" : last === "D",
      "what is heard is so",
    );
    const isStale = this.other.mode === "gone" || this.other.mode === "leaves";
    assert(!isStale || !this.isThere, "a fifo that nobody reads is removed");
  }

  private get isThere(): boolean {
    return [...this.eventEntries()].includes(OTHER.slice("svc/event/".length));
  }

  private checkProcesses(): void {
    const { processes, deaths } = this.world.crowd;
    const { life, pid, ended } = this.witness;
    assert(processes.size <= 1 || ended, "a service has one process at a time");
    if (ended) return;
    const [process] = processes.values();
    assert.equal(process?.pid ?? 0, pid, "every process is known");
    assert.equal(process?.script, SCRIPTS[life]);
    assert(process?.state !== "zombie" || deaths.length > 0);
  }

  private bringDown(): void {
    const world = this.world;
    if (this.witness.ended) return;
    this.news("fine weather", () => {
      Object.assign(world.weather, FINE);
      world.reapsLate = false;
    });
    const control = this.home.entries.get("supervise")?.entries.get("control");
    const ask = (letter: string, signal: "term" | "hup"): void =>
      this.news(letter, () => {
        if (control !== undefined) {
          world.commands.set(control, letter);
          return world.poll();
        }
        world.got({ got: signal });
        this.supervisor.handle({ on: signal });
      });
    ask("d", "term");
    for (let turns = 0; this.witness.life !== "down" && !this.witness.ended; turns++) {
      assert(turns < MOST_TURNS, "a service that is wanted down ends down");
      this.news("all die", () => {
        for (const child of world.children) if (child.state !== "zombie") world.die(child, 9);
        world.ports.reaper.reap();
      });
    }
    if (!this.witness.ended) this.news("a second", () => world.pass(1000));
    assert.equal(world.timers.length, 0, "nothing is due where nothing is wanted");
    if (!this.witness.ended) ask("x", "hup");
    assert(this.witness.ended, "x ends the supervisor of a service that is down");
    assert.match(world.letters, ORDER, "events come in the order of a life");
  }
}
