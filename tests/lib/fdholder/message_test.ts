// Messages with descriptors: in pieces, glued together, too large, and on sockets that do not take all of it.

import { deepEqual, equal, throws } from "node:assert/strict";
import { type ByteString, byteString, rawBytes } from "../../../lib/bytes.ts";
import { type Message, MessageReader, Outbox, ProtocolError } from "../../../lib/fdholder/message.ts";
import { OsError } from "../../../lib/report.ts";

/** A socket that takes this many bytes with each call, and none when it is full. */
class Socket {
  readonly calls: { bytes: ByteString; descriptors: readonly number[] }[] = [];
  full = false;

  constructor(private readonly most: number) {}

  send(_fd: number, from: Uint8Array, descriptors: readonly number[] = []): number {
    if (this.full) throw new OsError("send", "", "EAGAIN", "");
    const bytes = from.subarray(0, this.most);
    this.calls.push({ bytes: byteString(bytes), descriptors });
    return bytes.length;
  }

  /** What a reader makes of it. */
  read(): Message[] {
    const reader = new MessageReader(1000);
    const messages: Message[] = [];
    for (const { bytes, descriptors } of this.calls) {
      reader.push(rawBytes(bytes), { size: bytes.length, descriptors });
      for (let next = reader.next(); next !== undefined; next = reader.next()) messages.push(next);
    }
    equal(reader.isEmpty, true);
    return messages;
  }
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

Deno.test("messages arrive as they were sent, however many bytes a call takes", () => {
  const messages = [
    { body: "first", descriptors: [7] },
    { body: "", descriptors: [] },
    { body: "x".repeat(300), descriptors: numbers(255) },
    { body: "last", descriptors: numbers(254) },
  ];
  for (const most of [1, 2, 5, 6, 7, 100, 10_000]) {
    const socket = new Socket(most);
    const outbox = new Outbox(socket, 3);
    for (const message of messages) outbox.put(message);
    equal(outbox.flush(), true);
    deepEqual(socket.read(), messages);
    equal(socket.calls.every(({ descriptors }) => descriptors.length <= 253), true);
  }
});

Deno.test("what a full socket does not take is sent later, with descriptors that still are the same", () => {
  const socket = new Socket(4);
  const outbox = new Outbox(socket, 3);
  socket.full = true;
  outbox.put({ body: "ab", descriptors: [7, 8] });
  equal(outbox.flush(), false);
  outbox.replaceDescriptors((fd) => fd + 100);
  socket.full = false;
  equal(outbox.flush(), true);
  deepEqual(socket.read(), [{ body: "ab", descriptors: [107, 108] }]);
});

Deno.test("a reader takes no more than a message may have", () => {
  const push = (header: ByteString, descriptors: readonly number[] = []): MessageReader => {
    const reader = new MessageReader(10);
    reader.push(rawBytes(header), { size: header.length, descriptors });
    return reader;
  };
  equal(push("\0\0\0\x0a\0\0").next(), undefined);
  throws(() => push("\0\0\0\x0b\0\0").next(), ProtocolError);
  throws(() => push("\xff\xff\xff\xff\0\0").next(), ProtocolError);
  throws(() => push("\0\0\0\0\x01\0").next(), ProtocolError);
  throws(() => push("", numbers(511)), ProtocolError);
});

Deno.test("the descriptors of a message that never came whole are given back", () => {
  const reader = new MessageReader(10);
  reader.push(rawBytes("\0\0\0\x02\0\x02a"), { size: 7, descriptors: [4, 5] });
  equal(reader.next(), undefined);
  deepEqual(reader.abandon(), [4, 5]);
});
