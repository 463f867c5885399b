// The last lines of streams: what the relay writes of them is what process 1 reads and a command takes apart.

import { deepEqual, equal, ok } from "node:assert/strict";
import { rawBytes } from "../../../../lib/bytes.ts";
import { files } from "../../../../lib/os/file.ts";
import { pipes } from "../../../../lib/os/pipes.ts";
import { linesOfTail } from "../../../../lib/overlay/explain/tail_lines.ts";
import { StreamTail, tailOf } from "../../../../lib/overlay/logging/stream_tails.ts";

const at = (milliseconds: number): { seconds: number; nanoseconds: number } => ({
  seconds: Math.floor(milliseconds / 1000),
  nanoseconds: milliseconds % 1000 * 1e6,
});

/** A file for tails as long as the work goes on. */
function withFile(work: (file: number) => void): void {
  const file = pipes.openMark();
  try {
    work(file);
  } finally {
    files.close(file);
  }
}

Deno.test("lines are there with the time at which they were read, each stream's in its own place", () => {
  withFile((file) => {
    const places = [{ id: 7, place: 3 }, { id: 8, place: 0 }] as const;
    const [one, other] = places.map((place) => new StreamTail(files, file, place));
    one!.add(rawBytes("a\n\xff\n"), at(1500));
    other!.add(rawBytes("no end"), at(1501));
    one!.add(rawBytes("b\n"), at(2000));
    const [ones, others] = places.map((place) => linesOfTail(tailOf(pipes, file, place)));
    deepEqual(ones, [{ time: 1500, text: "a" }, { time: 1500, text: "\xff" }, { time: 2000, text: "b" }]);
    deepEqual(others, [{ time: 1501, text: "no end" }]);
  });
});

Deno.test("it is the last lines that are kept, whatever sizes they come in", () => {
  withFile((file) => {
    const place = { id: 1, place: 2 };
    const tail = new StreamTail(files, file, place);
    for (let count = 0; count < 3000; count++) {
      const size = [1, 50, 5000, 200_000][count % 4]!;
      tail.add(rawBytes(`${"x".repeat(size)}${count}\n`), at(count));
    }
    const text = tailOf(pipes, file, place);
    ok(text.length <= 4096, `${text.length}`);
    deepEqual(linesOfTail(text).at(-1)?.text.slice(-5), "x2999");
    equal(linesOfTail(text).at(-1)?.time, 2999);
  });
});

Deno.test("what is in the place of a stream that is over is not taken for that of the next", () => {
  withFile((file) => {
    equal(tailOf(pipes, file, { id: 1, place: 5 }), "");
    new StreamTail(files, file, { id: 1, place: 5 }).add(rawBytes("secret\n"), at(0));
    equal(tailOf(pipes, file, { id: 2, place: 5 }), "");
  });
});
