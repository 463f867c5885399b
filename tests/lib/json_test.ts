// JSON of byte strings: it is UTF-8, it is the same when it is read again, and a terminal obeys nothing in it.

import { deepEqual, equal } from "node:assert/strict";
import { rawBytes } from "../../lib/bytes.ts";
import { jsonBytes, valueOfJson } from "../../lib/json.ts";
import { Random } from "../random/random.ts";

const TEXTS: readonly (readonly [string, string, string])[] = [
  ["plain text", "web", '"web"'],
  ["UTF-8", "caf\xc3\xa9", '"caf\xc3\xa9"'],
  ["what is no UTF-8", "caf\xe9", '"caf\xee\xbf\xa9"'],
  ["each byte of a character that is cut off", "\xe2\x82", '"\xee\xbf\xa2\xee\xbe\x82"'],
  ["the first and the last byte that are no UTF-8", "\x80\xff", '"\xee\xbe\x80\xee\xbf\xbf"'],
  ["a character that stands for such a byte", "\xee\xbf\xbf", '"\xee\xbf\xae\xee\xbe\xbf\xee\xbe\xbf"'],
  ["an escape sequence", "\x1b[2J", '"\\u001b[2J"'],
  ["DEL", "\x7f", '"\\u007f"'],
  ["an escape sequence of the controls above ASCII", "\xc2\x9b2J\xc2\x80", '"\\u009b2J\\u0080"'],
];

for (const [what, text, json] of TEXTS) {
  Deno.test(`${what} becomes ${JSON.stringify(json)}`, () => {
    equal(jsonBytes(text), json);
    equal(valueOfJson(json), text);
  });
}

/** Bytes of which much is UTF-8 and much is nearly so. */
const BYTES = 'az"\\\n\x7f\x80\x9b\xbe\xbf\xc2\xc3\xa9\xe2\xee\xed\xf0\xf4\xff';

Deno.test("any bytes are the same when they are read again, and anyone reads them as UTF-8", () => {
  const random = new Random(1);
  const strict = new TextDecoder("utf-8", { fatal: true });
  for (let count = 0; count < 20_000; count++) {
    const text = Array.from({ length: random.below(8) }, () => random.pick([...BYTES])).join("");
    const json = jsonBytes({ text, list: [text] });
    deepEqual(valueOfJson(json), { text, list: [text] });
    JSON.parse(strict.decode(rawBytes(json)));
  }
});

Deno.test("what others escape is the bytes of its UTF-8", () => {
  equal(valueOfJson('"\\u00e9\\uefff\\ud83d\\ude00"'), "\xc3\xa9\xff\xf0\x9f\x98\x80");
});
