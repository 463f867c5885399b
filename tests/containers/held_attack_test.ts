// What is asked of a service whose process is held before its exec, and what happens to all others meanwhile: commands,
// a stop, no processes or descriptors to be had.

import { equal, match, ok } from "node:assert/strict";
import type { ContainerEnd } from "../../scripts/engine.ts";
import { chainScript, HoldingContainer } from "../surroundings/held.ts";
import { canLimitPids, PidsGroup } from "../surroundings/pids_group.ts";
import { canIsolate } from "../surroundings/namespace.ts";

const UP = "listen held; s6-svc -o held; events u; shows held up true";

function stopsInOrder({ code, stdout, stderr }: ContainerEnd): void {
  equal(code, 0, stderr);
  match(stdout, /\nthe last script\n(.*\n)*.*KILL signal and exiting\.\n$/, stderr);
  ok(!/internal error/.test(stderr), stderr);
}

function isTold({ stderr }: ContainerEnd): void {
  match(stderr, /^s6-svwait: fatal: timed out after 3 s waiting for held$/m);
  match(stderr, /^s6-finish: warning: still alive after 3 s: \d+ \S+ \(service held\)$/m);
}

function test(name: string, fn: () => Promise<void>, ignore = false): void {
  Deno.test({ name, ignore: !canIsolate || ignore, fn });
}

test("a held process cannot take TERM, and KILL ends it like any run", async () => {
  await using container = await HoldingContainer.boot();
  await container.hold();
  const told = await container.does(
    UP,
    "before=$(pid held); s6-svc -t held; s6-svc -1 held; s6-svc -r other; shows other up true",
    "shows held up true; [ $(pid held) = $before ] && echo the same",
    "s6-svc -k held; events udD; shows held up,wantedup 'false false'; s6-svdt held | cut -d ' ' -f 2-",
  );
  equal(
    told,
    "events u\nheld: up true\nother: up true\nheld: up true\nthe same\nevents udD\nheld: up,wantedup false false\n" +
      "signal SIGKILL\n",
  );
  await container.printed("finish 256 9\n");
  equal((await container.stop()).code, 0);
});

test("a held process that is to end is killed when its time is over", async () => {
  await using container = await HoldingContainer.boot({ "etc/services.d/held/timeout-kill": "300\n" });
  await container.hold();
  equal(
    await container.does(UP, "s6-svc -d held; events udD; shows held up,signal 'false SIGKILL'"),
    "events u\nheld: up true\nevents udD\nheld: up,signal false SIGKILL\n",
  );
  equal((await container.stop()).code, 0);
});

test("a stop does not wait for a held process beyond its time", async () => {
  await using container = await HoldingContainer.boot();
  await container.hold();
  await container.does(UP);
  const ended = await container.stop();
  stopsInOrder(ended);
  isTold(ended);
});

/** Its processes wait, as their user's, in a fifo that no process opens. */
const WAITS = { "etc/services.d/held/run": chainScript("s6-setuidgid nobody", "redirfd -r 0 /home/fifo", "held") };

test("a user who stops its process for ever stops neither commands nor a stop", async () => {
  await using container = await HoldingContainer.boot(WAITS);
  const told = await container.does(
    "mkfifo -m 666 /home/fifo; (s6-setuidgid nobody sh -c 'while :; do kill -STOP -1; done' >/dev/null 2>&1 &)",
    UP,
    "stopped() { grep -q '^State:.T' /proc/$(pid held)/status; }; until_true stopped; echo stopped",
    "s6-svc -r other; s6-svc -d held; events udD; shows held up,signal 'false SIGTERM'",
    "s6-svc -o held; events udDu; until_true stopped; s6-svc -k held; events udDudD; shows held up,signal 'false SIGKILL'",
    "s6-svc -u held; events udDudDu; shows held up true; shows other up true",
  );
  equal(
    told,
    "events u\nheld: up true\nstopped\nevents udD\nheld: up,signal false SIGTERM\nevents udDu\nevents udDudD\n" +
      "held: up,signal false SIGKILL\nevents udDudDu\nheld: up true\nother: up true\n",
  );
  stopsInOrder(await container.stop());
});

test("without a descriptor left the others are told of, and the container stops in order", async () => {
  await using container = await HoldingContainer.boot();
  await container.hold();
  equal(await container.does(UP), "events u\nheld: up true\n");
  await container.withholdDescriptors();
  await container.does("s6-svc -r other");
  await container.printed(
    "s6-supervise other: warning: unable to spawn ./run - waiting 60 seconds: Too many open files\n",
  );
  await container.allowDescriptors(1024);
  equal(
    await container.does(
      "s6-svc -u other; shows other up true; s6-svc -k held; shows held up false; s6-svc -u held; shows held up true",
    ),
    "other: up true\nheld: up false\nheld: up true\n",
  );
  await container.withholdDescriptors();
  const ended = await container.stop();
  stopsInOrder(ended);
  isTold(ended);
});

test("without a process to be had the others are told of, and the container stops in order", async () => {
  using group = PidsGroup.make()!;
  await using container = await HoldingContainer.boot();
  await container.hold();
  equal(await container.does(UP), "events u\nheld: up true\n");
  group.take(container.pid);
  group.limit(0);
  const failed =
    "s6-supervise other: warning: unable to spawn ./run - waiting 60 seconds: Resource temporarily unavailable\n";
  equal(await container.does("s6-svc -r other; shows other up false"), "other: up false\n");
  await container.printed(failed);
  // Each command tries again at once; it is reported once.
  equal(
    await container.does("for n in 1 2 3; do s6-svc -u other; done; s6-svc -k held; shows held up false"),
    "held: up false\n",
  );
  equal(container.stderr.split(failed).length, 2);
  group.limit("max");
  equal(
    await container.does("s6-svc -u other; shows other up true; s6-svc -u held; shows held up true"),
    "other: up true\nheld: up true\n",
  );
  group.limit(0);
  const ended = await container.stop();
  equal(ended.code, 0);
  match(ended.stdout, /last: exited 111\.\n(.*\n)*.*KILL signal and exiting\.\n$/);
  match(ended.stderr, /^cont-finish\.d\/last: fatal: unable to start .*: Resource temporarily unavailable$/m);
  isTold(ended);
}, !canLimitPids);
