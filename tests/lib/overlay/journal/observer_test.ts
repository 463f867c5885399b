// What process 1 tells of itself, from what it was told: the container's states, scripts, awaited services, the cause.

import { deepEqual, equal } from "node:assert/strict";
import { ProcessImage } from "../../../../lib/image/image.ts";
import { Environment } from "../../../../lib/environment.ts";
import { Observer } from "../../../../lib/overlay/journal/observer.ts";
import type { ServiceView } from "../../../../lib/supervise/ports.ts";
import type { Snapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import type { ChildNews } from "../../../../lib/supervise/start.ts";

class Scene {
  private time = 0;
  readonly printed: string[] = [];
  readonly observer = new Observer({
    os: {
      pid: 1,
      timeOfDay: () => 1_000_000 + this.time,
      monotonic: () => 500 + this.time,
    },
    entries: 100,
    onEntry: ({ subject, event, text }) => void this.printed.push(`${subject} ${event} ${text}`.trim()),
  });

  at(time: number): this {
    this.time = time;
    return this;
  }

  /** Starts a script; what is returned ends it. */
  start(name: string, words: readonly string[], kind?: "command"): ChildNews["ended"] {
    let ended: ChildNews["ended"] | undefined;
    const start = this.observer.scripts.noting((_image, _name, news) => {
      ended = news.ended;
      return { pid: 7, forget: () => {} };
    }, kind);
    start(ProcessImage.of(words, Environment.of([])), name, { ended: () => {} });
    return ended!;
  }

  get snapshot(): Snapshot {
    return this.observer.snapshot([], { logging: 0, output: "plain", notStarted: [] }, true);
  }
}

Deno.test("a container boots, runs, and stops for the signal that came first", () => {
  const scene = new Scene();
  const { observer } = scene;
  equal(scene.snapshot.container.state, "booting");
  scene.at(20);
  observer.lifeStep({ on: "commandDue" }, "running");
  deepEqual(scene.snapshot.container.booted, { time: 1_000_020, after: 20 });
  scene.at(30);
  observer.signalled("TERM");
  observer.lifeStep({ on: "stopAsked", wait: true }, "stopping");
  observer.stopBegun(6500);
  observer.signalled(undefined);
  observer.lifeStep({ on: "essentialEnded", code: 1 }, "stopping");
  const { state, since, cause, stopEnds } = scene.snapshot.container;
  deepEqual([state, since.after, cause, stopEnds!.after], ["stopping", 30, "TERM", 6530]);
  equal(observer.lastLine, "stopping: TERM");
  deepEqual(scene.printed, [
    "container state running its command",
    "container signal TERM",
    "container state stopping its services: TERM",
  ]);
});

Deno.test("a stop is for a signal only while that is dealt with", () => {
  const { observer } = new Scene();
  observer.signalled("HUP");
  observer.signalled(undefined);
  observer.lifeStep({ on: "stopAsked", wait: true }, "stopping");
  equal(observer.lastLine, "stopping: asked for by s6-svscanctl or halt");
});

Deno.test("an essential service is named", () => {
  const { observer } = new Scene();
  observer.serviceEnded("db", false);
  observer.serviceEnded("web", true);
  observer.lifeStep({ on: "essentialEnded", code: 3 }, "running");
  equal(observer.lastLine, "stopping: essential service web exited 3");
});

Deno.test("scripts have their beginning and their end, and of a command the first word alone", () => {
  const scene = new Scene();
  const init = scene.at(1).start("cont-init.d/10-a", ["/etc/cont-init.d/10-a"]);
  scene.at(5);
  init(3 << 8, undefined);
  const command = scene.at(6).start("s6-overlay", ["/usr/bin/app", "--password=secret"], "command");
  scene.at(9);
  command(9, undefined);
  const rows = scene.snapshot.scripts.map(({ kind, name, started, ended, exit }) => [
    kind,
    name,
    started.after,
    ended?.after,
    exit,
  ]);
  deepEqual(rows, [
    ["cont-init.d", "10-a", 1, 5, { code: 3, signal: null }],
    ["command", "app", 6, 9, { code: null, signal: "KILL" }],
  ]);
  equal(JSON.stringify(scene.snapshot).includes("secret"), false);
});

Deno.test("of trouble with a service no more is kept than the journal keeps", () => {
  const scene = new Scene();
  scene.observer.noting(() => {})("warning", "s6-supervise web", "x".repeat(10_000));
  const view: ServiceView = {
    name: "web",
    directory: "/web",
    isLogger: false,
    supervised: false,
    up: false,
    service: undefined,
    lastStatus: 0,
    pid: 0,
    wantedUp: true,
    ready: false,
    failed: false,
    told: undefined,
    listen: () => () => {},
  };
  const { services } = scene.observer.snapshot([view], { logging: 0, output: "plain", notStarted: [] }, false);
  equal(services[0]!.trouble, `${"x".repeat(500)}...`);
});

Deno.test("what is reported is in the journal, and trouble of a service with the service", () => {
  const scene = new Scene();
  const lines: string[] = [];
  const report = scene.observer.noting((level, subject, text) => void lines.push(`${subject}: ${level}: ${text}`));
  report("warning", "s6-supervise web", "unable to spawn ./run");
  deepEqual(lines, ["s6-supervise web: warning: unable to spawn ./run"]);
  const [entry] = scene.snapshot.journal;
  deepEqual([entry!.event, entry!.subject, entry!.text], ["warning", "s6-supervise web", "unable to spawn ./run"]);
});

Deno.test("the services that the boot waits for are told while it does", () => {
  const scene = new Scene();
  scene.observer.awaits(["web"], 5000);
  deepEqual(scene.snapshot.container.awaited!.until!.after, 5000);
  scene.observer.awaits(["web"], 0);
  equal(scene.snapshot.container.awaited!.until, null);
  scene.observer.awaits(undefined, 0);
  equal(scene.snapshot.container.awaited, null);
});
