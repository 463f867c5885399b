// When a line that has no end yet is waited for no longer.

import { equal } from "node:assert/strict";
import { RelayStream } from "../../../../lib/overlay/logging/relay_stream.ts";

/** A stream with a pipe of this size, at a time that the test sets. */
function streamOf(capacity: number): { readonly stream: RelayStream; readonly clock: { now: number } } {
  const clock = { now: 0 };
  const ports = {
    os: { monotonic: () => clock.now },
    reactor: { watch: () => () => {}, after: () => () => {} },
    isEnding: () => false,
    readable: () => {},
    remember: () => {},
    tell: () => {},
  };
  return { stream: new RelayStream(ports, 1, 5, { service: "web", stream: "stdout" }, capacity), clock };
}

const SIZES: readonly (readonly [capacity: number, size: number, isFull: boolean])[] = [
  [4096, 4096, true],
  [4096, 3584, true],
  [4096, 3583, false],
  [65_536, 65_536, true],
  [65_536, 61_441, true],
  [65_536, 61_440, false],
  [262_144, 131_072, false],
];

for (const [capacity, size, isFull] of SIZES) {
  Deno.test(`a pipe for ${capacity} bytes that has ${size} ${isFull ? "is full" : "has room"}`, () => {
    equal(streamOf(capacity).stream.isFull(size), isFull);
  });
}

Deno.test("a line that does not grow is waited for a second", () => {
  const { stream, clock } = streamOf(65_536);
  const isStaleAt = (now: number, size: number): boolean => {
    clock.now = now;
    return stream.isStale(size);
  };
  equal(isStaleAt(0, 5), false);
  equal(isStaleAt(900, 6), false, "it has grown");
  equal(isStaleAt(1800, 6), false);
  equal(isStaleAt(1900, 6), true);
});
