// One output of one service, in the relay: when there is something to read, and when a line that has no end yet is not
// waited for any longer.

import type { Cancel, Os, Reactor } from "../../os/os.ts";
import type { StreamSource } from "./line_format.ts";
import type { StreamNews } from "./relay_message.ts";

interface RelayStreamPorts {
  readonly os: Pick<Os, "monotonic">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  /** No process writes any more. */
  readonly isEnding: () => boolean;
  /** There may be something to read. */
  readonly readable: (stream: RelayStream) => void;
  /** Takes lines that have been read. */
  readonly remember: (lines: Uint8Array<ArrayBuffer>) => void;
  /** Takes what process 1 is to know. */
  readonly tell: (stream: RelayStream, is: StreamNews["is"]) => void;
}

/** Milliseconds after which a line without an end is printed all the same, such as a question. */
const STALE_AFTER = 1000;
/** Milliseconds between two looks at such a line: at first, and at most. */
const LOOK_AGAIN = { first: 1, most: 64 };
/** One of the buffers that a pipe is made of may have room, but not for what is written next; a pipe of one has less. */
const BUFFER = 4096;
const PART = 7 / 8;

export class RelayStream {
  private watch: Cancel | undefined;
  /** What has been seen of a line without an end, since when, and when it is looked at again. */
  private begun = 0;
  private since = 0;
  private pause = LOOK_AGAIN.first;
  private isOver = false;
  private isAsked = false;

  constructor(
    private readonly ports: RelayStreamPorts,
    readonly id: number,
    readonly fd: number,
    readonly source: StreamSource,
    /** How much its pipe can hold. */
    private readonly capacity: number,
  ) {}

  /** There is nothing to read now. */
  rest(): void {
    if (this.ports.isEnding()) return this.end();
    this.settled();
    this.watch = this.ports.reactor.watch(this.fd, "read", () => this.look());
  }

  /** There is only a line without an end. */
  wait(): void {
    this.settled();
    this.watch = this.ports.reactor.after(this.pause, () => this.look());
    this.pause = Math.min(LOOK_AGAIN.most, 2 * this.pause);
  }

  /** Reads what there is. */
  hurry(): void {
    if (this.watch !== undefined) this.look();
  }

  /** Is to tell when what is there by now has been written. */
  settle(): void {
    this.isAsked = true;
    this.hurry();
  }

  /** The line without an end, of this size by now, has not grown for a while: it counts as one. */
  isStale(size: number): boolean {
    if (this.ports.isEnding()) return true;
    const now = this.ports.os.monotonic();
    if (size === this.begun) return now - this.since >= STALE_AFTER;
    [this.begun, this.since, this.pause] = [size, now, LOOK_AGAIN.first];
    return false;
  }

  /** No more fits into its pipe than this: the end of the line cannot come as long as that is there. */
  isFull(size: number): boolean {
    return size >= Math.max(this.capacity - BUFFER + 1, this.capacity * PART);
  }

  /** These lines have been read. */
  passed(lines: Uint8Array<ArrayBuffer>): void {
    this.begun = 0;
    this.ports.remember(lines);
  }

  /** Nothing more will come. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.unwatch();
    this.ports.tell(this, "over");
  }

  private settled(): void {
    if (this.isAsked) this.ports.tell(this, "settled");
    this.isAsked = false;
  }

  private look(): void {
    this.unwatch();
    this.ports.readable(this);
  }

  private unwatch(): void {
    this.watch?.();
    this.watch = undefined;
  }
}
