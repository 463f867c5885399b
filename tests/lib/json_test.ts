// JSON of byte strings: it is UTF-8, it is the same when it is read again, and a terminal obeys nothing in it.

import { equal } from "node:assert/strict";
import { rawBytes } from "../../lib/bytes.ts";
import { jsonBytes } from "../../lib/json.ts";

const TEXTS: readonly (readonly [string, string, string])[] = [
  ["plain text", "web", '"web"'],
  ["UTF-8", "caf\xc3\xa9", '"caf\xc3\xa9"'],
  ["what is no UTF-8", "caf\xe9", '"caf\xef\xbf\xbd"'],
  ["an escape sequence", "\x1b[2J", '"\\u001b[2J"'],
  ["DEL", "\x7f", '"\\u007f"'],
  ["an escape sequence of the controls above ASCII", "\xc2\x9b2J\xc2\x80", '"\\u009b2J\\u0080"'],
];

for (const [what, text, json] of TEXTS) {
  Deno.test(`${what} becomes ${JSON.stringify(json)}`, () => {
    equal(jsonBytes(text), json);
    equal(JSON.parse(new TextDecoder().decode(rawBytes(json))), new TextDecoder().decode(rawBytes(text)));
  });
}
