// The flags of V8, by what a program does. Stock deno takes them from its environment, which the launcher makes. A compiled
// program has one set of them from its build; those of its checkpoints are from builds with others.

/** No helper threads, and a collection of garbage on request (lib/os/quiet.ts): less memory, and nothing is slower. */
const ALWAYS = ["--single-threaded", "--expose-gc"];

/** For programs that work through much data: with all compilers. */
export const COMPUTING: string = ALWAYS.join();

/**
 * For programs that run for an instant, or wait most of the time: they start sooner without compilers, and without an early
 * collection (a boot with 8 scripts is 13 % shorter). What has lived for a moment never takes more than that room: process 1
 * must not grow because others keep it at work. Short calls of builtins are for compiled code, and on an overlay file
 * system V8 makes a copy of them all for that, 2 MB in each process.
 */
export const WAITING: string = [
  ...ALWAYS,
  "--no-opt",
  "--no-maglev",
  "--no-sparkplug",
  "--no-short-builtin-calls",
  "--min-semi-space-size=4",
  "--max-semi-space-size=4",
].join();

/**
 * Where memory may not be made executable, or there is little of it: young objects get little room, so that the rest has
 * enough, and each collection is of all objects (a boot has half a megabyte to spare then of 16, and takes no longer).
 */
export const WITHOUT_COMPILER: string = [
  ...ALWAYS,
  "--jitless",
  "--optimize-for-size",
  "--max-semi-space-size=1",
  "--gc-global",
]
  .join();

/** What suits all programs of a compiled base that start, rather than go on from a checkpoint. */
export const COMPILED_BASE: string = [...ALWAYS, "--no-short-builtin-calls"].join();

/**
 * For a checkpoint, besides the others: all functions are compiled by the time it is taken, and stay so, and no memory is
 * under a key of the processor's, which another process does not have.
 */
export const KEPT: readonly string[] = ["--no-lazy-eval", "--no-flush-bytecode", "--no-memory-protection-keys"];

/** More than the bytes that any set takes in a compiled program. */
const ROOM = 400;

/**
 * The flags for a compiled program, of one length in it for all sets: behind them everything is in its place whichever they are.
 * A seed of 0 is none.
 */
export function ofOneLength(flags: string): string {
  const seed = "--random-seed=";
  // It has them as strings of JSON.
  const taken = JSON.stringify([...flags.split(","), seed]).length;
  return `${flags},${seed}${"0".repeat(ROOM - taken)}`;
}
