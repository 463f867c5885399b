// The last lines of each stream, in a file in memory that process 1 and the relay share: the relay writes them, process 1
// reads them when it is asked, and neither waits for the other. No other process can open the file.

import { type ByteString, byteString, rawBytes } from "../../bytes.ts";
import type { Instant, Os } from "../../os/os.ts";
import type { Pipes } from "../../os/parts.ts";

/** How much is kept of a stream. */
const MOST = 4096;
/** In front of it: whose it is, and its size. */
const HEADER = 8;
const ROOM = HEADER + MOST;
/** Stands in front of what was read at once, with the milliseconds since the epoch behind it. No line of text begins so. */
const MARK = "\0";
const NEWLINE = 10;

type Bytes = Uint8Array<ArrayBuffer>;

/** Where the last lines of a stream are: a number is used again when its stream is over. */
interface TailPlace {
  readonly id: number;
  readonly place: number;
}

/** One stream, in the relay. */
export class StreamTail {
  private readonly room = new Uint8Array(ROOM);
  private readonly view = new DataView(this.room.buffer);
  private size = 0;

  /** @param file the descriptor of the file */
  constructor(
    private readonly os: Pick<Os, "seek" | "writeAll">,
    private readonly file: number,
    private readonly at: TailPlace,
  ) {}

  /** Lines that were read at this time. */
  add(lines: Bytes, { seconds, nanoseconds }: Instant): void {
    const { os, room, view, file, at } = this;
    this.append(rawBytes(`${MARK}${seconds * 1000 + Math.floor(nanoseconds / 1e6)}\n`));
    this.append(lines.subarray(-MOST / 2));
    if (lines.at(-1) !== NEWLINE) this.append(Uint8Array.of(NEWLINE));
    view.setUint32(0, at.id);
    view.setUint32(4, this.size);
    os.seek(file, at.place * ROOM);
    os.writeAll(file, room.subarray(0, HEADER + this.size));
  }

  private append(bytes: Bytes): void {
    const { room } = this;
    const kept = Math.min(this.size, MOST - bytes.length);
    room.copyWithin(HEADER, HEADER + this.size - kept, HEADER + this.size);
    room.set(bytes, HEADER + kept);
    this.size = kept + bytes.length;
  }
}

/** What is kept of a stream; empty where nothing is. */
export function tailOf(pipes: Pick<Pipes, "readAt">, file: number, { id, place }: TailPlace): ByteString {
  const room = new Uint8Array(ROOM);
  const got = pipes.readAt(file, room, place * ROOM);
  const view = new DataView(room.buffer);
  if (got < HEADER || view.getUint32(0) !== id) return "";
  return byteString(room.subarray(HEADER, Math.min(got, HEADER + view.getUint32(4))));
}
