// supervise/death_tally: when and how the last lives of run ended, oldest first. 14 bytes a death: TAI64N stamp (12),
// exit code (128 + n if signal n killed it), signal (0 if none did).

import { type ByteString, byteString, rawBytes } from "../bytes.ts";
import type { Instant } from "../os/os.ts";
import { getStamp, putStamp } from "../tai.ts";
import { killedBy, shellCode, type WaitStatus } from "../wait_status.ts";

export interface DeathRecord {
  readonly stamp: Instant;
  /** The exit code, or 128 + signal. */
  readonly code: number;
  /** 0 if it exited. */
  readonly signal: number;
}

export const RECORD_SIZE = 14;
/** Longest and usual length of the record, in deaths. */
export const LONGEST_TALLY = 4096;
export const USUAL_TALLY = 100;

export function deathRecord(stamp: Instant, status: WaitStatus): DeathRecord {
  return { stamp, code: shellCode(status) & 0xff, signal: killedBy(status) };
}

export function encodeDeath(death: DeathRecord): ByteString {
  const bytes = new Uint8Array(RECORD_SIZE);
  const view = new DataView(bytes.buffer);
  putStamp(view, 0, death.stamp);
  view.setUint8(12, death.code);
  view.setUint8(13, death.signal);
  return byteString(bytes);
}

/** The deaths a file records; undefined if its size is not a multiple of a record: the file is damaged. */
export function decodeDeaths(content: ByteString): DeathRecord[] | undefined {
  if (content.length % RECORD_SIZE !== 0) return undefined;
  const view = new DataView(rawBytes(content).buffer);
  const deaths: DeathRecord[] = [];
  for (let at = 0; at < content.length; at += RECORD_SIZE) {
    deaths.push({ stamp: getStamp(view, at), code: view.getUint8(at + 12), signal: view.getUint8(at + 13) });
  }
  return deaths;
}

/** The file's content with one more death and no more than the given number; a damaged file starts afresh. */
export function withDeath(content: ByteString, death: DeathRecord, most: number): ByteString {
  if (most === 0) return content;
  const sound = content.length % RECORD_SIZE === 0 ? content : "";
  return (sound + encodeDeath(death)).slice(-most * RECORD_SIZE);
}
