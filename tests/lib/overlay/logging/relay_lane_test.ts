// A relay that dies at any of its calls: the next one goes on with the same pipes, and what comes out is what went in.

import { deepEqual, ok } from "node:assert/strict";
import { byteString, rawBytes } from "../../../../lib/bytes.ts";
import { descriptors } from "../../../../lib/os/descriptor.ts";
import { files } from "../../../../lib/os/file.ts";
import type { PipeEnds } from "../../../../lib/os/parts.ts";
import { pipes } from "../../../../lib/os/pipes.ts";
import { LineBatch } from "../../../../lib/overlay/logging/line_batch.ts";
import { LineFormat } from "../../../../lib/overlay/logging/line_format.ts";
import type { NamedOutput } from "../../../../lib/overlay/logging/output_mode.ts";
import { OutputTurns } from "../../../../lib/overlay/logging/output_turns.ts";
import { type LaneKept, RelayLane } from "../../../../lib/overlay/logging/relay_lane.ts";
import { RelayStream } from "../../../../lib/overlay/logging/relay_stream.ts";
import { Random } from "../../../random/random.ts";

/** So small that what is written takes several batches. */
const OUTBOX = 16_384;
const NAMES = ["web", "work"] as const;
const NOW = { seconds: 0, nanoseconds: 0 };

class Death extends Error {}

/** Makes calls until one of them is the last: it is made, or is not made any more. */
class Life {
  count = 0;

  constructor(private readonly last: number, private readonly isMade: boolean) {}

  living<T extends object>(calls: T): T {
    return new Proxy(calls, {
      get: (target, name) => {
        const call = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (++this.count !== this.last) return call.apply(target, args);
          if (this.isMade) call.apply(target, args);
          throw new Death();
        };
      },
    });
  }
}

/** What process 1 keeps. */
class Kept implements LaneKept {
  readonly mark = pipes.openMark();
  readonly intake = descriptors.pipe();
  readonly outbox = descriptors.pipe();
  readonly output = descriptors.pipe();
  readonly inputs: readonly PipeEnds[] = NAMES.map(() => descriptors.pipe());
  printed = "";

  /** @param more what the first service writes besides, with a call for each */
  constructor(texts: readonly string[], more: readonly string[] = []) {
    pipes.enlarge(this.inputs[0]!.write, 1 << 18);
    for (const text of more) files.writeAll(this.inputs[0]!.write, rawBytes(text));
    this.inputs.forEach(({ write }, at) => {
      files.writeAll(write, rawBytes(texts[at]!));
      files.close(write);
    });
  }

  drain(): void {
    const room = new Uint8Array(65536);
    while (pipes.held(this.output.read) > 0) {
      this.printed += byteString(room.subarray(0, files.read(this.output.read, room)));
    }
  }

  close(): void {
    const { mark, intake, outbox, output, inputs } = this;
    for (const fd of [mark, ...[intake, outbox, output].flatMap(({ read, write }) => [read, write])]) files.close(fd);
    for (const { read } of inputs) files.close(read);
  }
}

/**
 * A relay from its start to its end, or its death.
 * @param most what the system grants a pipe
 */
function relay(mode: NamedOutput, kept: Kept, life: Life, most = Infinity): void {
  const due: (() => void)[] = [];
  const later = (callback: () => void): () => void => {
    due.push(callback);
    return () => void (due.includes(callback) && due.splice(due.indexOf(callback), 1));
  };
  const reactor = {
    after: (_: number, callback: () => void) => later(callback),
    watch: (_: number, __: string, callback: () => void) => later(callback),
  };
  const [batch, format] = [new LineBatch(OUTBOX), new LineFormat(mode, () => NOW)];
  const made: PipeEnds[] = [];
  const pipe = (): PipeEnds => {
    made.push(descriptors.pipe());
    return made.at(-1)!;
  };
  const enlarge = (fd: number, size: number): number => pipes.enlarge(fd, Math.min(size, most));
  const nothing = files.open("/dev/null", ["write"]);
  const lane = new RelayLane(
    {
      os: { ...life.living({ seek: files.seek, read: files.read, fstat: files.fstat }), pipe },
      pipes: life.living({ ...pipes, enlarge }),
      reactor,
      format,
      batch,
      nothing,
      buffer: new Uint8Array(format.mostInput(batch)),
      openOutlet: () => ({ fd: -1, write: () => 0 }),
      turns: new OutputTurns(),
      warn: (text) => {
        throw new Error(text);
      },
      onIdle: () => {},
    },
    kept,
    kept.output.write,
  );
  const os = { monotonic: () => 0 };
  const ports = {
    os,
    reactor,
    isEnding: () => true,
    readable: (one: RelayStream) => lane.enqueue(one),
    tell: () => {},
    remember: () => {},
  };
  const streams = kept.inputs.map(({ read }, at) =>
    new RelayStream(ports, at + 1, read, { service: NAMES[at]!, stream: "stdout" }, Infinity)
  );
  try {
    lane.recover((id) => streams.find((stream) => stream.id === id)?.source);
    for (const stream of streams) lane.enqueue(stream);
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      kept.drain();
      next();
    }
    kept.drain();
  } finally {
    for (const fd of [nothing, ...made.flatMap(({ read, write }) => [read, write])]) files.close(fd);
  }
}

function randomLines(random: Random): string {
  let text = "";
  while (text.length < 30_000) text += `${"x".repeat(random.below(random.pick([3, 200, 5000])))}${random.below(1e6)}\n`;
  return text;
}

/** The lines of a service, as they came out. */
function linesOf(mode: NamedOutput, printed: string, name: string): string[] {
  const lines = printed.split("\n").slice(0, -1);
  if (mode === "prefix") {
    ok(lines.every((line) => /^(web|work): x*[0-9]+$/.test(line)), "every line is one of those that went in");
    return lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  }
  const own = lines.map((line) => JSON.parse(line)).filter(({ service }) => service === name);
  return own.map(({ text, partial }) => partial ? text : `${text}\n`).join("").split("\n").slice(0, -1);
}

for (const mode of ["prefix", "json"] as const) {
  for (const isMade of [false, true]) {
    Deno.test(`${mode}: a relay that dies ${isMade ? "behind" : "before"} any of its calls loses and doubles nothing`, () => {
      const random = new Random(3);
      const texts = NAMES.map(() => randomLines(random));
      let deaths = 0;
      for (let last = 1;; last++) {
        const kept = new Kept(texts);
        const life = new Life(last, isMade);
        try {
          relay(mode, kept, life);
        } catch (error) {
          if (!(error instanceof Death)) throw error;
          deaths++;
          relay(mode, kept, new Life(0, false));
        }
        NAMES.forEach((name, at) => {
          const wanted = texts[at]!.split("\n").slice(0, -1);
          deepEqual(linesOf(mode, kept.printed, name), wanted, `${name}, death at call ${last}`);
        });
        kept.close();
        if (life.count < last) break;
      }
      ok(deaths > 50, `${deaths} deaths`);
    });
  }
}

Deno.test("where the system grants small pipes only, what is written in odd sizes is printed once", () => {
  // Each is a buffer of its own, as it does not fit behind the one before.
  const lines = Array.from({ length: 20 }, (_, at) => "x".repeat(3000) + at);
  const kept = new Kept(["", ""], lines.map((line) => `${line}\n`));
  relay("prefix", kept, new Life(0, false), 8192);
  deepEqual(linesOf("prefix", kept.printed, "web"), lines);
  kept.close();
});
