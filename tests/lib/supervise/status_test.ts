import { deepEqual, equal } from "node:assert/strict";
import { decodeStatus, encodeStatus, isUp, type Status } from "../../../lib/supervise/status.ts";

const hex = (text: string): string =>
  Array.from(text, (char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");
const unhex = (text: string): string =>
  text.replace(/\s/g, "").replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));

/** A service stopped by s6-svc -d, as s6 2.11.3 leaves it. */
const STOPPED = "40000000 6b0337c2 309149a8 40000000 6b0337c2 309bbc21 0000000000000000 000f 08";

const DOWN: Status = {
  stamp: { seconds: 0x6b0337c2 - 37, nanoseconds: 0x309149a8 },
  readyStamp: { seconds: 0x6b0337c2 - 37, nanoseconds: 0x309bbc21 },
  pid: 0,
  lastStatus: 15,
  paused: false,
  finishing: false,
  wantedUp: false,
  ready: true,
};

Deno.test("the status file has s6's 35 bytes", () => {
  equal(hex(encodeStatus(DOWN)), STOPPED.replace(/\s/g, ""));
  deepEqual(decodeStatus(unhex(STOPPED)), DOWN);
});

Deno.test("every combination of flags is read as it was written", () => {
  for (let bits = 0; bits < 16; bits++) {
    const flags = { paused: !!(bits & 1), finishing: !!(bits & 2), wantedUp: !!(bits & 4), ready: !!(bits & 8) };
    const content = encodeStatus({ ...DOWN, ...flags });
    equal(content.charCodeAt(34), bits);
    deepEqual(decodeStatus(content), { ...DOWN, ...flags });
  }
});

Deno.test("pids beyond 32 bits and every wait status are read as they were written", () => {
  for (const pid of [1, 65535, 2 ** 32 - 1, 2 ** 32 + 5]) equal(decodeStatus(encodeStatus({ ...DOWN, pid }))?.pid, pid);
  for (let lastStatus = 0; lastStatus < 65536; lastStatus += 251) {
    equal(decodeStatus(encodeStatus({ ...DOWN, lastStatus }))?.lastStatus, lastStatus);
  }
});

Deno.test("a short file is no status, a longer one is one by its first 35 bytes", () => {
  equal(decodeStatus(unhex(STOPPED).slice(0, 34)), undefined);
  deepEqual(decodeStatus(unhex(STOPPED) + "more"), DOWN);
});

Deno.test("up is a process that is not the finish script", () => {
  equal(isUp(DOWN), false);
  equal(isUp({ ...DOWN, pid: 7 }), true);
  equal(isUp({ ...DOWN, pid: 7, finishing: true }), false);
});
