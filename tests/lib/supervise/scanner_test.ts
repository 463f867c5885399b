// How a scanner that keeps loggers for last ends.

import { deepEqual, equal, ok } from "node:assert/strict";
import { Environment } from "../../../lib/environment.ts";
import { SIGNAL } from "../../../lib/signals.ts";
import type { Scanner } from "../../../lib/supervise/scanner_port.ts";
import { openScanner } from "../../../lib/supervise/scanner.ts";
import type { CrowdProcess } from "../../simulation/crowd.ts";
import { World } from "../../simulation/world.ts";

interface Stage {
  readonly world: World;
  readonly scanner: Scanner;
  left(): boolean;
  /** The living process of a service. */
  find(name: string): CrowdProcess | undefined;
  die(name: string, status?: number): void;
}

/** A service with a logger, and the catch-all logger; all of them up. */
function stage(more: readonly string[] = []): Stage {
  const world = new World(60);
  for (const directory of ["scan", "scan/web", "scan/web/log", "scan/s6-svscan-log"]) {
    world.files.put(directory, "directory");
  }
  for (const file of ["scan/web/run", "scan/web/log/run", "scan/s6-svscan-log/run", ...more]) {
    world.files.put(file, "file");
  }
  let left = false;
  const scanner = openScanner(world.ports, {
    directory: "scan",
    environment: Environment.empty,
    loggersLast: true,
    onLeft: () => left = true,
  });
  world.pass(0);
  const find = (name: string): CrowdProcess | undefined =>
    world.children.find((child) => child.name === name && child.state !== "zombie");
  const die = (name: string, status = 0): void => {
    world.die(find(name)!, status);
    world.ports.reaper.reap();
  };
  return { world, scanner, left: () => left, find, die };
}

Deno.test("a logger that dies while its service ends is started again, and ends after it", () => {
  const { scanner, world, find, die, left } = stage();
  scanner.stop("terminate");
  deepEqual(find("web")!.signals, [SIGNAL.TERM, SIGNAL.CONT]);
  deepEqual(find("web/log")!.signals, []);
  die("web/log", SIGNAL.KILL);
  const { output } = find("web")!;
  ok(output!.readers > 0, "nobody gets a SIGPIPE");
  world.pass(1000);
  equal(find("web/log")!.input, output);
  die("web");
  equal(find("web/log")!.input!.writers, 0);
  ok(!left());
  die("web/log");
  ok(left());
});

Deno.test("a logger that is down when its service has ended comes up once more, for what is left in the pipe", () => {
  const { scanner, world, find, die, left } = stage();
  die("web/log", SIGNAL.KILL);
  scanner.stop("terminate");
  die("web");
  ok(!left());
  world.pass(1000);
  equal(find("web/log")!.input!.writers, 0);
  die("web/log");
  ok(left());
  world.pass(10_000);
  equal(find("web/log"), undefined);
});

Deno.test("a logger that cannot be started is not waited for", () => {
  const { scanner, world, die, left } = stage();
  die("web/log", SIGNAL.KILL);
  world.weather.noStart = "exec";
  scanner.stop("terminate");
  die("web");
  world.pass(1000);
  ok(left());
});

Deno.test("finish prints where run has printed", () => {
  const { scanner, find, die } = stage(["scan/web/finish"]);
  const { output } = find("web")!;
  scanner.stop("terminate");
  scanner.endServices();
  die("web");
  const finish = find("web")!;
  deepEqual([finish.script, finish.output], ["finish", output]);
});

Deno.test("the catch-all logger is kept up until it is released", () => {
  const { scanner, world, find, die, left } = stage();
  scanner.stop("terminate");
  die("web");
  die("web/log");
  ok(left());
  scanner.endServices();
  scanner.abandonServices();
  deepEqual(find("s6-svscan-log")!.signals, []);
  die("s6-svscan-log", SIGNAL.KILL);
  world.pass(1000);
  let gone = false;
  scanner.releaseCatchAll();
  scanner.when("gone", () => gone = true, ["s6-svscan-log"]);
  deepEqual([find("s6-svscan-log")!.signals, gone], [[], false]);
  die("s6-svscan-log");
  ok(gone);
  world.pass(10_000);
  equal(find("s6-svscan-log"), undefined);
});

Deno.test("told to be quick, service and logger get their signals together", () => {
  const { scanner, find } = stage();
  scanner.stop("quit");
  const signals = [SIGNAL.TERM, SIGNAL.CONT];
  deepEqual([find("web")!.signals, find("web/log")!.signals, find("s6-svscan-log")!.signals], [signals, signals, []]);
});

Deno.test("a directory that took the place of another while a supervisor was due there is supervised as what it is", () => {
  const { scanner, world, find, die } = stage();
  world.files.put("scan/solo", "directory");
  world.files.put("scan/solo/run", "file");
  scanner.rescan();
  world.pass(0);
  scanner.command("solo", { on: "exit" });
  die("solo");
  world.files.remove("scan/solo");
  world.files.put("scan/solo", "directory");
  world.files.put("scan/solo/run", "file");
  world.pass(1000);
  const first = find("solo");
  ok(first, "it is started again");
  scanner.rescan();
  scanner.prune();
  equal(scanner.services().filter(({ name }) => name === "solo").length, 1);
  equal(first, find("solo"));
  deepEqual(first.signals, []);
});
