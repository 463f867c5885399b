// A watch on the memory of process 1. What it holds is bounded part by part; this bounds the whole, for the case that one
// of the parts is not: a process 1 that runs out of memory takes the container with it, without a word.

import type { Reactor } from "../os/os.ts";
import type { OwnMemory } from "../os/parts.ts";

const MEGABYTE = 2 ** 20;
/**
 * With nearly as many services as a scanner takes, 490 with a logger each, the memory of its own was seen at 65 MB: from
 * here on something is wrong or was busy, and what can be made anew is dropped.
 */
const MUCH = 128 * MEGABYTE;
/** Far more than it can come to have use for, and far less than where V8 would end it. */
const TOO_MUCH = 256 * MEGABYTE;
/** Milliseconds between two looks, while there is something to do. */
const LOOK_EVERY = 5000;

interface MemoryWatchPorts {
  readonly reactor: Pick<Reactor, "afterWork">;
  readonly memory: Pick<OwnMemory, "sizes" | "collectGarbage">;
  /** What drops a cache. */
  readonly caches: readonly (() => void)[];
  /** Called once, with a line that says why, when nothing has helped: the container is to stop in order. */
  readonly end: (why: string) => void;
}

export function watchMemory({ reactor, memory, caches, end }: MemoryWatchPorts): void {
  // An emulator that this process runs under (qemu-user) has hundreds of megabytes of its own, from the beginning.
  const size = (): number => memory.sizes()?.own ?? 0;
  const atFirst = size();
  const isAbove = (bound: number): boolean => size() - atFirst > bound;
  const cancel = reactor.afterWork(LOOK_EVERY, () => {
    if (!isAbove(MUCH)) return;
    for (const drop of caches) drop();
    memory.collectGarbage();
    if (!isAbove(TOO_MUCH)) return;
    cancel();
    end(`process 1 has more than ${TOO_MUCH / MEGABYTE} MB of memory and cannot free it`);
  });
}
