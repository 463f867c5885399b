// When process 1 has the timeline written: by one child at a time, beside what the boot leads to, and in bounded time.

import { deepEqual, equal } from "node:assert/strict";
import { Environment } from "../../../../lib/environment.ts";
import type { ProcessImage } from "../../../../lib/image/image.ts";
import { SETTINGS, Settings } from "../../../../lib/overlay/settings.ts";
import { drive } from "../../../../lib/overlay/steps.ts";
import { TimelineFile, timelinePath } from "../../../../lib/overlay/timeline/timeline_file.ts";
import type { ServiceView } from "../../../../lib/supervise/ports.ts";
import { judgeCondition } from "../../../../lib/supervise/condition.ts";
import type { Condition } from "../../../../lib/supervise/ports.ts";
import { Clock } from "../../../simulation/clock.ts";

type Ports = ConstructorParameters<typeof TimelineFile>[0];

/** A container with one service, "web", and a clock of its own. */
class World {
  readonly did: string[] = [];
  readonly settings = new Settings(
    (variable) => variable === SETTINGS.timeline.variable ? this.value : undefined,
    (line) => this.did.push(line),
  );
  readonly file: TimelineFile;
  private readonly clock = new Clock(() => {});
  private ends: ((status: number) => void) | undefined;
  private isUp = false;
  private waits = new Set<() => void>();

  constructor(private readonly value: string) {
    const { settings } = this;
    const ports = {
      os: { kill: () => this.ended("killed") },
      reactor: { after: (time: number, work: () => void) => this.clock.at(this.clock.time + time, work) },
      start: (image: ProcessImage, _name: string, { ended }: Parameters<Ports["start"]>[2]) => {
        this.did.push(image.argv.join(" "));
        this.ends = (status) => ended(status, undefined);
        return { pid: 9, forget: () => {} };
      },
      report: (level: string, subject: string, text: string) => this.did.push(`${subject}: ${level}: ${text}`),
      scanner: {
        services: () => [this.web()],
        when: (condition: Condition, callback: () => void, names: readonly string[]) => {
          const settle = (): void => {
            if (names.length > 0 && judgeCondition(this.web(), condition) === "pending") return;
            this.waits.delete(settle);
            callback();
          };
          this.waits.add(settle);
          settle();
          return () => this.waits.delete(settle);
        },
      },
      settings,
      tree: Environment.empty,
      failed: (error: unknown) => this.did.push(`${error}`),
    };
    // No service has a notification-fd.
    const os = { ...ports.os, close: () => {}, door: { hold: () => 3, find: () => undefined } };
    this.file = new TimelineFile({ ...ports, os } as unknown as Ports);
  }

  pass(time = 0): void {
    this.clock.pass(time);
  }

  serviceUp(): void {
    this.isUp = true;
    for (const settle of [...this.waits]) settle();
  }

  /** The child that writes has ended. */
  ended(how = "written", status = 0): void {
    this.did.push(how);
    const end = this.ends;
    this.ends = undefined;
    end?.(status);
  }

  /** A stop comes to its last signals. */
  end(): void {
    drive(this.file.end(), () => this.did.push("last signals"), (error) => this.did.push(`${error}`));
  }

  private web(): ServiceView {
    return { name: "web", isLogger: false, supervised: true, up: this.isUp, wantedUp: true } as ServiceView;
  }
}

const WRITE = "/command/s6-overlay timeline -o /boot.svg";

function story(name: string, value: string, tell: (world: World) => void, did: readonly string[]): void {
  Deno.test(name, () => {
    const world = new World(value);
    tell(world);
    deepEqual(world.did, did);
  });
}

story("it is written once, when the boot has ended and what comes of it was begun", "/boot.svg", (world) => {
  world.serviceUp();
  world.file.bootEnded();
  world.did.push("the command");
  world.pass();
  world.file.bootEnded();
  world.pass(1);
  world.ended();
  world.end();
}, ["the command", WRITE, "written", "last signals"]);

story("it is written once more when services serve that did not yet", "/boot.svg", (world) => {
  world.file.bootEnded();
  world.pass();
  world.ended();
  world.serviceUp();
  world.ended();
}, [WRITE, "written", WRITE, "written"]);

story("one child writes at a time", "/boot.svg", (world) => {
  world.file.bootEnded();
  world.pass();
  world.serviceUp();
  world.ended();
  world.ended();
}, [WRITE, "written", WRITE, "written"]);

story("a stop waits until it is written, and wants it no more than once", "/boot.svg", (world) => {
  world.file.bootEnded();
  world.pass();
  world.serviceUp();
  world.file.stopBegun();
  world.end();
  world.pass(900);
  world.ended();
}, [WRITE, "written", "last signals"]);

story("a stop that interrupts the boot has it written, whenever its end comes", "/boot.svg", (world) => {
  world.file.bootEnded();
  world.file.stopBegun();
  world.end();
  world.serviceUp();
  world.ended();
}, [WRITE, "written", "last signals"]);

story("a stop does not wait for a child that hangs", "/boot.svg", (world) => {
  world.file.bootEnded();
  world.file.stopBegun();
  world.pass();
  world.end();
  world.pass(999);
  world.did.push("999 ms");
  world.pass(1);
}, [WRITE, "999 ms", "last signals"]);

story("a child that hangs is killed, and told", "/boot.svg", (world) => {
  world.serviceUp();
  world.file.bootEnded();
  world.pass(10_000);
}, [WRITE, "killed", "timeline: warning: /boot.svg was not written within 10 s"]);

for (const order of ["before", "after"]) {
  story(
    `a child that has failed is not started again for a service that serves ${order} its end`,
    "/boot.svg",
    (world) => {
      world.file.bootEnded();
      world.pass();
      if (order === "before") world.serviceUp();
      world.ended("failed", 111 << 8);
      if (order === "after") world.serviceUp();
      world.end();
    },
    [WRITE, "failed", "last signals"],
  );
}

story("without the setting nothing is started", "", (world) => {
  equal(timelinePath(world.settings), undefined);
  world.file.bootEnded();
  world.pass();
  world.end();
}, ["last signals"]);

for (const value of ["boot.svg", "/boot.png", "/boot", "svg"]) {
  story(`"${value}" is refused in one line with the cure`, value, (world) => {
    timelinePath(world.settings);
    world.file.bootEnded();
    world.pass();
  }, [
    `S6_TIMELINE="${value}": it is to be an absolute path that ends in .svg, .json or .txt; using the default, none`,
  ]);
}

for (const value of ["/boot.svg", "/a b/boot.json", "/boot.txt"]) {
  story(`"${value}" is a place for it`, value, (world) => equal(timelinePath(world.settings), value), []);
}
