// How commands have ended that a launcher has started in place of a program, as it hands that over: 16 bytes each with the
// status and the size of what was captured, then what was captured.

import { type ByteString, byteString } from "../bytes.ts";
import type { WaitStatus } from "../wait_status.ts";

export interface Ended {
  readonly status: WaitStatus;
  /** What it has printed, where that was to be captured; else empty. */
  readonly text: ByteString;
}

const RECORD = 16;

/**
 * The given number of them from the beginning of the bytes, and the place behind; undefined if the bytes are too few.
 */
export function decodeEnded(
  bytes: Uint8Array<ArrayBuffer>,
  count: number,
): { readonly ended: readonly Ended[]; readonly end: number } | undefined {
  let end = RECORD * count;
  if (end > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const ended: Ended[] = [];
  for (let at = 0; at < RECORD * count; at += RECORD) {
    const start = end;
    end += Number(view.getBigUint64(at + 8, true));
    if (end > bytes.length) return undefined;
    ended.push({ status: Number(view.getBigUint64(at, true)), text: byteString(bytes.subarray(start, end)) });
  }
  return { ended, end };
}
