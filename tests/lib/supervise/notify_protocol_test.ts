// systemd's notify protocol: which messages tell that a service is ready, and whose messages count.

import { equal } from "node:assert/strict";
import { mayNotify, readyNotice, tellsReady } from "../../../lib/supervise/notify_protocol.ts";

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
