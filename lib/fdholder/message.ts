// Messages with descriptors on a stream socket, as the skarnet programs frame them: the length of the body (4 bytes, big
// endian), the number of descriptors (2 bytes), the body. The descriptors travel beside the bytes, in the same order.

import { type ByteString, byteString, rawBytes } from "../bytes.ts";
import type { Received, Sockets } from "../os/parts.ts";
import { isErrno } from "../report.ts";

export interface Message {
  readonly body: ByteString;
  readonly descriptors: readonly number[];
}

/** The most descriptors of one message. */
export const MOST_DESCRIPTORS = 255;
/** The most that one call can send. */
export const MOST_AT_ONCE = 253;
const HEADER = 6;

/** The other end does not speak this protocol. */
export class ProtocolError extends Error {}

/** Takes what comes from a socket and gives whole messages. */
export class MessageReader {
  private bytes: ByteString = "";
  private descriptors: number[] = [];

  /** @param longest what a body may have */
  constructor(private readonly longest: number) {}

  push(buffer: Uint8Array, { size, descriptors }: Received): void {
    this.bytes += byteString(buffer.subarray(0, size));
    for (const fd of descriptors) this.descriptors.push(fd);
    // More than a message can have, waiting for one to belong to: they would only fill our table.
    if (this.descriptors.length > 2 * MOST_DESCRIPTORS) throw new ProtocolError();
  }

  /**
   * The next message, or undefined as long as it is not whole.
   * @throws ProtocolError
   */
  next(): Message | undefined {
    if (this.bytes.length < HEADER) return undefined;
    const header = new DataView(rawBytes(this.bytes.slice(0, HEADER)).buffer);
    const [length, count] = [header.getUint32(0), header.getUint16(4)];
    if (length > this.longest || count > MOST_DESCRIPTORS) throw new ProtocolError();
    if (this.bytes.length < HEADER + length || this.descriptors.length < count) return undefined;
    const body = this.bytes.slice(HEADER, HEADER + length);
    this.bytes = this.bytes.slice(HEADER + length);
    return { body, descriptors: this.descriptors.splice(0, count) };
  }

  /** Nothing has come of a next message. */
  get isEmpty(): boolean {
    return this.bytes === "" && this.descriptors.length === 0;
  }

  /** The descriptors that have come and belong to no message yet. */
  abandon(): number[] {
    return this.descriptors.splice(0);
  }
}

/** Bytes, and descriptors that go with the first of them. */
interface Piece {
  bytes: Uint8Array<ArrayBuffer>;
  descriptors: readonly number[];
}

/** The calls that a message takes: more than one where it has more descriptors than a call can send. */
function piecesOf({ body, descriptors }: Message): Piece[] {
  const bytes = new Uint8Array(HEADER + body.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, body.length);
  header.setUint16(4, descriptors.length);
  bytes.set(rawBytes(body), HEADER);
  if (descriptors.length <= MOST_AT_ONCE) return [{ bytes, descriptors }];
  return [
    { bytes: bytes.subarray(0, HEADER), descriptors: descriptors.slice(0, MOST_AT_ONCE) },
    { bytes: bytes.subarray(HEADER), descriptors: descriptors.slice(MOST_AT_ONCE) },
  ];
}

type OutboxOs = Pick<Sockets, "send">;

/** Messages on their way out. */
export class Outbox {
  private readonly pieces: Piece[] = [];

  constructor(private readonly os: OutboxOs, private readonly socket: number) {}

  get isEmpty(): boolean {
    return this.pieces.length === 0;
  }

  put(message: Message): void {
    for (const piece of piecesOf(message)) this.pieces.push(piece);
  }

  /** Sends what the socket takes; false if something is left that a non-blocking one does not take now. */
  flush(): boolean {
    for (let piece = this.pieces[0]; piece !== undefined; piece = this.pieces[0]) {
      try {
        const sent = this.os.send(this.socket, piece.bytes, piece.descriptors);
        if (sent === piece.bytes.length) this.pieces.shift();
        else this.pieces[0] = { bytes: piece.bytes.subarray(sent), descriptors: [] };
      } catch (error) {
        if (isErrno(error, "EAGAIN")) return false;
        throw error;
      }
    }
    return true;
  }

  /** Puts other numbers in the place of the descriptors that are still to be sent. */
  replaceDescriptors(copy: (fd: number) => number): void {
    for (const piece of this.pieces) piece.descriptors = piece.descriptors.map(copy);
  }
}
