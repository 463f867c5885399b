// What the catch-all logger itself prints: read in portions, put out as lines with its name.

import { deepEqual, equal } from "node:assert/strict";
import { rawBytes } from "../../../../lib/bytes.ts";
import { LoggerLines } from "../../../../lib/overlay/logging/logger_lines.ts";
import type { NamedOutput } from "../../../../lib/overlay/logging/output_mode.ts";
import { OsError } from "../../../../lib/report.ts";

const [STDOUT, STDERR] = [10, 20];

/** Two pipes that the logger prints into, and two consoles. */
class Scene {
  private readonly held = new Map<number, string>();
  private readonly watched = new Map<number, () => void>();
  private pipes = 0;
  /** What each console was given. */
  readonly put = { out: "", errors: "" };
  /** Nobody reads the console. */
  isFull = false;
  private onWritten: (() => void) | undefined;
  readonly lines: LoggerLines;

  constructor(mode: NamedOutput) {
    this.lines = new LoggerLines({
      os: {
        pipe: () => ({ read: ++this.pipes * 10, write: this.pipes * 10 + 1 }),
        read: (fd, into) => this.read(fd, into),
        close: () => {},
        setNonBlocking: () => {},
        now: () => ({ seconds: 0, nanoseconds: 0 }),
      },
      reactor: {
        watch: (fd, _direction, callback) => {
          this.watched.set(fd, callback);
          return () => void this.watched.delete(fd);
        },
      },
      outputs: { out: this.console("out"), errors: this.console("errors") },
    }, mode);
  }

  private console(name: "out" | "errors"): ConstructorParameters<typeof LoggerLines>[0]["outputs"]["out"] {
    const isFull = (): boolean => this.isFull;
    return {
      pass: (text) => void (this.put[name] += text),
      get isEmpty() {
        return !isFull();
      },
      whenWritten: (callback) => {
        this.onWritten = callback;
        return () => {};
      },
    };
  }

  private read(fd: number, into: Uint8Array): number {
    const held = this.held.get(fd) ?? "";
    if (held === "") throw new OsError("read", "", "EAGAIN", "");
    const taken = held.slice(0, into.length);
    this.held.set(fd, held.slice(taken.length));
    into.set(rawBytes(taken));
    return taken.length;
  }

  print(fd: number, text: string): void {
    this.held.set(fd, (this.held.get(fd) ?? "") + text);
  }

  /** A turn of the event loop. */
  turn(): void {
    for (const [fd, callback] of [...this.watched]) if (this.held.get(fd)) callback();
  }

  written(): void {
    this.isFull = false;
    this.onWritten?.();
  }
}

Deno.test("each line has the logger's name, and what has no end yet waits for it", () => {
  const scene = new Scene("prefix");
  scene.print(STDERR, "s6-log: warning: a\ns6-log: fa");
  scene.print(STDOUT, "b\n");
  scene.turn();
  deepEqual(scene.put, { out: "s6-svscan-log: b\n", errors: "s6-svscan-log: s6-log: warning: a\n" });
  scene.print(STDERR, "tal: c\n");
  scene.turn();
  equal(scene.put.errors, "s6-svscan-log: s6-log: warning: a\ns6-svscan-log: s6-log: fatal: c\n");
});

Deno.test("as objects they are like those of all others, whatever bytes they have", () => {
  const scene = new Scene("json");
  scene.print(STDERR, 'no "file" \xff\nno end');
  scene.lines.drain();
  const texts = scene.put.errors.trimEnd().split("\n").map((line) => JSON.parse(line));
  const told = { time: "1970-01-01T00:00:00.000000Z", service: "s6-svscan-log", stream: "stderr" };
  deepEqual(texts, [
    { ...told, text: 'no "file" \u00ef\u00bf\u00bd' },
    { ...told, text: "no end", partial: true },
  ]);
});

Deno.test("a line without end is put out in pieces, and no more is read in a turn than one", () => {
  const scene = new Scene("prefix");
  scene.print(STDERR, "x".repeat(10_000));
  const lengths = [1, 2, 3].map(() => (scene.turn(), scene.put.errors.length));
  const piece = "s6-svscan-log: \n".length + 4096;
  deepEqual(lengths, [piece, 2 * piece, 2 * piece]);
});

Deno.test("where nobody reads what is put out, nothing more is read until it is", () => {
  const scene = new Scene("prefix");
  scene.isFull = true;
  for (const text of ["a\n", "b\n"]) {
    scene.print(STDERR, text);
    scene.turn();
  }
  equal(scene.put.errors, "s6-svscan-log: a\n");
  scene.written();
  scene.turn();
  equal(scene.put.errors, "s6-svscan-log: a\ns6-svscan-log: b\n");
});
