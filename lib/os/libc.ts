// The door to the C library: the only dlopen, the only memory addresses. Everything is a raw syscall but for posix_spawn.
//
// Each function ends in a parameter passed as a struct. It costs nothing (a struct of one long travels in a register)
// and keeps Deno from compiling a machine-code trampoline for the symbol, 0.3 ms each at start-up, which interpreted
// callers gain nothing from.

import { type ByteString, putBytes } from "../bytes.ts";
import { actualPath } from "./moved.ts";
import { SYS } from "./syscall_numbers.ts";

const word = { struct: ["i64"] } as const;

const { symbols } = Deno.dlopen("libc.so.6", {
  syscall: { parameters: [/* number */ "i64", "i64", "i64", "i64", "i64", "i64", word], result: "i64" },
  __errno_location: { parameters: [word], result: "pointer" },
  malloc_trim: { parameters: [/* bytes that may stay */ "i64", word], result: "i32" },
  posix_spawn: {
    parameters: [
      /* pid_t* */ "i64",
      /* path */ "i64",
      /* file_actions* */ "i64",
      /* attr* */ "i64",
      "i64",
      "i64",
      word,
    ],
    result: "i32",
  },
  posix_spawnattr_init: { parameters: [/* attr* */ "i64", word], result: "i32" },
  posix_spawnattr_setflags: { parameters: [/* attr* */ "i64", /* short */ "i64", word], result: "i32" },
  posix_spawnattr_setsigmask: { parameters: [/* attr* */ "i64", /* sigset_t* */ "i64", word], result: "i32" },
  posix_spawnattr_setsigdefault: { parameters: [/* attr* */ "i64", /* sigset_t* */ "i64", word], result: "i32" },
  posix_spawn_file_actions_init: { parameters: [/* actions* */ "i64", word], result: "i32" },
  posix_spawn_file_actions_destroy: { parameters: [/* actions* */ "i64", word], result: "i32" },
  posix_spawn_file_actions_adddup2: { parameters: ["i64", /* from */ "i64", /* to */ "i64", word], result: "i32" },
});

// Deno types long arguments as bigint; at run time a number does as well and costs no allocation.
type Numeric<T> = { [K in keyof T]: T[K] extends bigint ? number | bigint : T[K] };
type Calls = {
  [K in keyof typeof symbols]: (typeof symbols)[K] extends (...given: infer P) => infer R ? (...given: Numeric<P>) => R
    : never;
};
const c = symbols as unknown as Calls;

/** Stands for the unused last argument. */
export const none = new Uint8Array(new ArrayBuffer(8));
export const spawnCalls: Calls = c;

/** One fixed block of memory whose address is known: arguments and results of calls lie in it. */
export const memory = new Uint8Array(new ArrayBuffer(64 * 1024));
export const view = new DataView(memory.buffer);
export const base: number = addressOf(memory);

/** Where things lie in `memory`; two paths can be in use at once. */
export const PLACE = { path: 0, secondPath: 8192, result: 16384, result2: 20480, buffer: 24576 } as const;
const PATH_ROOM = 8192;
const PATH_AREA = memory.subarray(PLACE.path, PLACE.path + PATH_ROOM);
export const BUFFER_SIZE: number = memory.length - PLACE.buffer;

/** Gives the memory back to the system that the C library keeps for a next allocation (the launcher tells it to). */
export function trimMemory(): void {
  c.malloc_trim(0, none);
}

const errnoView = new Deno.UnsafePointerView(c.__errno_location(none)!);

/** The address of an array's first byte; valid while the array lives. */
export function addressOf(array: Uint8Array<ArrayBuffer>): number {
  return Number(Deno.UnsafePointer.value(Deno.UnsafePointer.of(array)));
}

const INTERRUPTED = 4; // EINTR
/** How often a call is made that is interrupted each time: a file system may have no other answer. */
const MOST_TRIES = 100;
/** What waits for so long and no longer, is not undone by being interrupted, or goes on by itself. */
const MADE_ONCE: ReadonlySet<number> = new Set([
  SYS.epoll_pwait,
  SYS.ppoll,
  SYS.nanosleep,
  SYS.rt_sigtimedwait,
  SYS.close,
  SYS.connect,
]);

/**
 * A raw system call: its result, or minus the errno number. One that is interrupted is made again.
 * @param g the eight bytes of a sixth argument
 */
export function syscall(number: number, a = 0, b: number | bigint = 0, d = 0, e = 0, f = 0, g = none): number {
  for (let tries = 1;; tries++) {
    const result = Number(c.syscall(number, a, b, d, e, f, g));
    if (result !== -1) return result;
    const errno = errnoView.getInt32();
    if (errno !== INTERRUPTED || tries === MOST_TRIES || MADE_ONCE.has(number)) return -errno;
  }
}

/** Puts a NUL-terminated string at a place of `memory` and returns its address. */
export function cString(given: ByteString, place: number = PLACE.path): number {
  const actual = actualPath(given);
  // Longer than any path the kernel takes: a cut one would be refused just the same (ENAMETOOLONG).
  const text = actual.length < PATH_ROOM ? actual : actual.slice(0, PATH_ROOM - 1);
  putBytes(text, place === PLACE.path ? PATH_AREA : memory.subarray(place, place + PATH_ROOM));
  memory[place + text.length] = 0;
  return base + place;
}

/** A NULL-terminated array of C strings in a block of its own, kept alive by the returned object. */
export function stringArray(words: readonly ByteString[]): { readonly address: number; readonly keep: Uint8Array } {
  const pointers = 8 * (words.length + 1);
  let size = pointers;
  for (const text of words) size += text.length + 1;
  const block = new Uint8Array(new ArrayBuffer(size));
  const table = new DataView(block.buffer);
  const address = addressOf(block);
  let at = pointers;
  words.forEach((text, index) => {
    table.setBigUint64(8 * index, BigInt(address + at), true);
    putBytes(text, block.subarray(at, at + text.length));
    at += text.length + 1;
  });
  return { address, keep: block };
}

/** Says that memory handed to the system is still in use here: the collector may not take it before. */
export function keepAlive(...blocks: readonly { readonly keep: Uint8Array }[]): void {
  for (const block of blocks) if (block.keep.length === 0) throw new Error("a block of memory is empty");
}
