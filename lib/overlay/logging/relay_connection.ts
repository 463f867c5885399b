// Process 1's end of the socket to a relay: what it has to say waits for room, and process 1 does not.

import type { Cancel, Os, Reactor } from "../../os/os.ts";
import type { Sockets } from "../../os/parts.ts";
import { isErrno } from "../../report.ts";
import { MessageQueue } from "./message_queue.ts";
import { decodeMessage, type FromRelay, LONGEST_MESSAGE, type ToRelay } from "./relay_message.ts";

interface ConnectionPorts {
  readonly os: Pick<Os, "close">;
  readonly sockets: Pick<Sockets, "send" | "receive">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  readonly onNews: (news: FromRelay) => void;
}

/** Messages that are read in one turn of the event loop. */
const AT_ONCE = 100;

export class RelayConnection {
  private readonly room = new Uint8Array(LONGEST_MESSAGE);
  private readonly listening: Cancel;
  private readonly unsent: MessageQueue<ToRelay>;
  private isClosed = false;

  constructor(private readonly ports: ConnectionPorts, private readonly socket: number) {
    this.unsent = new MessageQueue(ports, socket);
    this.listening = ports.reactor.watch(socket, "read", () => this.hear());
  }

  /** Sends it, now or when there is room, unless its descriptors are closed by then. */
  send(message: ToRelay, descriptors?: readonly number[], isCurrent?: () => boolean): void {
    this.unsent.add(message, descriptors, isCurrent);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.deaf();
    this.ports.os.close(this.socket);
  }

  private deaf(): void {
    this.listening();
    this.unsent.close();
  }

  private hear(): void {
    for (let count = 0; count < AT_ONCE && !this.isClosed; count++) {
      try {
        const { size } = this.ports.sockets.receive(this.socket, this.room);
        if (size === 0) return this.deaf();
        this.ports.onNews(decodeMessage<FromRelay>(this.room.subarray(0, size)));
      } catch (error) {
        if (isErrno(error, "EAGAIN")) return;
        return this.deaf();
      }
    }
  }
}
