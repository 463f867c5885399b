import { deepEqual, equal, match } from "node:assert/strict";
import { Environment } from "../../../lib/environment.ts";
import type { SupervisePorts } from "../../../lib/supervise/ports.ts";
import { decodeStatus } from "../../../lib/supervise/status.ts";
import { Supervisor } from "../../../lib/supervise/supervisor.ts";
import { OsError } from "../../../lib/report.ts";
import { activate } from "../../simulation/starts.ts";
import { World } from "../../simulation/world.ts";

function supervise(world: World, ports: SupervisePorts = world.ports): Supervisor {
  const supervisor = Supervisor.open(ports, {
    name: "web",
    directory: "svc",
    environment: Environment.empty,
    streams: () => ({}),
    detach: () => {},
    onEnd: () => {},
  });
  supervisor.begin();
  // The start is due at once, by the clock.
  world.pass(0);
  return supervisor;
}

Deno.test("run gets its service's name", () => {
  const world = new World();
  supervise(world);
  deepEqual(world.children.map(({ argv }) => argv), [["run", "web"]]);
});

Deno.test("a start that keeps failing in the same way is reported once, and again after a success", () => {
  const world = new World();
  world.weather.noStart = "exec";
  supervise(world);
  world.pass(35_000);
  deepEqual(world.reports, [
    "s6-supervise web: warning: unable to spawn ./run - waiting 10 seconds: has CRLF line ends",
  ]);
  world.weather.noStart = undefined;
  world.pass(10_000);
  equal(world.letters, "su");
  world.die(world.children[0]!, 0);
  world.weather.noStart = "exec";
  world.ports.reaper.reap();
  world.pass(2000);
  equal(world.reports.length, 2);
});

Deno.test("with kill-group what run leaves of its group is killed before finish runs", () => {
  for (const file of ["svc/data/overlay/kill-group", "svc/other"]) {
    const world = new World();
    for (const directory of ["svc/data", "svc/data/overlay"]) world.files.put(directory, "directory");
    for (const path of ["svc/finish", file]) world.files.put(path, "file");
    const did: string[] = [];
    const kill = (pid: number, signal: number): boolean => (did.push(`kill ${pid} ${signal}`), true);
    const start: SupervisePorts["start"] = (image, news) => (did.push(image.argv[0]!), world.ports.start(image, news));
    supervise(world, { ...world.ports, start, os: { ...world.ports.os, kill } });
    const { pid } = world.children[0]!;
    world.die(world.children[0]!, 9);
    world.ports.reaper.reap();
    deepEqual(did, ["run", ...file.endsWith("kill-group") ? [`kill ${-pid} 9`] : [], "finish"]);
  }
});

Deno.test("with kill-group nothing is killed of what has no process of its own, until it has one", () => {
  for (const isActivated of [false, true]) {
    const world = new World();
    for (const directory of ["svc/data", "svc/data/overlay"]) world.files.put(directory, "directory");
    world.files.put("svc/data/overlay/kill-group", "file");
    world.weather.standsIn = true;
    const killed: number[] = [];
    const kill = (pid: number): boolean => killed.push(pid) > 0;
    supervise(world, { ...world.ports, os: { ...world.ports.os, kill } });
    world.settle();
    if (isActivated) activate(world, world.children[0]!);
    const { pid } = world.children[0]!;
    world.die(world.children[0]!, 9);
    world.ports.reaper.reap();
    deepEqual(killed, isActivated ? [-pid] : []);
  }
});

Deno.test("who hears that a supervisor has ended finds it ended", () => {
  const world = new World();
  const { os } = world.ports;
  let control = -1;
  let before: string | undefined;
  const provideFifo: typeof os.door.provideFifo = (...fifo) => control = os.door.provideFifo(...fifo);
  const close = (fd: number): void => {
    if (fd === control) before ??= world.letters;
    os.close(fd);
  };
  const supervisor = supervise(world, { ...world.ports, os: { ...os, close, door: { ...os.door, provideFifo } } });
  for (const on of ["down", "exit"] as const) supervisor.handle({ on });
  world.die(world.children[0]!, 0);
  world.ports.reaper.reap();
  deepEqual([before, world.letters], ["su", "sudDx"]);
});

Deno.test("a shortage of processes is waited out longer", () => {
  const world = new World();
  world.weather.noStart = "EAGAIN";
  supervise(world);
  match(world.reports[0]!, /waiting 60 seconds/);
  world.weather.noStart = undefined;
  world.pass(59_999);
  equal(world.letters, "s");
  world.pass(1);
  equal(world.letters, "su");
});

for (const [seconds, starts] of [[1, 1], [3, 3], [60, 3]] as const) {
  Deno.test(`a service for which no descriptors are left for ${seconds} s starts after ${starts} s, and says nothing`, () => {
    const world = new World();
    // Supervisors are only opened where there is room.
    let room = false;
    const leavesRoom = (): boolean => room || !world.files.has("svc/supervise/status");
    supervise(world, { ...world.ports, os: { ...world.ports.os, leavesRoom } });
    world.pass(Math.min(seconds, starts) * 1000 - 1);
    room = seconds === starts;
    equal(world.letters, "s");
    world.pass(1);
    equal(world.letters, "su");
    deepEqual(world.reports, []);
  });
}

Deno.test("where kill-group cannot be looked at nothing is killed, and a line says so", () => {
  const world = new World();
  const kills: number[] = [];
  const find: SupervisePorts["os"]["door"]["find"] = (path, ...more) => {
    if (path === "data/overlay/kill-group") {
      throw new OsError("look at", path, "EXDEV", "it lies on another file system");
    }
    return world.ports.os.door.find(path, ...more);
  };
  const os = {
    ...world.ports.os,
    door: { ...world.ports.os.door, find },
    kill: (pid: number) => (kills.push(pid), true),
  };
  supervise(world, { ...world.ports, os });
  world.die(world.children[0]!, 9);
  world.ports.reaper.reap();
  deepEqual(kills, []);
  match(world.reports.join(), /unable to open data\/overlay\/kill-group: it lies on another file system/);
});

for (const [errno, starts] of [["EPERM", 0], ["EIO", 0], ["EMFILE", 3], ["EINVAL", 3]] as const) {
  Deno.test(`where descriptors cannot be copied (${errno}) a service starts after ${starts} s all the same`, () => {
    const world = new World();
    const duplicate = (): never => {
      throw new OsError("duplicate", "", errno, "it cannot be");
    };
    supervise(world, { ...world.ports, os: { ...world.ports.os, duplicate } });
    if (starts > 0) {
      world.pass(starts * 1000 - 1);
      equal(world.letters, "s");
      world.pass(1);
    }
    equal(world.letters, "su");
    deepEqual(world.reports, []);
  });
}

Deno.test("a status file that cannot be written is reported once, and written when it can be", () => {
  const world = new World();
  const supervisor = supervise(world);
  world.weather.disk = "full";
  world.send("p");
  world.pass(10_000);
  deepEqual(world.reports, ["s6-supervise web: warning: unable to write status file: No space left on device"]);
  equal(decodeStatus(world.files.get("svc/supervise/status")!)?.paused, false);
  world.weather.disk = "free";
  world.pass(1000);
  equal(decodeStatus(world.files.get("svc/supervise/status")!)?.paused, true);
  equal(world.timers.length, 0);
  equal(supervisor.service.paused, true);
});

Deno.test("a supervisor with nothing to do has no timer", () => {
  const world = new World();
  supervise(world);
  equal(world.timers.length, 0);
  world.send("d");
  equal(world.timers.length, 0);
});

Deno.test("a notification in pieces makes the service ready at its first newline", () => {
  const world = new World();
  world.files.set("svc/notification-fd", "3\n");
  supervise(world);
  const [run] = world.children;
  world.notify(run!, "loading ");
  equal(world.letters, "su");
  world.notify(run!, "done\nmore");
  equal(world.letters, "suU");
  equal(world.open.size, 3, "the pipe is closed: the directory, the lock and the fifo are open");
});

Deno.test("the file down follows the commands", () => {
  const world = new World();
  supervise(world);
  const steps: [string, boolean][] = [["Q", true], ["U", false], ["D", true], ["u", true]];
  for (const [letter, expected] of steps) {
    world.send(letter);
    equal(world.files.has("svc/down"), expected, letter);
  }
});
