// Reading a descriptor to its end.

import { type ByteString, byteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";

/** Everything there is to read until the other side closes. */
export function readToEnd(os: Pick<Os, "read">, fd: number): ByteString {
  const buffer = new Uint8Array(new ArrayBuffer(65536));
  let text = "";
  for (;;) {
    const count = os.read(fd, buffer);
    if (count === 0) return text;
    text += byteString(buffer.subarray(0, count));
  }
}
