// The watchdog of a service, in a simulated world: when it begins, what puts it off, and what follows when it is over.

import { deepEqual, equal, match } from "node:assert/strict";
import { SIGNAL } from "../../../lib/signals.ts";
import { NotifyLife, USER } from "./notify_life.ts";

const WATCHED = { "data/overlay/watchdog": "2000\n" };

Deno.test("the watchdog begins when the service is ready, and each WATCHDOG=1 lets it begin anew", () => {
  const life = new NotifyLife(WATCHED);
  life.pass(10_000);
  life.sends("WATCHDOG=1");
  life.pass(10_000);
  deepEqual(life.run.signals, []);
  life.sends("READY=1");
  const { run } = life;
  for (let count = 0; count < 5; count++) {
    life.pass(1999);
    life.sends("WATCHDOG=1");
  }
  deepEqual([life.run.signals, life.service.deadline], [[], life.world.time + 2000]);
  life.pass(1999);
  deepEqual(life.run.signals, []);
  life.pass(1);
  deepEqual(life.run.signals, [SIGNAL.ABRT]);
  deepEqual(life.world.reports, [
    "s6-supervise web: warning: it has not told for 2000 ms that it is alive - sending it a SIGABRT",
  ]);
  life.pass(4999);
  deepEqual(run.signals, [SIGNAL.ABRT]);
  life.pass(1);
  deepEqual(run.signals, [SIGNAL.ABRT, SIGNAL.KILL]);
  life.pass(1000);
  deepEqual([life.service.state, life.service.watchdog, life.world.letters], ["up", 2000, "suUdDu"]);
});

Deno.test("what arrived in time counts, even if it is read only when the time is over", () => {
  const life = new NotifyLife(WATCHED);
  life.sends("READY=1");
  life.pass(1990);
  life.world.sockets.send(life.address, { text: "WATCHDOG=1", pid: life.run.pid, uid: USER });
  life.pass(10);
  deepEqual([life.run.signals, life.service.deadline], [[], life.world.time + 2000]);
});

Deno.test("timeout-kill is the time between ABRT and KILL", () => {
  const life = new NotifyLife({ ...WATCHED, "timeout-kill": "300\n" });
  const { run } = life;
  life.sends("READY=1");
  life.pass(2299);
  deepEqual(run.signals, [SIGNAL.ABRT]);
  life.pass(1);
  deepEqual(run.signals, [SIGNAL.ABRT, SIGNAL.KILL]);
});

for (
  const [what, end] of [["STOPPING=1", (life: NotifyLife) => life.sends("STOPPING=1")], ["s6-svc -d", stop("d")], [
    "s6-svc -r",
    stop("r"),
  ]] as const
) {
  Deno.test(`the watchdog ends with ${what}, and no WATCHDOG=1 brings it back`, () => {
    const life = new NotifyLife(WATCHED);
    life.sends("READY=1");
    end(life);
    life.sends("WATCHDOG=1");
    life.pass(60_000);
    equal(life.run.signals.includes(SIGNAL.ABRT), false);
    equal(life.world.timers.length, 0);
  });
}

function stop(letter: string): (life: NotifyLife) => void {
  return (life) => life.world.send(letter);
}

Deno.test("a service that is paused is not killed by its watchdog, and has its time again when it goes on", () => {
  const life = new NotifyLife(WATCHED);
  life.sends("READY=1");
  life.world.send("p");
  life.pass(9000);
  deepEqual(life.run.signals, [SIGNAL.STOP]);
  life.world.send("c");
  life.pass(3000);
  deepEqual(life.run.signals, [SIGNAL.STOP, SIGNAL.CONT, SIGNAL.ABRT]);
});

Deno.test("where we were held up ourselves, as with a whole container, the time begins anew", () => {
  const life = new NotifyLife(WATCHED);
  life.sends("READY=1");
  life.pass(60_000, true);
  deepEqual([life.run.signals, life.service.deadline], [[], life.world.time + 2000]);
});

Deno.test("WATCHDOG=trigger is as if the time were over, without a watchdog and before it is ready too", () => {
  const life = new NotifyLife();
  const { run } = life;
  life.sends("WATCHDOG=trigger", "WATCHDOG=trigger");
  deepEqual(run.signals, [SIGNAL.ABRT]);
  life.pass(5000);
  deepEqual(run.signals, [SIGNAL.ABRT, SIGNAL.KILL]);
  match(life.world.reports.join(), /it tells that it is stuck - sending it a SIGABRT/);
});

Deno.test("WATCHDOG_USEC changes the time of this life", () => {
  const life = new NotifyLife(WATCHED);
  life.sends("READY=1", "WATCHDOG_USEC=500000");
  life.pass(499);
  deepEqual(life.run.signals, []);
  life.sends("WATCHDOG_USEC=0");
  life.pass(60_000);
  deepEqual(life.run.signals, []);
  life.sends("WATCHDOG_USEC=1000");
  life.pass(1);
  deepEqual(life.run.signals, [SIGNAL.ABRT]);
});

Deno.test("EXTEND_TIMEOUT_USEC puts off the KILL of a stop, as mariadbd asks for it, and nothing else", () => {
  const life = new NotifyLife({ ...WATCHED, "timeout-kill": "1000\n" });
  const { run } = life;
  life.sends("READY=1", "EXTEND_TIMEOUT_USEC=60000000");
  equal(life.service.deadline, life.world.time + 2000);
  life.world.send("d");
  life.pass(900);
  life.sends("STOPPING=1\nEXTEND_TIMEOUT_USEC=5000000");
  life.pass(4999);
  deepEqual(run.signals, [SIGNAL.TERM, SIGNAL.CONT]);
  life.sends("EXTEND_TIMEOUT_USEC=0");
  life.pass(1);
  deepEqual(run.signals, [SIGNAL.TERM, SIGNAL.CONT, SIGNAL.KILL]);
});

Deno.test("a watchdog that is no number is reported, and there is none", () => {
  const life = new NotifyLife({ "data/overlay/watchdog": "2s\n" });
  deepEqual(life.world.reports, ["s6-supervise web: warning: invalid data/overlay/watchdog"]);
  life.sends("READY=1");
  equal(life.service.deadline, Infinity);
});
