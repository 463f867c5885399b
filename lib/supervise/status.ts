// supervise/status, as s6 2.11 and later write it: 35 bytes of state for s6-svstat and all other readers.
// Layout: stamp of the last change (12), stamp of readiness (12), pid (8), raw wait status (2), flags (1).

import { type ByteString, byteString, rawBytes } from "../bytes.ts";
import type { Instant } from "../os/os.ts";
import { getStamp, putStamp } from "../tai.ts";
import type { WaitStatus } from "../wait_status.ts";

export interface Status {
  /** When the service last went up or down. */
  readonly stamp: Instant;
  /** When it last became ready: up, or down for good. */
  readonly readyStamp: Instant;
  /** The process of run or finish; 0 if there is none. */
  readonly pid: number;
  /** How run ended last; 0 if it never has. */
  readonly lastStatus: WaitStatus;
  readonly paused: boolean;
  /** The pid is that of the finish script. */
  readonly finishing: boolean;
  readonly wantedUp: boolean;
  readonly ready: boolean;
}

export const STATUS_SIZE = 35;
const TWO_32 = 0x100000000;
const FLAG = { paused: 1, finishing: 2, wantedUp: 4, ready: 8 } as const;

/** The content of the file. */
export function encodeStatus(status: Status): ByteString {
  const bytes = new Uint8Array(STATUS_SIZE);
  const view = new DataView(bytes.buffer);
  putStamp(view, 0, status.stamp);
  putStamp(view, 12, status.readyStamp);
  view.setUint32(24, Math.floor(status.pid / TWO_32));
  view.setUint32(28, status.pid % TWO_32);
  view.setUint16(32, status.lastStatus);
  view.setUint8(
    34,
    (status.paused ? FLAG.paused : 0) | (status.finishing ? FLAG.finishing : 0) |
      (status.wantedUp ? FLAG.wantedUp : 0) | (status.ready ? FLAG.ready : 0),
  );
  return byteString(bytes);
}

/** What the file says; undefined if it is too short. Bytes behind the 35 are ignored, as s6 has it. */
export function decodeStatus(content: ByteString): Status | undefined {
  if (content.length < STATUS_SIZE) return undefined;
  const view = new DataView(rawBytes(content.slice(0, STATUS_SIZE)).buffer);
  const flags = view.getUint8(34);
  return {
    stamp: getStamp(view, 0),
    readyStamp: getStamp(view, 12),
    pid: view.getUint32(24) * TWO_32 + view.getUint32(28),
    lastStatus: view.getUint16(32),
    paused: (flags & FLAG.paused) !== 0,
    finishing: (flags & FLAG.finishing) !== 0,
    wantedUp: (flags & FLAG.wantedUp) !== 0,
    ready: (flags & FLAG.ready) !== 0,
  };
}

/** Up, for every tool of s6: a process that is not the finish script. */
export function isUp(status: Status): boolean {
  return status.pid !== 0 && !status.finishing;
}
