// Reading a descriptor to its end.

import { type ByteString, byteString } from "../lib/bytes.ts";
import { checkLength } from "../lib/execline/pieces.ts";
import type { Os } from "../lib/os/os.ts";

/** What there is to read, as it comes. */
export function* chunksOf(os: Pick<Os, "read">, fd: number): Generator<ByteString> {
  const buffer = new Uint8Array(new ArrayBuffer(65536));
  for (;;) {
    const count = os.read(fd, buffer);
    if (count === 0) return;
    yield byteString(buffer.subarray(0, count));
  }
}

/**
 * Everything there is to read until the other side closes.
 * @throws Failure 111 if it is more than memory is sure to take
 */
export function readToEnd(os: Pick<Os, "read">, fd: number): ByteString {
  let text = "";
  for (const chunk of chunksOf(os, fd)) text = checkLength(text + chunk);
  return text;
}
