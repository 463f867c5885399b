// Reading whole inputs: standard input, and files in which "-" stands for it.

import { type ByteString, byteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";

const SIZE = 65536;

/** The parts of an input as they arrive, the descriptor being read no further than asked for. */
export function* parts(os: Pick<Os, "read">, fd: number, size: number = SIZE): Generator<ByteString> {
  const buffer = new Uint8Array(new ArrayBuffer(size));
  for (let got = os.read(fd, buffer); got > 0; got = os.read(fd, buffer)) yield byteString(buffer.subarray(0, got));
}

/** All that can be read from a descriptor. */
export function readInput(os: Pick<Os, "read">, fd = 0): ByteString {
  return [...parts(os, fd)].join("");
}

/** Opens a file for reading; "-" is standard input. */
export function openInput(os: Pick<Os, "open">, path: ByteString): number {
  return path === "-" ? 0 : os.open(path, ["read"]);
}

/** The lines of a text without their ends; what follows the last end is a line if it is not empty. */
export function linesOf(text: ByteString, end = "\n"): ByteString[] {
  const lines = text.split(end);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
