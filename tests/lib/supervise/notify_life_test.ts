// The life of a service that speaks systemd's notify protocol, in a simulated world: what its messages bring about, when
// they come from whom. The rules are those that real daemons ask for; watchdog_test.ts has those of the watchdog.

import { deepEqual, equal, match } from "node:assert/strict";
import { OsError } from "../../../lib/report.ts";
import { NotifyLife, STRANGER, USER } from "./notify_life.ts";

Deno.test("a service is ready by the first READY=1, and later ones change nothing", () => {
  const life = new NotifyLife();
  deepEqual([life.world.letters, life.isReady], ["su", false]);
  life.sends("READY=1");
  deepEqual([life.world.letters, life.isReady], ["suU", true]);
  const before = life.service;
  // As php-fpm has it: every ten seconds.
  for (let count = 0; count < 3; count++) {
    life.pass(10_000);
    life.sends(`READY=1\nSTATUS=idle: ${count}\nMAINPID=${life.run.pid}`);
  }
  deepEqual([life.world.letters, life.service, life.told?.status], ["suU", before, "idle: 2"]);
  deepEqual(life.world.reports, []);
});

Deno.test("its first message tells that it runs", () => {
  const life = new NotifyLife();
  life.dies();
  life.world.startsAtOnce = false;
  life.pass(1000);
  equal(life.service.state, "starting");
  life.sends("READY=1");
  equal(life.service.state, "up");
  equal(life.world.letters, "sudDuU");
});

Deno.test("a reload before the first READY=1 changes nothing", () => {
  const life = new NotifyLife();
  life.sends("RELOADING=1", "STATUS=Loading");
  deepEqual([life.service.reloading, life.service.ready, life.world.letters], [0, false, "su"]);
  life.sends("READY=1");
  deepEqual([life.service.reloading, life.service.ready, life.world.letters], [0, true, "suU"]);
});

Deno.test("a reload ends with the next READY=1, however often it was told, and the service stays ready", () => {
  const life = new NotifyLife();
  life.sends("READY=1");
  life.pass(7000);
  const begin = life.world.time;
  // As haproxy has it: twice.
  life.sends("RELOADING=1");
  life.pass(50);
  life.sends(`RELOADING=1\nMONOTONIC_USEC=${1000 * life.world.time}`);
  deepEqual([life.service.reloading, life.isReady, life.world.letters], [begin, true, "suU"]);
  life.sends("READY=1");
  deepEqual([life.service.reloading, life.isReady, life.world.letters], [0, true, "suU"]);
});

Deno.test("only STOPPING=1 and death end readiness, and no READY=1 behind it brings it back", () => {
  const life = new NotifyLife();
  life.sends("READY=1");
  life.sends("STATUS=x", "RELOADING=1", "READY=0", "WATCHDOG=1", "MAINPID=1");
  equal(life.isReady, true);
  life.sends("STOPPING=1");
  deepEqual([life.isReady, life.service.leaving, life.service.reloading], [false, true, 0]);
  life.sends("READY=1", "RELOADING=1", "STOPPING=1");
  deepEqual([life.isReady, life.service.reloading, life.world.letters], [false, 0, "suU"]);
  life.dies();
  life.pass(1000);
  deepEqual([life.service.state, life.service.leaving, life.world.letters], ["up", false, "suUdDu"]);
  life.sends("READY=1");
  equal(life.isReady, true);
});

Deno.test("messages of workers that have the socket do not count, nor do those of strangers, and are counted", () => {
  const life = new NotifyLife();
  const { sessions } = life.world.sockets;
  sessions.set(STRANGER, STRANGER);
  sessions.set(STRANGER + 1, life.run.pid);
  life.sendsAs(STRANGER, "READY=1", "STATUS=mine");
  life.sendsAs(STRANGER + 1, "READY=1");
  life.sendsAs(0, "READY=1");
  deepEqual([life.service.ready, life.told], [false, { status: undefined, ignored: 4 }]);
  life.sends("READY=1");
  life.sendsAs(STRANGER, "STOPPING=1", "WATCHDOG=trigger");
  deepEqual([life.isReady, life.told?.ignored, life.run.signals], [true, 6, []]);
});

Deno.test("with all, the messages of all processes of its session count, and no others", () => {
  const life = new NotifyLife({ "data/overlay/notify-socket": "all\n" });
  const { sessions } = life.world.sockets;
  sessions.set(STRANGER, STRANGER);
  life.sendsAs(STRANGER, "READY=1");
  life.sendsAs(0, "READY=1");
  deepEqual([life.service.ready, life.told?.ignored], [false, 2]);
  sessions.set(STRANGER, life.run.pid);
  life.sendsAs(STRANGER, "READY=1");
  deepEqual([life.isReady, life.told?.ignored], [true, 2]);
});

Deno.test("with all, of a sender that has ended its user counts", () => {
  const life = new NotifyLife({ "data/overlay/notify-socket": "all\n" });
  const send = (uid: number): void => {
    life.world.sockets.send(life.address, { text: "READY=1", pid: STRANGER, uid });
    life.world.poll();
  };
  send(USER + 1);
  equal(life.service.ready, false);
  send(USER);
  equal(life.service.ready, true);
});

Deno.test("each life has a socket of its own: a late message of a dead process reaches nothing", () => {
  const life = new NotifyLife();
  const { address, run: { pid } } = life;
  life.sends("READY=1", "STATUS=one");
  life.dies();
  deepEqual([life.world.sockets.addresses(), life.told?.status], [[], "one"]);
  life.pass(1000);
  equal(life.world.sockets.send(address, { text: "READY=1", pid, uid: USER }), false);
  deepEqual([life.service.ready, life.told?.status], [false, undefined]);
  equal(life.address === address, false);
});

Deno.test("what it told before its death is heard before its death", () => {
  const life = new NotifyLife();
  life.world.sockets.send(life.address, { text: "READY=1\nSTATUS=no port", pid: life.run.pid, uid: USER });
  life.dies(1 << 8);
  deepEqual([life.world.letters, life.told?.status], ["suUdD", "no port"]);
});

Deno.test("no descriptor and no watch is left behind by a hundred lives", () => {
  const life = new NotifyLife({ "notification-fd": "3\n" });
  const { world } = life;
  const open = world.open.size;
  for (let count = 0; count < 100; count++) {
    if (count % 3 === 0) life.sends("READY=1");
    life.dies();
    life.pass(1000);
  }
  deepEqual([world.open.size, world.sockets.addresses().length], [open, 1]);
  life.supervisor.abandon();
  deepEqual([world.sockets.addresses(), [...world.watched]], [[], []]);
});

Deno.test("a service that also has a notification-fd is ready by whichever comes first", () => {
  const byPipe = new NotifyLife({ "notification-fd": "3\n" });
  byPipe.world.notify(byPipe.run, "\n");
  byPipe.sends("READY=1");
  equal(byPipe.world.letters, "suU");
  const bySocket = new NotifyLife({ "notification-fd": "3\n" });
  bySocket.sends("READY=1");
  bySocket.world.notify(bySocket.run, "\n");
  equal(bySocket.world.letters, "suU");
});

Deno.test("a socket that cannot be made is reported, and the start tried again", () => {
  const life = new NotifyLife();
  const { openNotifySocket } = life.world.ports;
  Object.assign(life.world.ports, {
    openNotifySocket: () => {
      throw new OsError("bind", "a socket", "ENOSPC", "No space left on device");
    },
  });
  life.dies();
  life.pass(1000);
  match(
    life.world.reports.join(),
    /unable to make a socket for \.\/run \(waiting 60 seconds\): No space left on device/,
  );
  Object.assign(life.world.ports, { openNotifySocket });
  life.pass(60_000);
  equal(life.world.letters, "sudDu");
});

Deno.test("a MAINPID that is another process is ignored, with one warning", () => {
  const life = new NotifyLife();
  life.sends(`MAINPID=${life.run.pid}`, "MAINPID=12", "MAINPID=13", "READY=1");
  deepEqual(life.world.reports, [
    `s6-supervise web: warning: it says MAINPID=12, which is ignored: its process is ${life.run.pid}`,
  ]);
  equal(life.isReady, true);
});

Deno.test("a flood of messages takes a bounded part of each turn, and rests", () => {
  const life = new NotifyLife();
  life.sessionOfStranger();
  const flood = Array.from({ length: 1000 }, () => "READY=1");
  life.sendsAs(STRANGER, ...flood);
  equal(life.told?.ignored, 32);
  for (let turn = 0; turn < 20; turn++) life.world.poll();
  const rested = life.told!.ignored;
  equal(rested <= 232, true, `${rested}`);
  life.pass(100);
  life.world.poll();
  equal(life.told!.ignored > rested, true);
});

Deno.test("EXTEND_TIMEOUT_USEC before it is ready says how long its start is to be waited for", () => {
  const life = new NotifyLife();
  const until = life.world.time + 30_000;
  life.sends("EXTEND_TIMEOUT_USEC=30000000", "EXTEND_TIMEOUT_USEC=1000000");
  equal(life.service.startsUntil, until);
  life.dies();
  equal(life.service.startsUntil, 0);
  life.pass(1000);
  life.sends("READY=1", "EXTEND_TIMEOUT_USEC=30000000");
  equal(life.service.startsUntil, 0);
});
