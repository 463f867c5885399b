// What the catch-all logger itself prints, where all lines have names: they cannot go the way of the others, which ends at
// that logger. Process 1 reads them, in bounded portions, and puts them out with its own.

import { byteString } from "../../bytes.ts";
import type { Cancel, Os, Reactor } from "../../os/os.ts";
import { isErrno } from "../../report.ts";
import type { Streams } from "../../supervise/child.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import type { Console } from "./console.ts";
import { LineBatch } from "./line_batch.ts";
import { LineFormat } from "./line_format.ts";
import type { NamedOutput, OutputStream } from "./output_mode.ts";

interface LoggerLinesPorts {
  readonly os: Pick<Os, "pipe" | "read" | "close" | "setNonBlocking" | "now">;
  readonly reactor: Pick<Reactor, "watch">;
  readonly outputs: { readonly out: LineConsole; readonly errors: LineConsole };
}

type LineConsole = Pick<Console, "pass" | "isEmpty" | "whenWritten">;

const NEWLINE = 10;
/** What is read at once, and the longest line that comes in one piece. */
const PORTION = 4096;
/** What a pipe holds: a logger that goes on printing while it is emptied is not followed any further. */
const PORTIONS_LEFT = 16;

export class LoggerLines {
  /** What the logger is to print on. */
  readonly streams: Required<Pick<Streams, "output" | "error">>;
  private readonly named: readonly [NamedStream, NamedStream];

  /** @throws OsError where no descriptor is left */
  constructor(ports: LoggerLinesPorts, mode: NamedOutput) {
    const { os, outputs: { out, errors } } = ports;
    const format = new LineFormat(mode, () => os.now());
    const [stdout, stderr] = [os.pipe(), os.pipe()];
    this.streams = { output: stdout.write, error: stderr.write };
    this.named = [
      new NamedStream(ports, format, { stream: "stdout", fd: stdout.read, console: out }),
      new NamedStream(ports, format, { stream: "stderr", fd: stderr.read, console: errors }),
    ];
  }

  /** Puts out all that has been printed by now: what is said next comes behind it. */
  drain(): void {
    for (const stream of this.named) stream.drain();
  }
}

interface NamedPorts {
  readonly stream: OutputStream;
  readonly fd: number;
  readonly console: LineConsole;
}

class NamedStream {
  private readonly buffer = new Uint8Array(new ArrayBuffer(PORTION));
  private readonly batch = new LineBatch(16 * PORTION);
  private size = 0;
  private reading: Cancel | undefined;

  constructor(
    private readonly ports: LoggerLinesPorts,
    private readonly format: LineFormat,
    private readonly named: NamedPorts,
  ) {
    ports.os.setNonBlocking(named.fd, true);
    this.watch();
  }

  drain(): void {
    for (let portion = 0; portion < PORTIONS_LEFT && this.readOn(); portion++) this.putOut(false);
    this.putOut(true);
  }

  private watch(): void {
    this.reading ??= this.ports.reactor.watch(this.named.fd, "read", () => this.work());
  }

  /** One portion a turn; where nobody reads what is put out, the logger waits, as it does without us. */
  private work(): void {
    this.readOn();
    this.putOut(false);
    const { console } = this.named;
    if (console.isEmpty) return;
    this.reading?.();
    this.reading = undefined;
    console.whenWritten(() => this.watch());
  }

  /** False if there is nothing to read. */
  private readOn(): boolean {
    try {
      const got = this.ports.os.read(this.named.fd, this.buffer.subarray(this.size));
      this.size += got;
      return got > 0;
    } catch (error) {
      if (isErrno(error, "EAGAIN")) return false;
      throw error;
    }
  }

  /** @param isOver what has no end of line yet gets none */
  private putOut(isOver: boolean): void {
    const { buffer, size, batch, format, named: { stream, console } } = this;
    if (size === 0) return;
    const whole = buffer.lastIndexOf(NEWLINE, size - 1) + 1;
    const end = isOver || size === PORTION && whole === 0 ? size : whole;
    for (let at = 0; at < end;) {
      at += format.fill(batch, { service: CATCH_ALL, stream }, buffer.subarray(at, end));
      console.pass(byteString(batch.bytes.subarray(0, batch.ends.at(-1))));
    }
    buffer.copyWithin(0, end, size);
    this.size = size - end;
  }
}
