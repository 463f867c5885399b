// Process 1's end of the socket to a relay: what it has to say waits in memory for room, as process 1 waits for nothing.

import type { Cancel, Os, Reactor } from "../../os/os.ts";
import type { Sockets } from "../../os/parts.ts";
import { isErrno, OsError } from "../../report.ts";
import { decodeMessage, encodeMessage, type FromRelay, LONGEST_MESSAGE, type ToRelay } from "./relay_message.ts";

interface ConnectionPorts {
  readonly os: Pick<Os, "close">;
  readonly sockets: Pick<Sockets, "send" | "receive">;
  readonly reactor: Pick<Reactor, "watch">;
  readonly onNews: (news: FromRelay) => void;
}

interface Unsent {
  readonly message: ToRelay;
  readonly descriptors: readonly number[];
  /** Asked when its turn has come. */
  readonly isCurrent: () => boolean;
}

/** Messages that are read in one turn of the event loop. */
const AT_ONCE = 100;

export class RelayConnection {
  private readonly unsent: Unsent[] = [];
  private readonly room = new Uint8Array(LONGEST_MESSAGE);
  private readonly listening: Cancel;
  private sending: Cancel | undefined;
  private isClosed = false;

  constructor(private readonly ports: ConnectionPorts, private readonly socket: number) {
    this.listening = ports.reactor.watch(socket, "read", () => this.hear());
  }

  /** Sends it, now or when there is room, unless its descriptors are closed by then. */
  send(message: ToRelay, descriptors: readonly number[] = [], isCurrent: () => boolean = () => true): void {
    this.unsent.push({ message, descriptors, isCurrent });
    if (this.sending === undefined) this.flush();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.deaf();
    this.ports.os.close(this.socket);
  }

  private deaf(): void {
    this.listening();
    this.sending?.();
    this.sending = undefined;
    this.unsent.length = 0;
  }

  private flush(): void {
    for (let next = this.unsent[0]; next !== undefined; next = this.unsent[0]) {
      if (next.isCurrent() && !this.isSent(next)) {
        this.sending ??= this.ports.reactor.watch(this.socket, "write", () => this.flush());
        return;
      }
      this.unsent.shift();
    }
    this.sending?.();
    this.sending = undefined;
  }

  /** False if there is no room for it now. A relay that has gone needs it no more: that it has is known elsewhere. */
  private isSent({ message, descriptors }: Unsent): boolean {
    try {
      this.ports.sockets.send(this.socket, encodeMessage(message), descriptors);
      return true;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      return !isErrno(error, "EAGAIN", "ENOBUFS");
    }
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
