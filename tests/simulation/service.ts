// One simulated life of a supervisor: random commands, deaths, notifications, failures and time, and after each step
// everything that must hold for a supervised service whatever happens.

import assert from "node:assert/strict";
import { Environment } from "../../lib/environment.ts";
import { SERVICE_COMMANDS } from "../../lib/supervise/control.ts";
import type { Service } from "../../lib/supervise/service.ts";
import { decodeStatus } from "../../lib/supervise/status.ts";
import { Supervisor } from "../../lib/supervise/supervisor.ts";
import { Random } from "./random.ts";
import { type Process, World } from "./world.ts";

const LETTERS = Object.keys(SERVICE_COMMANDS);
/** Letters that change what the service is to be, which random ones seldom hit. */
const WISHES = ["u", "d", "o", "O", "U", "D", "Q"];
const SIGNALS = ["term", "hup", "quit", "int"] as const;
/** Events of whole lives, cut off where the supervisor was told to leave the service alone. */
const ORDER = /^s(uU?dO?D)*(u(U?(dO?D?)?)?)?x?$/;
const PACE = 1000;

/** What the service has been through, for the rules about pacing and the record of deaths. */
interface History {
  readyAt: number | undefined;
  downAt: number | undefined;
  startAllowed: boolean;
  ended: boolean;
}

export class ServiceSimulation {
  readonly #random: Random;
  readonly #world = new World();
  readonly #supervisor: Supervisor;
  readonly #history: History = { readyAt: undefined, downAt: undefined, startAllowed: true, ended: false };
  readonly trace: string[] = [];

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#prepareDirectory();
    this.#supervisor = Supervisor.open(this.#world.ports, {
      name: "svc",
      directory: "svc",
      environment: Environment.empty,
      streams: () => ({}),
      detach: () => {},
      onEnd: () => {
        assert(!this.#history.ended, "the end is told once");
        this.#history.ended = true;
      },
    });
    this.#step("begin", () => this.#supervisor.begin());
  }

  /** Lets so many things happen, then brings the service down and the supervisor to its end. */
  run(steps: number): void {
    for (let count = 0; count < steps && !this.#history.ended; count++) this.#randomStep();
    this.#bringDown();
  }

  #prepareDirectory(): void {
    const { files } = this.#world;
    const random = this.#random;
    const sometimes = (chance: number, name: string, ...contents: string[]): void => {
      if (random.chance(chance)) files.set(`svc/${name}`, random.pick(contents));
    };
    sometimes(0.5, "finish", "");
    sometimes(0.2, "down", "");
    sometimes(0.5, "notification-fd", "3\n", "1", "nonsense\n");
    sometimes(0.4, "timeout-kill", "0", "200\n", "7000");
    sometimes(0.4, "timeout-finish", "0", "300\n", "x");
    sometimes(0.3, "down-signal", "SIGINT\n", "9", "nothing");
    sometimes(0.3, "max-death-tally", "0", "1", "3\n");
  }

  #randomStep(): void {
    const random = this.#random;
    const [kind] = this.#weighted();
    if (kind === "letters") {
      const letters = Array.from(
        { length: 1 + random.below(3) },
        () => random.pick(random.chance(0.6) ? WISHES : LETTERS),
      );
      return this.#step(`letters ${letters.join("")}`, () => this.#world.send(letters.join("")), letters);
    }
    if (kind === "signal") {
      const signal = random.pick(SIGNALS);
      return this.#step(signal, () => this.#supervisor.handle({ on: signal }));
    }
    if (kind === "time") {
      const time = random.pick([1, 50, 400, 999, 1000, 1001, 5000, 10_000, 60_000]);
      return this.#step(`${time} ms`, () => this.#world.pass(time));
    }
    if (kind === "jump") {
      return this.#step("clock jump", () => void (this.#world.wall += random.pick([-3_600_000, 86_400_000])));
    }
    if (kind === "weather") return this.#step("weather", () => this.#changeWeather());
    this.#processStep(kind);
  }

  /** The kind of the next step: what happens to processes only where there is one. */
  #weighted(): readonly ["letters" | "signal" | "time" | "jump" | "weather" | "death" | "notification" | "reap"] {
    const roll = this.#random.next();
    if (roll < 0.3) return ["letters"];
    if (roll < 0.32) return ["signal"];
    if (roll < 0.57) return ["time"];
    if (roll < 0.6) return ["jump"];
    if (roll < 0.66) return ["weather"];
    if (roll < 0.82) return ["death"];
    return roll < 0.92 ? ["notification"] : ["reap"];
  }

  #processStep(kind: "death" | "notification" | "reap"): void {
    const world = this.#world;
    const random = this.#random;
    const process = world.children.find(({ state }) => state !== "zombie");
    if (kind === "reap") return this.#step("reap", () => world.ports.reaper.reap());
    if (process === undefined) return;
    if (kind === "notification") {
      const text = random.pick(["\n", "x", "ready\nmore\n"]);
      return this.#step(`notification ${JSON.stringify(text)}`, () => world.notify(process, text));
    }
    const status = random.pick([0, 7 << 8, 125 << 8, 9, 15, 11 | 0x80]);
    this.#step(`death ${process.script} ${status}`, () => {
      world.die(process, status);
      // Now and then other things happen before the death is taken in.
      if (random.chance(0.8)) world.ports.reaper.reap();
    });
  }

  #changeWeather(): void {
    const { weather } = this.#world;
    const random = this.#random;
    weather.diskFull = random.chance(0.2);
    weather.noStart = random.chance(0.7) ? undefined : random.pick(["shortage", "exec"]);
    weather.listenerFull = random.chance(0.2);
    weather.noPipes = random.chance(0.1);
  }

  #step(name: string, action: () => void, letters: readonly string[] = []): void {
    this.trace.push(`${this.#world.time}: ${name}`);
    const { letters: before } = this.#world;
    const started = this.#history.startAllowed || letters.some((letter) => "uUo".includes(letter));
    action();
    this.#check(before, started);
    this.#history.startAllowed = false;
  }

  #check(lettersBefore: string, startAllowed: boolean): void {
    const { service } = this.#supervisor;
    this.#checkProcesses(service);
    this.#checkFiles(service);
    this.#checkTimers(service);
    assert.match(this.#world.letters, ORDER, "events come in the order of a life");
    this.#checkPace(this.#world.letters.slice(lettersBefore.length), startAllowed);
    if (service.state === "gone") {
      assert(this.#history.ended, "the end is told");
      assert(this.#world.letters.endsWith("x"), "the end is the last event");
      assert.equal(this.#world.open.size, 0, "nothing stays open");
      assert.equal(this.#world.timers.length, 0, "nothing is due");
    }
  }

  #checkProcesses(service: Service): void {
    const { children } = this.#world;
    assert(children.length <= 1, "a service has one process at a time");
    const [child] = children;
    if (service.state === "gone") return;
    assert.equal(service.pid, child?.pid ?? 0, "the pid is that of the living process");
    const script = { up: "run", lastUp: "run", finish: "finish", lastFinish: "finish", down: undefined }[service.state];
    assert.equal(child?.script, script, `what runs in state ${service.state}`);
    assert.equal(service.finishing, script === "finish");
    assert(!service.paused || script === "run", "only run is paused");
    if (child?.script === "finish") this.#checkFinish(child, service);
  }

  #checkFinish(child: Process, { lastStatus }: Service): void {
    const signal = lastStatus & 0x7f;
    assert.deepEqual(child.argv, ["finish", `${signal === 0 ? lastStatus >> 8 : 256}`, `${signal}`, "svc"]);
  }

  #checkFiles(service: Service): void {
    const { files, weather, open } = this.#world;
    const status = decodeStatus(files.get("svc/supervise/status") ?? "");
    const { stamp, readyStamp, pid, lastStatus, paused, finishing, wantedUp, ready } = service;
    const current = { stamp, readyStamp, pid, lastStatus, paused, finishing, wantedUp, ready };
    const isCurrent = JSON.stringify(status) === JSON.stringify(current);
    const left = service.state === "gone";
    const retrying = this.#world.timers.some((timer) => timer.time <= this.#world.time + 1000);
    assert(isCurrent || left || retrying, "the status file is true, or about to be written again");
    if (left || weather.noPipes) return;
    const most = service.state === "up" || service.state === "lastUp" ? 4 : 3;
    assert(open.size >= 3 && open.size <= most, `${open.size} descriptors open in state ${service.state}`);
  }

  #checkTimers(service: Service): void {
    const { time, timers } = this.#world;
    assert(service.deadline > time || timers.some((timer) => timer.time <= time), "a deadline that has come is due");
    assert(timers.length <= 2, "one deadline and one retry");
    const isUp = service.state !== "down" && !service.finishing;
    assert(!service.dying || isUp, "only run can be dying");
  }

  /** Without a command, a start comes a second after the last life was over, or after it had become ready. */
  #checkPace(letters: string, startAllowed: boolean): void {
    const history = this.#history;
    const { time } = this.#world;
    for (const letter of letters) {
      if (letter === "u") {
        // Time may pass within a step, so what is checked is the latest moment it can have been.
        const waited = history.downAt === undefined || time - history.downAt >= PACE ||
          (history.readyAt !== undefined && time - history.readyAt >= PACE);
        assert(startAllowed || waited, "a start too soon");
        history.readyAt = undefined;
      }
      if (letter === "U") history.readyAt = time;
      if (letter === "D") history.downAt = time;
    }
  }

  #bringDown(): void {
    if (this.#history.ended) return;
    const { weather } = this.#world;
    Object.assign(weather, { diskFull: false, noStart: undefined, listenerFull: false, noPipes: false });
    this.#step("d", () => this.#world.send("d"));
    for (let turns = 0; this.#supervisor.service.state !== "down" && !this.#history.ended; turns++) {
      assert(turns < 10, "a service that is wanted down ends down");
      this.#step("kill", () => {
        for (const child of this.#world.children) if (child.state !== "zombie") this.#world.die(child, 9);
        this.#world.ports.reaper.reap();
      });
    }
    this.#step("an hour", () => this.#world.pass(3_600_000));
    if (this.#history.ended) return;
    assert.equal(this.#supervisor.service.state, "down", "what is wanted down stays down");
    this.#step("x", () => this.#world.send("x"));
    assert(this.#history.ended, "x ends the supervisor of a service that is down");
  }
}
