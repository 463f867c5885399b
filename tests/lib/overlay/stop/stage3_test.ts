// A whole stop with a clock of its own: how long it takes, and that nothing that fails ends it early or holds it up.

import { deepEqual, equal, fail, match, ok } from "node:assert/strict";
import { Environment } from "../../../../lib/environment.ts";
import type { ProcessImage } from "../../../../lib/image/image.ts";
import { Settings } from "../../../../lib/overlay/settings.ts";
import { ContainerLife } from "../../../../lib/overlay/container.ts";
import { usualFinish } from "../../../../lib/overlay/stop/finish_manner.ts";
import type { LastSignalsPorts } from "../../../../lib/overlay/stop/last_signals.ts";
import type { BootEnd } from "../../../../lib/overlay/life.ts";
import type { Steps } from "../../../../lib/overlay/steps.ts";
import { lastScripts, lastSignals, type Stage3Ports } from "../../../../lib/overlay/stop/stage3.ts";
import { Stop } from "../../../../lib/overlay/stop/stop.ts";
import type { FileStatus } from "../../../../lib/os/os.ts";
import { OsError, textOf } from "../../../../lib/report.ts";
import { reporterTo } from "../../../../lib/reporter.ts";
import { SIGNAL } from "../../../../lib/signals.ts";
import type { Scanner } from "../../../../lib/supervise/scanner_port.ts";
import type { StartedChild } from "../../../../lib/supervise/start.ts";
import type { ServiceView } from "../../../../lib/supervise/ports.ts";
import { Clock } from "../../../simulation/clock.ts";

const SECOND = 1000;

interface World {
  /** cont-finish.d: how long each script takes, in milliseconds. */
  scripts: readonly number[];
  /** How long the disks take to be synced, each time. */
  sync: number;
  /** How long the service takes to end when it gets TERM; it cannot outlive KILL. */
  service: number;
  /** What a user has set. */
  settings: Readonly<Record<string, string>>;
  /** The calls that fail, by name. */
  fails: (call: string) => boolean;
  /** The script of cont-finish.d that cannot even be killed. */
  unkillable: boolean;
}

interface Outcome {
  readonly milliseconds: number;
  readonly lines: readonly string[];
  readonly signals: readonly number[];
  /** The time of the stop was over, and it was ended by the clock. */
  readonly cutOff: boolean;
}

/** A stop that waits for services first, as after TERM; or one that does not, as after the end of the command. */
function stop(given: Partial<World>, how: "waits" | "goes on" = "waits"): Outcome {
  const world: World = {
    scripts: [],
    sync: 0,
    service: Infinity,
    settings: {},
    fails: () => false,
    unkillable: false,
    ...given,
  };
  return new Simulation(world).run(how);
}

class Simulation {
  private readonly clock = new Clock(() => {});
  private readonly begin = this.clock.time;
  private readonly lines: string[] = [];
  private readonly signals: number[] = [];
  private serviceEnds = Infinity;
  private ended: number | undefined;
  private isCutOff = false;
  private readonly deaths = new Map<number, () => void>();
  private pids = 100;
  private readonly reactor = {
    after: (milliseconds: number, callback: () => void): () => void =>
      this.clock.at(this.clock.time + Math.max(0, milliseconds), callback),
  };

  constructor(private readonly world: World) {}

  run(how: "waits" | "goes on"): Outcome {
    const failed = (error: unknown): void => void this.lines.push(textOf(error));
    const when: Scanner["when"] = (_, callback) => this.whenServiceGone(() => callback([]));
    const container = new ContainerLife({
      reactor: { ...this.reactor, stop: () => this.end() },
      scanner: { stop: () => {}, stopWaiting: () => leave(), when },
      script: { isRunning: false, signal: () => false, whenOver: (callback) => (callback(), () => {}) },
      ending: { record: () => {}, recordBoot: () => {}, recordIfFirst: () => {} },
      lastWords: () => this.isCutOff = true,
      ...{ onStep: () => {}, tellEnd: () => {}, hasOrder: () => false, bringDown: (): never => fail() },
      beginStop: () =>
        new Stop({
          os: { monotonic: () => this.clock.time },
          settings: new Settings((variable) => this.call("settings", () => this.world.settings[variable]), () => {}),
          failed,
        }),
      // deno-lint-ignore require-yield
      boot: function* (): Steps<BootEnd> {
        return { on: "noCommand" };
      },
      // deno-lint-ignore require-yield
      command: function* (): Steps<number> {
        return 0;
      },
      lastScripts: (stop) => lastScripts(this.ports(stop)),
      lastSignals: (stop) => lastSignals(this.ports(stop)),
      failed: (level, error) => void this.lines.push(`${level === "fatal" ? "ended by " : ""}${textOf(error)}`),
    });
    let left = false;
    const leave = (): void => {
      if (!left) container.handle({ on: "left" });
      left = true;
    };
    container.begin();
    this.terminate();
    container.handle({ on: "stopAsked", wait: how === "waits" });
    if (how === "goes on") leave();
    for (let turn = 0; this.ended === undefined && turn < 1000; turn++) this.clock.pass(100);
    ok(this.ended, "it never ends");
    const { lines, signals, isCutOff: cutOff } = this;
    return { milliseconds: this.ended - this.begin, lines, signals, cutOff };
  }

  private end(): void {
    this.ended ??= this.clock.time;
  }

  private call<T>(name: string, work: () => T): T {
    if (this.world.fails(name)) throw new OsError(name, "", "EMFILE", "Too many open files");
    return work();
  }

  private terminate(): void {
    this.serviceEnds = Math.min(this.serviceEnds, this.clock.time + this.world.service);
  }

  private get serviceLives(): boolean {
    return this.clock.time < this.serviceEnds;
  }

  private whenServiceGone(callback: () => void): () => void {
    if (!this.serviceLives) callback();
    else if (this.serviceEnds < Infinity) return this.clock.at(this.serviceEnds, callback);
    return () => {};
  }

  private ports(stop: Pick<Stop, "settings" | "time">): Stage3Ports & LastSignalsPorts {
    const view = { name: "work", pid: 7, isLogger: false } as ServiceView;
    const line = (text: string): void => void this.lines.push(text);
    return {
      os: {
        actualPath: (path: string) => path,
        monotonic: () => this.clock.time,
        kill: (pid) => this.call("kill", () => (this.killScript(pid), true)),
        close: () => {},
        here: -100,
        readLinkAt: (_, path) => `/etc/${path.slice(path.lastIndexOf("/") + 1)}`,
        door: {
          hold: () => this.call("hold", () => 3),
          find: () => this.call("find", () => ({ kind: "directory" }) as FileStatus),
          list: (_, most) => this.call("list", () => most === 0 ? [] : this.world.scripts.map((_, at) => `${at}`)),
          readWhole: () => this.call("readWhole", () => ""),
          replace: () => {},
        },
      },
      reactor: this.reactor,
      scanner: {
        services: () => this.call("services", () => this.serviceLives ? [view] : []),
        endServices: () => this.call("endServices", () => {}),
        abandonServices: () => this.call("abandonServices", () => {}),
        close: () => this.call("close", () => {}),
        when: (_, callback) => this.call("when", () => this.whenServiceGone(() => callback([]))),
      },
      ...stop,
      out: { line, write: line },
      finish: usualFinish({ line, write: line }),
      lastWords: reporterTo({ line }),
      population: {
        signal: (signals) => this.call("signal", () => signals.forEach((signal) => this.signalAll(signal))),
        halt: () => this.call("halt", () => {}),
        survivors: () => this.call("survivors", () => this.serviceLives ? [{ pid: 8, session: 7, name: "sleep" }] : []),
        whenGone: (limit, callback, { signal } = {}) =>
          this.call("whenGone", () => {
            if (signal !== undefined) this.signalAll(signal);
            this.clock.at(Math.max(this.clock.time, Math.min(this.clock.time + limit, this.serviceEnds)), callback);
          }),
      },
      endLogging: undefined,
      failed: (error) => void this.lines.push(textOf(error)),
      report: reporterTo({ line }),
      tree: Environment.empty,
      start: (image, _, { ended }) =>
        this.call("start", () => {
          const pid = this.startScript(image);
          this.deaths.set(pid, () => ended(0, undefined));
          return { pid } as StartedChild;
        }),
    };
  }

  private startScript(image: ProcessImage): number {
    const pid = this.pids++;
    const number = Number(image.argv[0]!.split("/").at(-1));
    const takes = this.world.scripts[number] ?? this.world.sync;
    if (takes < Infinity) this.clock.at(this.clock.time + takes, () => this.killScript(pid));
    return pid;
  }

  private killScript(pid: number): void {
    if (!this.world.unkillable) this.deaths.get(pid)?.();
    this.deaths.delete(pid);
  }

  private signalAll(signal: number): void {
    this.signals.push(signal);
    if (signal === SIGNAL.KILL) this.serviceEnds = Math.min(this.serviceEnds, this.clock.time);
  }
}

const CALLS = `settings hold find list readWhole services endServices abandonServices close when signal halt survivors
whenGone start kill`.split(/\s/);

Deno.test("one service that ignores TERM and a finish script of two seconds fit into eight seconds", () => {
  const { milliseconds, lines, cutOff } = stop({ scripts: [2 * SECOND] });
  deepEqual([milliseconds <= 8.1 * SECOND, cutOff], [true, false]);
  deepEqual(lines, [
    "[cont-finish.d] executing container finish scripts...",
    "[cont-finish.d] 0: executing... ",
    "[cont-finish.d] 0: exited 0.",
    "[cont-finish.d] done.",
    "[s6-finish] waiting for services.",
    "s6-svwait: fatal: timed out after 3 s waiting for work",
    "[s6-finish] sending all processes the TERM signal.",
    "s6-finish: warning: still alive after 3 s: 8 sleep (service work)",
    "[s6-finish] sending all processes the KILL signal and exiting.",
  ]);
});

Deno.test("the services' time runs while finish scripts do, where the stop did not wait for them before", () => {
  equal(stop({ scripts: [2 * SECOND] }, "goes on").milliseconds, 6 * SECOND);
  equal(stop({ scripts: [2 * SECOND], service: 2.5 * SECOND }, "goes on").milliseconds, 2.5 * SECOND);
});

Deno.test("nothing is waited for that has ended", () => {
  equal(stop({ service: 0 }).milliseconds <= 600, true);
  equal(stop({ service: 1 * SECOND, scripts: [100] }).milliseconds <= 1700, true);
});

Deno.test("what a user has set is the bound of each part", () => {
  const settings = {
    S6_SERVICES_GRACETIME: "20000",
    S6_KILL_GRACETIME: "500",
    S6_KILL_FINISH_MAXTIME: "1000",
  };
  const { milliseconds, lines } = stop({ settings, scripts: [Infinity, 100] });
  equal(milliseconds, 20_000 + 1000 + 100 + 1 + 500);
  ok(
    lines.includes("[cont-finish.d] 0: exited 99 (killed as its time was over).") &&
      lines.includes("[cont-finish.d] 1: exited 0."),
    `${lines}`,
  );
  equal(stop({ settings: { S6_SERVICES_GRACETIME: "0", S6_KILL_GRACETIME: "0" } }).milliseconds <= 10, true);
});

Deno.test("a finish script without a limit has all the time it needs", () => {
  const { milliseconds, cutOff } = stop({ settings: { S6_KILL_FINISH_MAXTIME: "0" }, scripts: [60 * SECOND] });
  deepEqual([milliseconds, cutOff], [66 * SECOND + 1, false]);
});

Deno.test("a finish script that cannot be killed is not waited for", () => {
  const { milliseconds, signals } = stop({ scripts: [Infinity], unkillable: true, service: 0 });
  equal(milliseconds <= 500 + 5000 + 1000 + 100, true);
  equal(signals.at(-1), SIGNAL.KILL);
});

Deno.test("disks that do not answer hold up a stop as long as a finish script may take", () => {
  const settings = { S6_SYNC_DISKS: "1", S6_KILL_FINISH_MAXTIME: "700" };
  const [quick, slow] = [0, Infinity].map((sync) => stop({ service: 0, settings, sync }));
  deepEqual(
    [slow!.milliseconds - quick!.milliseconds, slow!.lines],
    [2 * 700, quick!.lines],
    "once in the midst, once at the end",
  );
});

for (const failing of CALLS) {
  Deno.test(`a stop in which every "${failing}" fails is reported, kills all in the end, and ends in time`, () => {
    const { milliseconds, lines, signals, cutOff } = stop({ scripts: [100], fails: (call) => call === failing });
    ok(milliseconds <= 8.1 * SECOND, `${milliseconds}`);
    equal(cutOff, false);
    equal(lines.at(-1)!.startsWith("ended by"), false);
    ok(lines.some((line) => line.includes("KILL signal and exiting")), `${lines}`);
    if (failing !== "signal") ok(signals.includes(SIGNAL.TERM) && signals.includes(SIGNAL.KILL), `${signals}`);
    if (!["kill", "readWhole", "find"].includes(failing)) match(lines.join("\n"), /Too many open files/);
  });
}

Deno.test("a stop in which everything fails ends in time", () => {
  const { milliseconds, lines } = stop({ scripts: [100], fails: () => true });
  ok(milliseconds <= 8.1 * SECOND, `${milliseconds}`);
  match(lines.join("\n"), /KILL signal and exiting/);
});
