// systemd's notify protocol: which messages tell that a service is ready, and whose messages count.

import { deepEqual, equal, ok } from "node:assert/strict";
import {
  mayNotify,
  notifyAccess,
  type NotifyEvent,
  notifyVariables,
  readyNotice,
  tellsReady,
  toldBy,
} from "../../../lib/supervise/notify_protocol.ts";

const MESSAGES: readonly (readonly [message: string, isReady: boolean])[] = [
  ["READY=1", true],
  ["READY=1\n", true],
  ["STATUS=up\nREADY=1", true],
  ["READY=1\nSTATUS=up\nMAINPID=7\n", true],
  ["RELOADING=1\nREADY=1\n", true],
  ["READY=0\n", false],
  ["READY=10\n", false],
  ["XREADY=1\n", false],
  [" READY=1\n", false],
  ["READY=1 \n", false],
  ["READY=1\0\n", false],
  ["STATUS=READY=1\n", false],
  ["STOPPING=1\n", false],
  ["ready=1\n", false],
  ["\n\n", false],
  ["", false],
];

for (const [message, isReady] of MESSAGES) {
  Deno.test(`${JSON.stringify(message)} tells ${isReady ? "" : "nothing "}that the service is ready`, () => {
    equal(tellsReady(message, false), isReady);
  });
}

Deno.test("the last line of a message that is cut may be the begin of another, and does not count", () => {
  equal(tellsReady("STATUS=x\nREADY=1", true), false);
  equal(tellsReady("READY=1\nSTATUS=x", true), true);
});

Deno.test("what one end sends the other understands", () => equal(tellsReady(readyNotice(7), false), true));

const SERVICE = { pid: 7, uid: 1000 };

Deno.test("a message counts from the service's process, from its user and from root", () => {
  equal(mayNotify({ pid: 7, uid: 1000 }, SERVICE), true);
  equal(mayNotify({ pid: 7, uid: 33 }, SERVICE), true);
  equal(mayNotify({ pid: 8, uid: 1000 }, SERVICE), true);
  equal(mayNotify({ pid: 8, uid: 0 }, SERVICE), true);
});

Deno.test("a message of another user, and one of a sender that is unknown, do not count", () => {
  equal(mayNotify({ pid: 8, uid: 33 }, SERVICE), false);
  equal(mayNotify({ pid: 8, uid: 1000 }, { pid: 7, uid: 0 }), false);
  equal(mayNotify({ pid: 0, uid: 65534 }, SERVICE), false);
  equal(mayNotify(undefined, SERVICE), false);
});

Deno.test("when the service has ended only its own messages, and those of root, count", () => {
  const ended = { pid: 7, uid: undefined };
  equal(mayNotify({ pid: 7, uid: 1000 }, ended), true);
  equal(mayNotify({ pid: 8, uid: 1000 }, ended), false);
  equal(mayNotify({ pid: 8, uid: undefined }, ended), false);
});

const NOW = 5000;
const READY: NotifyEvent = { on: "notified" };

/** What daemons send, as seen, and what each message brings about. */
const TOLD: readonly (readonly [what: string, message: string, events: readonly NotifyEvent[]])[] = [
  ["redis that is ready", "STATUS=Ready to accept connections\n", []],
  ["redis that is ready, in its next message", "READY=1\n", [READY]],
  ["php-fpm", "READY=1\nSTATUS=Processes active: 0, idle: 2\nMAINPID=7\n", [READY]],
  ["haproxy that reloads", "RELOADING=1\nSTATUS=Reloading Configuration.\n", [{ on: "reloading", at: NOW }]],
  ["a reload with its begin", "RELOADING=1\nMONOTONIC_USEC=4200500\n", [{ on: "reloading", at: 4200.5 }]],
  ["a reload that is yet to begin", "RELOADING=1\nMONOTONIC_USEC=9999999999999999999", [{ on: "reloading", at: NOW }]],
  ["a reload that began at no time", "MONOTONIC_USEC=-3\nRELOADING=1", [{ on: "reloading", at: NOW }]],
  ["a reload that is over", "READY=1\nRELOADING=1", [{ on: "reloading", at: NOW }, READY]],
  ["postgres that ends", "STOPPING=1\nSTATUS=shutting down\n", [{ on: "stopping" }]],
  ["one that was ready and ends", "STOPPING=1\nREADY=1", [READY, { on: "stopping" }]],
  ["mariadbd that needs time", "EXTEND_TIMEOUT_USEC=30000000\nSTATUS=InnoDB\n", [{ on: "extended", by: 30_000 }]],
  ["less than a millisecond", "EXTEND_TIMEOUT_USEC=1", [{ on: "extended", by: 1 }]],
  ["far too much time", "EXTEND_TIMEOUT_USEC=18446744073709551615", [{ on: "extended", by: 31 * 24 * 3600 * 1000 }]],
  ["a time that is none", "EXTEND_TIMEOUT_USEC=soon", []],
  ["one that is alive", "WATCHDOG=1", [{ on: "alive" }]],
  ["one that is stuck", "WATCHDOG=trigger\n", [{ on: "stuck" }]],
  ["another watchdog", "WATCHDOG_USEC=2000000\n", [{ on: "watchdogSet", every: 2000 }]],
  ["no watchdog any more", "WATCHDOG_USEC=0", [{ on: "watchdogSet", every: 0 }]],
  ["what we do not know", "BARRIER=1\nFDSTORE=1\nERRNO=2\nBUSERROR=x\nNOTIFYACCESS=all\n=\n=x\nREADY\n", []],
  ["the last value of a key", "READY=1\nREADY=0", []],
  ["all of it", "WATCHDOG=1\nSTOPPING=1\nREADY=1\nRELOADING=1\nEXTEND_TIMEOUT_USEC=1000", [
    { on: "extended", by: 1 },
    { on: "reloading", at: NOW },
    READY,
    { on: "alive" },
    { on: "stopping" },
  ]],
];

for (const [what, message, events] of TOLD) {
  Deno.test(`what follows from a message of ${what}`, () => deepEqual(toldBy(message, false, NOW).events, events));
}

Deno.test("the main process that a message names is a pid, or it is none", () => {
  const named = (pid: string): number | undefined => toldBy(`MAINPID=${pid}`, false, NOW).mainPid;
  deepEqual(["7", "4194304", "0", "-1", "x", "", "99999999999"].map(named), [7, 4194304, ...Array(5).fill(undefined)]);
});

Deno.test("what a service says of itself is fit for a line, whatever it is", () => {
  const said = (text: string): string | undefined => toldBy(`STATUS=${text}`, false, NOW).status;
  deepEqual(["up", "", "\xc3\xa9", "\x1b[2J\x07\r", "\xff\xc2\x9b", "a\tb"].map(said), [
    "up",
    "",
    "\xc3\xa9",
    "\\x1b[2J\\x07\\x0d",
    "\\xff\\xc2\\x9b",
    "a\\x09b",
  ]);
  equal(toldBy("READY=1", false, NOW).status, undefined);
});

Deno.test("a long text is cut where a character begins", () => {
  for (let begin = 250; begin < 258; begin++) {
    const { status = "" } = toldBy(`STATUS=${"x".repeat(begin)}\xe2\x82\xac${"y".repeat(4000)}`, false, NOW);
    ok(status.endsWith("..."), status);
    ok(status.length <= 259 && !status.includes("\\x"), status);
  }
});

Deno.test("of a message that is cut the last line does not count", () => {
  deepEqual(toldBy("READY=1\nSTATUS=long", true, NOW), { events: [READY], status: undefined, mainPid: undefined });
});

Deno.test("whose messages count is main or all, and main where nothing is said", () => {
  deepEqual(["", "main", "all", "none", "all "].map(notifyAccess), ["main", "main", "all", undefined, undefined]);
});

Deno.test("the watchdog's time is told in microseconds, and no variable of another supervisor stays", () => {
  deepEqual(notifyVariables("/run/x", 1500), [
    ["NOTIFY_SOCKET", "/run/x"],
    ["WATCHDOG_USEC", "1500000"],
    ["WATCHDOG_PID", undefined],
  ]);
  deepEqual(notifyVariables("@x", 0).slice(1), [["WATCHDOG_USEC", undefined], ["WATCHDOG_PID", undefined]]);
});
