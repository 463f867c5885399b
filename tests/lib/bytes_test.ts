// Byte strings and their raw bytes.

import { deepEqual, equal } from "node:assert/strict";
import { byteString, putBytes, rawBytes, utf8ByteString } from "../../lib/bytes.ts";

/** Short and long, ASCII and not, with what UTF-8 makes longer at its beginning, in its middle and at its end. */
const TEXTS = [
  "",
  "a",
  "\xff",
  "\x00",
  "/run/service",
  "/run/service/\xe9",
  "\xe9/run/service",
  "/run/\x80\xff/service",
];

for (const text of [...TEXTS, "x".repeat(9000), "\xff".repeat(9000)]) {
  const name = text.length > 20 ? `${text.length} times ${escape(text[0]!)}` : `"${escape(text)}"`;
  Deno.test(`the bytes of ${name} are its chars, there and back`, () => {
    const bytes = rawBytes(text);
    deepEqual([...bytes], Array.from(text, (char) => char.charCodeAt(0)));
    equal(byteString(bytes), text);
  });

  Deno.test(`${name} is put at the beginning of what is larger`, () => {
    const into = new Uint8Array(text.length + 10);
    putBytes(text, into);
    equal(byteString(into.subarray(0, text.length)), text);
  });
}

Deno.test("a text that we have made stands for its UTF-8", () => {
  equal(utf8ByteString("plain"), "plain");
  equal(utf8ByteString("\u00e9"), "\xc3\xa9");
});
