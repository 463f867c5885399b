// Constant databases, written and read; those of the original are in tests/recorded.

import { deepEqual, equal, throws } from "node:assert/strict";
import { Cdb, type CdbRecord, encodeCdb } from "../../lib/cdb.ts";
import { Random } from "../random/random.ts";

function randomRecords(random: Random): CdbRecord[] {
  const bytes = (most: number): string =>
    Array.from({ length: random.below(most) }, () => String.fromCharCode(random.below(256))).join("");
  return Array.from({ length: random.below(300) }, (_, at): CdbRecord => [`${at}:${bytes(9)}`, bytes(40)]);
}

Deno.test("what is written is found, in order and by key", () => {
  const random = new Random(1);
  for (let round = 0; round < 50; round++) {
    const records = randomRecords(random);
    const cdb = new Cdb(encodeCdb(records));
    deepEqual(cdb.records(), records);
    for (const [key, data] of records) equal(cdb.find(key), data);
    equal(cdb.find("none"), undefined);
  }
});

Deno.test("a database without records is a header of empty tables", () => {
  const bytes = encodeCdb([]);
  equal(bytes.length, 2048);
  deepEqual(new Cdb(bytes).records(), []);
});

Deno.test("a file that is cut short, or changed anywhere, is read to an end or refused", () => {
  const random = new Random(2);
  const whole = encodeCdb(randomRecords(random));
  throws(() => new Cdb(whole.subarray(0, 2047)), RangeError);
  for (let round = 0; round < 3000; round++) {
    const bytes = whole.slice(0, 2048 + random.below(whole.length - 2047));
    const changes = random.below(8);
    for (let change = 0; change < changes; change++) bytes[random.below(bytes.length)] = random.below(256);
    try {
      new Cdb(bytes).records();
      new Cdb(bytes).find("1");
    } catch (error) {
      equal(error instanceof RangeError, true, String(error));
    }
  }
});
