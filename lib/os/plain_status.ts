// What newfstatat(2) tells, in the layout of statx(2): for kernels before 4.11, which have no statx, and for sandboxes that
// refuse it (container engines before 20.10.10). It knows neither mounts nor the time of birth.

import { view } from "./libc.ts";

/** What statx takes and newfstatat does not: how fresh the answer must be. */
export const SYNC_FLAGS = 0x6000;

const BASIC = 0x7ff;
/** Where struct stat has the mode. */
export const MODE_IN_STAT = Deno.build.arch === "aarch64" ? 16 : 24;
/** Fields of struct stat that lie elsewhere on the other architecture. */
const AT = Deno.build.arch === "aarch64"
  ? { links: 20, uid: 24, gid: 28, device: 32 }
  : { links: 16, uid: 28, gid: 32, device: 40 };

/** Puts a struct statx in the place of a struct stat. */
export function toExtended(place: number): void {
  const number = (at: number): number => view.getUint32(place + at, true);
  const [mode, links, uid, gid] = [number(MODE_IN_STAT), number(AT.links), number(AT.uid), number(AT.gid)];
  const [device, inode, size] = [number(0), wide(place + 8), wide(place + 48)];
  const [special, blocks, blockSize] = [number(AT.device), wide(place + 64), number(56)];
  const times = [72, 88, 104].map((at) => ({ seconds: wide(place + at), rest: number(at + 8) }));
  for (let at = 0; at < 256; at += 8) view.setBigUint64(place + at, 0n, true);
  const set = (at: number, value: number): void => view.setUint32(place + at, value, true);
  set(0, BASIC);
  set(4, blockSize);
  set(16, links);
  set(20, uid);
  set(24, gid);
  view.setUint16(place + 28, mode, true);
  view.setBigUint64(place + 32, inode, true);
  view.setBigUint64(place + 40, size, true);
  view.setBigUint64(place + 48, blocks, true);
  // The time of birth is between the first and the second one.
  [64, 112, 96].forEach((at, index) => {
    view.setBigUint64(place + at, times[index]!.seconds, true);
    set(at + 8, times[index]!.rest);
  });
  setDevice(place + 128, special);
  setDevice(place + 136, device);
}

function wide(place: number): bigint {
  return view.getBigUint64(place, true);
}

/** 12 bits of major number among 20 of the minor one. */
function setDevice(place: number, device: number): void {
  view.setUint32(place, device >>> 8 & 0xfff, true);
  view.setUint32(place + 4, (device & 0xff) | (device >>> 12 & 0xfff00), true);
}
