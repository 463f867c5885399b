// The memory of a process before it is kept as a checkpoint (checkpoint.ts): all processes that go on from there share
// its pages as long as they do not write to them. So garbage is gone, what they will take lies together, and what is
// never read is zero.

/** The collector that V8 offers a program started with --expose-gc. */
interface Collector {
  readonly gc?: (how?: { readonly type: "minor" }) => void;
}

const COLLECTIONS = 3;
const ALLOCATIONS = 200_000;

/** What the engine would put off is done once, not by each process: garbage is collected, and what it leaves is swept. */
export function collectAll(): void {
  for (let round = 0; round < COLLECTIONS; round++) {
    (globalThis as Collector).gc?.();
    const fresh: unknown[] = [];
    for (let count = 0; count < ALLOCATIONS; count++) fresh.push({ count });
  }
}

/** Arrays within arrays, in a text so long that the engine makes all that it stands for among its old objects. */
const DEPTH = 1000;
const MOST_AT_ONCE = 1000;
const OLD_AT_ONCE = " ".repeat(100 * 1024) + "[".repeat(DEPTH) + "]".repeat(DEPTH);

/**
 * Fills what a collection has left free between old objects, and so has the engine sweep each page that it had put off, until
 * it takes a page more: the old objects of processes are then made side by side in that one.
 */
export function fillOld(): void {
  const { heapTotal } = Deno.memoryUsage();
  // Kept until then: a collection in between would make room again and again.
  const kept: unknown[] = [];
  while (Deno.memoryUsage().heapTotal <= heapTotal && kept.length < MOST_AT_ONCE) kept.push(JSON.parse(OLD_AT_ONCE));
}

/** More than the engine has for young objects, in arrays that it still takes for such. */
const YOUNG = 18_000_000;
const WORDS = 15_000;

/**
 * Overwrites what lies about where young objects are made: pages of zeros are in no checkpoint. Processes begin with all
 * of that room, and few ever have to collect there.
 */
export function clearYoung(): void {
  for (let bytes = 0; bytes < YOUNG; bytes += 8 * WORDS) new Array(WORDS).fill(0);
  (globalThis as Collector).gc?.({ type: "minor" });
}

/** The C library keeps lists for pieces of each size up to this many bytes, in steps of the first. */
const SIZES = [[16, 1024], [64, 8192], [512, 65_536], [4096, 1 << 20]] as const;
/** Of pieces up to this size it keeps some in lists that it does not count as free. */
const UNCOUNTED = 1024;
/** Before each piece. */
const HEAD = 8;

/**
 * Takes what the C library has free between what is in use, for good: what processes allocate is then made side by side at the
 * end, and not in a hole here and there, each of which would cost a page. For glibc from 2.33 on, where a checkpoint is taken.
 */
export function fillHoles(): void {
  const { symbols: c } = Deno.dlopen("libc.so.6", {
    malloc: { parameters: ["usize"], result: "usize" },
    free: { parameters: ["usize"], result: "void" },
    // Declared as the processor sees it, which gets the address of the struct: nothing may be allocated in between.
    mallinfo2: { parameters: ["buffer"], result: "void" },
  });
  const info = new BigUint64Array(10);
  const atEnd = (): bigint => {
    c.mallinfo2(info);
    return info[9]!; // keepcost
  };
  const sizes = SIZES.flatMap(([step, most]) => Array.from({ length: most / step }, (_, count) => step * (count + 1)));
  for (const size of sizes.sort((a, b) => b - a)) {
    for (;;) {
      const before = atEnd();
      const piece = c.malloc(BigInt(size - HEAD));
      if (atEnd() === before) continue;
      if (size > UNCOUNTED) c.free(piece);
      break;
    }
  }
}
