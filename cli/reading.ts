// Reading a descriptor to its end.

import { type ByteString, byteString } from "../lib/bytes.ts";
import { checkLength } from "../lib/execline/pieces.ts";
import type { Os } from "../lib/os/os.ts";

/** As much as a pipe may have; the launcher reads as much (cli/launcher/child.c). */
const PORTION = 65536;

/** What there is to read now, or as soon as there is something; empty at the end. */
export function readPortion(os: Pick<Os, "read">, fd: number): ByteString {
  const buffer = new Uint8Array(new ArrayBuffer(PORTION));
  return byteString(buffer.subarray(0, os.read(fd, buffer)));
}

/**
 * Everything there is to read until the other side closes.
 * @throws Failure 111 if it is more than memory is sure to take
 */
export function readToEnd(os: Pick<Os, "read">, fd: number): ByteString {
  let text = "";
  const buffer = new Uint8Array(new ArrayBuffer(PORTION));
  for (let count = os.read(fd, buffer); count > 0; count = os.read(fd, buffer)) {
    text = checkLength(text + byteString(buffer.subarray(0, count)));
  }
  return text;
}
