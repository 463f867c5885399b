// The way of lines to one output, in the relay. All that is on its way is in pipes that process 1 holds as well, so that
// a relay may be killed at any moment and the next one goes on, with no line lost and none written twice:
//
//     stream --move--> intake --format--> outbox --move--> output
//
// Whole lines are moved from a stream into the intake, and put into the outbox as they are to be written. A mark says
// whose they are, and, from the moment on when all of them are in the outbox, that the intake is done with. Nothing of the
// outbox is written before that. What has no end yet stays in its stream.

import type { Os, Reactor } from "../../os/os.ts";
import type { Outlet, PipeEnds, Pipes } from "../../os/parts.ts";
import { isErrno } from "../../report.ts";
import type { LineBatch } from "./line_batch.ts";
import type { LineFormat, StreamSource } from "./line_format.ts";
import type { OutputTurns } from "./output_turns.ts";
import { RelayOutput } from "./relay_output.ts";
import type { RelayStream } from "./relay_stream.ts";

interface LanePorts {
  readonly os: Pick<Os, "seek" | "read" | "fstat" | "pipe">;
  readonly pipes: Pick<Pipes, "move" | "look" | "writePieces" | "held" | "hasWriter" | "enlarge">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  readonly format: LineFormat;
  readonly batch: LineBatch;
  /** /dev/null, and room for what is seen. */
  readonly nothing: number;
  readonly buffer: Uint8Array<ArrayBuffer>;
  readonly openOutlet: (fd: number) => Outlet;
  /** Of all lanes to the same file. */
  readonly turns: OutputTurns;
  readonly warn: (text: string) => void;
  /** All that there was to write is written. */
  readonly onIdle: () => void;
}

/** What process 1 keeps for a lane. */
export interface LaneKept {
  readonly mark: number;
  readonly intake: PipeEnds;
  readonly outbox: PipeEnds;
}

/** How many times something is taken before other events have their turn. */
const AT_ONCE = 16;
const NEWLINE = 10;
/** What an intake is to hold, if the system grants it. */
const INTAKE_SIZE = 1 << 18;

export class RelayLane {
  private readonly ready: RelayStream[] = [];
  private readonly output: RelayOutput;
  /** A pipe to look through. */
  private readonly mirror: PipeEnds;
  private isRecovered = false;
  private isDue = false;

  constructor(private readonly ports: LanePorts, private readonly kept: LaneKept, output: number) {
    const { os, pipes } = ports;
    this.mirror = os.pipe();
    // With as many buffers as the intake has, however full each is: what is seen at once fits into it.
    pipes.enlarge(this.mirror.write, pipes.enlarge(kept.intake.write, INTAKE_SIZE));
    this.output = new RelayOutput({ ...ports, mirror: this.mirror }, kept.outbox.read, output, () => this.work());
  }

  /** Everything that was to be written is written. */
  get isEmpty(): boolean {
    return this.isRecovered && this.ready.length === 0 && this.output.isEmpty;
  }

  /** A stream of it may have something to read. */
  enqueue(stream: RelayStream): void {
    this.ready.push(stream);
    this.work();
  }

  /**
   * Finds what a former relay has left; then it may work.
   * @param sourceOf whose lines that was about to write
   */
  recover(sourceOf: (id: number) => StreamSource | undefined): void {
    const { os, pipes, format, batch } = this.ports;
    const { mark, intake, outbox } = this.kept;
    const position = os.seek(mark, 0, "here");
    const isComplete = position % 2 === 1;
    if (!isComplete) this.discard(outbox.read);
    const source = sourceOf(Math.floor(position / 2));
    const left = pipes.held(intake.read);
    this.output.isFilled(pipes.held(outbox.read));
    if (!isComplete && source !== undefined && left > 0) {
      format.fill(batch, source, this.look(intake.read)!);
      this.putOut(position, left);
    } else this.discard(intake.read, left);
    this.isRecovered = true;
    // One at most of the lanes to a file has anything left.
    if (!this.output.isEmpty) this.ports.turns.begin(this);
  }

  /** Goes on, until there is nothing to do or no room for more. */
  work(): void {
    if (!this.isRecovered || this.isDue) return;
    const { turns } = this.ports;
    for (let count = 0; count < AT_ONCE; count++) {
      if (!this.output.pour()) return;
      turns.end(this);
      if (this.ready.length === 0) return this.ports.onIdle();
      if (!turns.begin(this)) return;
      this.take(this.ready.shift()!);
    }
    this.isDue = true;
    this.ports.reactor.after(0, () => {
      this.isDue = false;
      this.work();
    });
  }

  private take(stream: RelayStream): void {
    const { pipes, buffer } = this.ports;
    let seen = this.look(stream.fd);
    if (seen === undefined || seen.length === 0) return seen === undefined ? stream.rest() : stream.end();
    let size = seen.lastIndexOf(NEWLINE) + 1;
    if (size === 0) {
      const isOver = !pipes.hasWriter(stream.fd);
      // What is there now is all there will be.
      if (isOver) seen = this.look(stream.fd)!;
      size = seen.lastIndexOf(NEWLINE) + 1;
      const isEnough = seen.length === buffer.length || stream.isFull(seen.length);
      if (size === 0 && (isOver || isEnough || stream.isStale(seen.length))) size = seen.length;
    }
    if (size === 0) return stream.wait();
    stream.passed(seen.subarray(0, this.pass(stream, seen.subarray(0, size))));
    this.ready.push(stream);
  }

  /** Returns how much of it has been passed on. */
  private pass(stream: RelayStream, seen: Uint8Array<ArrayBuffer>): number {
    const { os, pipes, format, batch } = this.ports;
    const position = 2 * stream.id;
    const taken = format.fill(batch, stream.source, seen);
    os.seek(this.kept.mark, position);
    let moved = 0;
    while (moved < taken) {
      const more = this.attempt(() => pipes.move(stream.fd, this.kept.intake.write, taken - moved)) ?? 0;
      // A service that may read its own pipe has taken it away.
      if (more === 0) break;
      moved += more;
    }
    this.putOut(position, moved);
    return moved;
  }

  /** Puts the batch into the outbox. So much in the intake has become that. */
  private putOut(position: number, done: number): void {
    const { os, pipes, batch: { bytes, ends } } = this.ports;
    pipes.writePieces(this.kept.outbox.write, bytes, ends);
    os.seek(this.kept.mark, position + 1);
    this.discard(this.kept.intake.read, done);
    this.output.isFilled(ends.at(-1) ?? 0);
  }

  private look(fd: number): Uint8Array<ArrayBuffer> | undefined {
    const { pipes, buffer } = this.ports;
    const size = this.attempt(() => pipes.look(fd, this.mirror, buffer));
    return size === undefined ? undefined : buffer.subarray(0, size);
  }

  private discard(fd: number, size = this.ports.pipes.held(fd)): void {
    for (let left = size; left > 0;) left -= this.ports.pipes.move(fd, this.ports.nothing, left);
  }

  private attempt(call: () => number): number | undefined {
    try {
      return call();
    } catch (error) {
      if (isErrno(error, "EAGAIN")) return undefined;
      throw error;
    }
  }
}
