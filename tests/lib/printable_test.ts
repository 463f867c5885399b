import { equal } from "node:assert/strict";
import { type ByteString, byteString } from "../../lib/bytes.ts";
import { printable } from "../../lib/printable.ts";

const bytes = (text: string): ByteString => byteString(new TextEncoder().encode(text));

Deno.test("what can be printed stays as it is", () => {
  for (const text of ["", "s6-svscan: warning: ~", bytes("größer, 値段, 😀, \u00a0")]) equal(printable(text), text);
});

Deno.test("what a terminal would obey is written out", () => {
  equal(printable("a\x1b[2J\x07b\n\t\x7f\0"), "a\\x1b[2J\\x07b\\x0a\\x09\\x7f\\x00");
  equal(printable(bytes("\u009b2J")), "\\xc2\\x9b2J", "as one character of UTF-8 too");
});

Deno.test("every byte that is no UTF-8 is written out, and only that", () => {
  equal(printable(`\xff${bytes("ä")}\xc3`), `\\xff${bytes("ä")}\\xc3`);
  equal(printable("\xc0\xaf \xed\xa0\x80 \xf5\x80\x80\x80"), "\\xc0\\xaf \\xed\\xa0\\x80 \\xf5\\x80\\x80\\x80");
});

Deno.test("it agrees with a strict decoder on every pair of bytes, and is done quickly with a long text", () => {
  const decodes = (text: ByteString): boolean => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(text, (char) => char.charCodeAt(0)));
      return true;
    } catch {
      return false;
    }
  };
  for (let first = 0x80; first < 0x100; first++) {
    for (let second = 0x80; second < 0x100; second++) {
      const text = String.fromCharCode(first, second);
      const isControl = first === 0xc2 && second < 0xa0;
      equal(printable(text) === text, decodes(text) && !isControl, `${first} ${second}`);
    }
  }
  equal(printable("\x1b".repeat(1_000_000)).length, 4_000_000);
});
