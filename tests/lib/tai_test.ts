import { deepEqual, equal } from "node:assert/strict";
import { getStamp, isLeapSecond, parseStamp, putStamp, secondsBetween, STAMP_SIZE, stampText } from "../../lib/tai.ts";

const AT = { seconds: 0x6b0337c2 - 37, nanoseconds: 0x309149a8 };

Deno.test("a stamp is 2^62 plus 37 s ahead of Unix time, and nanoseconds", () => {
  equal(stampText(AT), "@400000006b0337c2309149a8");
});

Deno.test("before 2017 fewer leap seconds had passed, before 1972 none", () => {
  equal(stampText({ seconds: 0, nanoseconds: 0 }), "@400000000000000a00000000");
  equal(parseStamp("@4000000037c219bf00000000")?.seconds, Date.UTC(1999, 7, 24, 4, 3, 43) / 1000);
  for (const leap of [Date.UTC(1972, 6) / 1000, Date.UTC(2017, 0) / 1000]) {
    for (const seconds of [leap - 2, leap - 1, leap, leap + 1]) {
      equal(parseStamp(stampText({ seconds, nanoseconds: 0 }))?.seconds, seconds);
    }
  }
});

Deno.test("binary stamps are read as they were written, before 1970 and after 2106 too", () => {
  const view = new DataView(new ArrayBuffer(STAMP_SIZE + 3));
  for (const seconds of [-100_000, -37, -1, 0, 1, AT.seconds, 2 ** 32 - 38, 2 ** 32, 2 ** 40]) {
    putStamp(view, 3, { seconds, nanoseconds: 999_999_999 });
    deepEqual(getStamp(view, 3), { seconds, nanoseconds: 999_999_999 });
  }
});

Deno.test("a stamp is read from the beginning of a text", () => {
  deepEqual(parseStamp("@400000006b0337c2309149a8 web: started"), AT);
  deepEqual(parseStamp("@400000006B0337C2309149A8"), AT);
  for (const text of ["", "400000006b0337c2309149a8", "@400000006b0337c2309149a", "@400000006b0337c2309149ag"]) {
    equal(parseStamp(text), undefined);
  }
});

Deno.test("the time between two instants keeps its sign and its fraction", () => {
  equal(secondsBetween({ seconds: 5, nanoseconds: 750_000_000 }, { seconds: 7, nanoseconds: 250_000_000 }), 1.5);
  equal(secondsBetween({ seconds: 7, nanoseconds: 0 }, { seconds: 5, nanoseconds: 0 }), -2);
});

Deno.test("the leap second itself is known, the seconds around it are not one", () => {
  const stamps = ["5868462a", "586846a3", "586846a4", "586846a5"].map((second) => `@40000000${second}00000000`);
  deepEqual(stamps.map(isLeapSecond), [false, false, true, false]);
  deepEqual(stamps.slice(2).map((text) => parseStamp(text)!.seconds), [1483228800, 1483228800]);
});
