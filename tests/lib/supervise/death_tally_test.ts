import { deepEqual, equal } from "node:assert/strict";
import { deathRecord, decodeDeaths, encodeDeath, RECORD_SIZE, withDeath } from "../../../lib/supervise/death_tally.ts";

const AT = { seconds: 1_795_373_981, nanoseconds: 123_456_789 };

Deno.test("an exit is recorded with its code, a signal with 128 more and its number", () => {
  deepEqual(deathRecord(AT, 7 << 8), { stamp: AT, code: 7, signal: 0 });
  deepEqual(deathRecord(AT, 9), { stamp: AT, code: 137, signal: 9 });
  deepEqual(deathRecord(AT, 11 | 0x80), { stamp: AT, code: 139, signal: 11 });
});

Deno.test("a record has 14 bytes and ends in code and signal", () => {
  const record = encodeDeath(deathRecord(AT, 9));
  equal(record.length, RECORD_SIZE);
  equal(record.slice(-2), "\x89\x09");
});

Deno.test("records are kept oldest first, and of a limited number", () => {
  let content = "";
  for (let code = 0; code < 5; code++) content = withDeath(content, deathRecord(AT, code << 8), 3);
  deepEqual(decodeDeaths(content)?.map(({ code }) => code), [2, 3, 4]);
});

Deno.test("a damaged file is none, and starts afresh with the next death", () => {
  equal(decodeDeaths("x".repeat(15)), undefined);
  deepEqual(decodeDeaths(withDeath("x".repeat(15), deathRecord(AT, 0), 3)), [deathRecord(AT, 0)]);
});

Deno.test("with a maximum of none nothing is recorded", () => {
  equal(withDeath("", deathRecord(AT, 0), 0), "");
});
