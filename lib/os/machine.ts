// The machine as a whole: its name, its end, the buffers of its disks, and its random generator.

import { type ByteString, byteString } from "../bytes.ts";
import { checked } from "./failed_call.ts";
import { addressOf, base, cString, memory, PLACE, syscall, view } from "./libc.ts";
import { HERE, OPEN } from "./open_flags.ts";
import type { Machine } from "./parts.ts";
import { SYS } from "./syscall_numbers.ts";

const SINCE_BOOT = 7; // CLOCK_BOOTTIME
const NAME_SIZE = 65; // of each field of struct utsname, the second of which is the host's name
const FLUSH_BUFFERS = 0x1261; // BLKFLSBUF
const ADD_ENTROPY = 0x40085203; // RNDADDENTROPY
const DO_NOT_WAIT = 1; // GRND_NONBLOCK
const NOT_READY = -11;
const INTERRUPTED = -4;

const MAGIC = [0xfee1dead, 672274793] as const;
const ENDS = { "halt": 0xcdef0123, "power off": 0x4321fedc, "restart": 0x01234567 } as const;

function hostName(): ByteString {
  checked(syscall(SYS.uname, base + PLACE.result), "read the host's name");
  const at = PLACE.result + NAME_SIZE;
  return byteString(memory.subarray(at, at + NAME_SIZE)).replace(/\0[^]*$/, "");
}

function random(size: number, wait: boolean): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(new ArrayBuffer(size));
  for (let at = 0; at < size;) {
    const got = syscall(SYS.getrandom, addressOf(bytes) + at, size - at, wait ? 0 : DO_NOT_WAIT);
    if (got === NOT_READY) return undefined;
    if (got !== INTERRUPTED) at += checked(got, "read random bytes");
  }
  return bytes;
}

// struct rand_pool_info: bits 4, size 4, bytes
function addRandom(bytes: Uint8Array<ArrayBuffer>, bits: number): void {
  const block = new Uint8Array(new ArrayBuffer(8 + bytes.length));
  const fields = new DataView(block.buffer);
  fields.setInt32(0, bits, true);
  fields.setInt32(4, bytes.length, true);
  block.set(bytes, 8);
  const device = checked(syscall(SYS.openat, HERE, cString("/dev/urandom"), OPEN.closeOnExec), "open", "/dev/urandom");
  const result = syscall(SYS.ioctl, device, ADD_ENTROPY, addressOf(block));
  syscall(SYS.close, device);
  checked(result, "seed the random generator");
}

function upTime(): bigint {
  checked(syscall(SYS.clock_gettime, SINCE_BOOT, base + PLACE.result), "read the clock");
  return view.getBigInt64(PLACE.result, true) * 1_000_000_000n + view.getBigInt64(PLACE.result + 8, true);
}

export const machine: Machine = {
  upTime,
  hostName,
  setHostName: (name) => void checked(syscall(SYS.sethostname, cString(name), name.length), "set the host's name"),
  flushBuffers: (fd) => void checked(syscall(SYS.ioctl, fd, FLUSH_BUFFERS), "flush buffers"),
  end: (how) => void checked(syscall(SYS.reboot, MAGIC[0], MAGIC[1], ENDS[how]), how, "the machine"),
  random,
  addRandom,
};
