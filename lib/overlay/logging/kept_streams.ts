// The pipes that process 1 keeps for the relay: those that are printed into, and those of the lanes to each output.

import type { ByteString } from "../../bytes.ts";
import { systemError } from "../../errno.ts";
import type { Os } from "../../os/os.ts";
import type { PipeEnds, Pipes } from "../../os/parts.ts";
import { OsError, unlessRefused } from "../../report.ts";
import type { StreamSource } from "./line_format.ts";
import { RELAY_OUTPUTS } from "./relay_message.ts";
import { tailOf } from "./stream_tails.ts";

export interface KeepingPorts {
  readonly os: Pick<Os, "pipe" | "close" | "leavesRoom" | "setNonBlocking" | "fchmod">;
  readonly pipes: Pick<Pipes, "openMark" | "held" | "readAt">;
  /** No descriptor is left for what this one prints. */
  readonly onShortage: (service: ByteString | undefined) => void;
}

/** Where lines go: to the container's own output whatever is logged, or to the logger. */
export type RelayDestination = keyof typeof RELAY_OUTPUTS;

/** What is printed on one descriptor. */
export interface KeptStream {
  readonly id: number;
  readonly output: number;
  readonly source: StreamSource;
  readonly read: number;
  /** Undefined when no process is to get it any more. */
  write: number | undefined;
  /** Called when all of it, or all that was there when that was asked, has been carried on. */
  onSettled: () => void;
}

export interface KeptLane {
  readonly output: number;
  readonly mark: number;
  readonly intake: PipeEnds;
  readonly outbox: PipeEnds;
  /** The same file for all lanes: the last lines of streams (stream_tails.ts). */
  readonly tails: number;
}

/** Any process may open it anew to write, as /dev/stdout; to read, those of process 1's user alone. */
const MODE = 0o622;

export class KeptStreams {
  private readonly streams = new Map<number, KeptStream>();
  private readonly lanes = new Map<number, KeptLane>();
  private count = 0;
  /** The file for the last lines of streams, from the first lane on. */
  private tails: number | undefined;

  constructor(private readonly ports: KeepingPorts) {}

  /** There is nothing to carry on, nor will there be, but lines of process 1's own. */
  get isEmpty(): boolean {
    const { held } = this.ports.pipes;
    return this.allStreams().every(({ source, read }) => source.isFormed === true && held(read) === 0) &&
      this.allLanes().every(({ intake, outbox }) => held(intake.read) === 0 && held(outbox.read) === 0);
  }

  allStreams(): readonly KeptStream[] {
    return [...this.streams.values()];
  }

  allLanes(): readonly KeptLane[] {
    return [...this.lanes.values()];
  }

  has(id: number): boolean {
    return this.streams.has(id);
  }

  /**
   * A pipe for what is printed; undefined where there are no descriptors for it.
   * @param onLane learns of a lane that is new
   */
  open(source: StreamSource, to: RelayDestination, onLane: (lane: KeptLane) => void): KeptStream | undefined {
    const output = RELAY_OUTPUTS[to][source.stream];
    const opened: number[] = [];
    try {
      if (!this.lanes.has(output)) onLane(this.addLane(output, opened));
      const { read, write } = this.pipe(opened);
      unlessRefused(() => this.ports.os.fchmod(write, MODE));
      const stream = { id: ++this.count, output, source, read, write, onSettled: () => {} };
      this.streams.set(stream.id, stream);
      return stream;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      for (const fd of opened) this.ports.os.close(fd);
      this.ports.onShortage(source.service);
    }
  }

  private addLane(output: number, opened: number[]): KeptLane {
    const { os, pipes } = this.ports;
    const [intake, outbox] = [this.pipe(opened), this.pipe(opened)];
    // It has room for all that is put into it: that must never wait.
    os.setNonBlocking(outbox.write, true);
    const tails = this.tails ??= pipes.openMark();
    const lane = { output, mark: pipes.openMark(), intake, outbox, tails };
    this.lanes.set(output, lane);
    opened.length = 0;
    return lane;
  }

  private pipe(opened: number[]): PipeEnds {
    const { os } = this.ports;
    const ends = os.pipe();
    opened.push(ends.read, ends.write);
    if (os.leavesRoom(Math.max(ends.read, ends.write))) return ends;
    throw systemError("make a pipe", "", "EMFILE");
  }

  /** What has been carried on last of this stream, with times (stream_tails.ts). */
  tail({ id, read }: KeptStream): ByteString {
    return this.tails === undefined ? "" : tailOf(this.ports.pipes, this.tails, { id, place: read });
  }

  /** No further process gets it: it ends when those that have it do. */
  release(stream: KeptStream): void {
    if (stream.write !== undefined) this.ports.os.close(stream.write);
    stream.write = undefined;
  }

  settled(id: number): void {
    this.streams.get(id)?.onSettled();
  }

  /** All of it has been carried on. */
  over(id: number): void {
    const stream = this.streams.get(id);
    if (stream === undefined) return;
    this.release(stream);
    this.streams.delete(id);
    this.ports.os.close(stream.read);
    stream.onSettled();
  }

  close(): void {
    for (const id of [...this.streams.keys()]) this.over(id);
    for (const { mark, intake, outbox } of this.lanes.values()) {
      for (const fd of [mark, intake.read, intake.write, outbox.read, outbox.write]) this.ports.os.close(fd);
    }
    this.lanes.clear();
  }
}
