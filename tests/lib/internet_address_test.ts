import { deepEqual, equal } from "node:assert/strict";
import { addressText, parseAddress } from "../../lib/internet_address.ts";

/** Address as written, its bytes in hexadecimal, and as it is printed. */
const RIGHT: readonly (readonly [written: string, bytes: string, printed: string])[] = [
  ["127.0.0.1", "7f000001", "127.0.0.1"],
  ["255.255.255.255", "ffffffff", "255.255.255.255"],
  ["::", "00000000000000000000000000000000", "::"],
  ["::1", "00000000000000000000000000000001", "::1"],
  ["1::", "00010000000000000000000000000000", "1::"],
  ["2001:DB8:0:0:1:0:0:1", "20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
  ["2001:db8:0:1:1:1:1:1", "20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
  ["1:0:0:2:0:0:0:3", "00010000000000020000000000000003", "1:0:0:2::3"],
  ["10:0:0:0:0:0:0:0", "00100000000000000000000000000000", "10::"],
  ["::ffff:1.2.3.4", "00000000000000000000ffff01020304", "::ffff:102:304"],
  ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008", "1:2:3:4:5:6:7:8"],
  ["1:2:3:4:5:6:7::", "00010002000300040005000600070000", "1:2:3:4:5:6:7:0"],
];

Deno.test("addresses are read and printed", () => {
  for (const [written, hex, printed] of RIGHT) {
    const bytes = parseAddress(written);
    const digits = [...bytes ?? []].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    equal(digits, hex, written);
    equal(addressText(bytes!), printed);
    deepEqual(parseAddress(printed), bytes);
  }
});

Deno.test("what is no address is none", () => {
  const wrong = [
    "",
    "1",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "1.2.3.04",
    "a.b.c.d",
    ":",
    ":::",
    "1:2",
    "1::2::3",
    "12345::",
  ];
  for (
    const word of [
      ...wrong,
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7:8::",
      "g::",
      "::1.2.3",
      "1.2.3.4:1::",
      "1.2.3.4::",
    ]
  ) {
    equal(parseAddress(word), undefined, word);
  }
});
