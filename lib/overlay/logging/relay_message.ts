// What process 1 and the relay tell each other: JSON in messages of a socket, with descriptors. Process 1 tells all of it
// again to each new relay.

import { type ByteString, byteString, rawBytes } from "../../bytes.ts";
import type { StreamSource } from "./line_format.ts";

/** The descriptor of the socket in the relay, and those of the outputs that a lane may have: the container's, the logger's. */
export const RELAY_SOCKET = 3;
export const RELAY_OUTPUTS = { container: { stdout: 1, stderr: 2 }, logger: { stdout: 4, stderr: 5 } } as const;

/** The program. */
export const RELAY_PROGRAM = "s6-overlay-relay";

/** More is no message. */
export const LONGEST_MESSAGE = 8192;

export type ToRelay =
  /** A stream of lines for an output, with the descriptor to read them from. */
  | {
    readonly do: "stream";
    readonly id: number;
    readonly output: number;
    readonly source: StreamSource;
    /** Of its last lines, in the file for these. */
    readonly place: number;
  }
  /**
   * The lane to an output, with the descriptors of its mark and the ends of its intake and outbox (relay_lane.ts), and of the
   * file for the last lines of its streams (stream_tails.ts), which are told behind it.
   */
  | { readonly do: "lane"; readonly output: number }
  /** All that a former relay has had has been told. */
  | { readonly do: "begin" }
  /** Say when all that is in a stream by now has been written. */
  | { readonly do: "settle"; readonly id: number }
  /** No process writes any more: write what there is, and end. */
  | { readonly do: "end" };

/** What has become of a stream: it is at its end, or what was in it when that was asked is written. */
export interface StreamNews {
  readonly stream: number;
  readonly is: "over" | "settled";
}

export type FromRelay =
  | StreamNews
  /** It has begun. */
  | { readonly is: "there" }
  /** What is wrong, to be told with the overlay's own lines. */
  | { readonly is: "warning"; readonly text: ByteString };

export function encodeMessage(message: ToRelay | FromRelay): Uint8Array<ArrayBuffer> {
  // Names are byte strings, so that the text is one too.
  return rawBytes(JSON.stringify(message));
}

export function decodeMessage<Message extends ToRelay | FromRelay>(bytes: Uint8Array): Message {
  const text: ByteString = byteString(bytes);
  return JSON.parse(text) as Message;
}
