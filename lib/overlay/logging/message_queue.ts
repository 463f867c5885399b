// Messages between process 1 and the relay, at either end: what there is no room for in the socket waits in memory.

import type { Reactor } from "../../os/os.ts";
import type { Sockets } from "../../os/parts.ts";
import { OutputQueue, type Unsent } from "../../output_queue.ts";
import { isErrno, OsError } from "../../report.ts";
import { encodeMessage, type FromRelay, type ToRelay } from "./relay_message.ts";

interface UnsentMessage {
  readonly message: ToRelay | FromRelay;
  readonly descriptors: readonly number[];
  /** Asked when its turn has come. */
  readonly isCurrent: () => boolean;
}

interface MessagePorts {
  readonly sockets: Pick<Sockets, "send">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
}

export class MessageQueue<Message extends ToRelay | FromRelay> implements Unsent {
  private readonly messages: UnsentMessage[] = [];
  private readonly queue: OutputQueue;

  constructor(private readonly ports: MessagePorts, readonly fd: number) {
    this.queue = new OutputQueue(ports.reactor, this);
  }

  get isEmpty(): boolean {
    return this.messages.length === 0;
  }

  /** Sends it, now or when there is room, unless its descriptors are closed by then. */
  add(message: Message, descriptors: readonly number[] = [], isCurrent: () => boolean = () => true): void {
    this.messages.push({ message, descriptors, isCurrent });
    this.queue.added();
  }

  /** What is not sent yet never is. */
  close(): void {
    this.messages.length = 0;
    this.queue.stop();
  }

  send(): boolean {
    const next = this.messages[0];
    if (next === undefined) return true;
    if (next.isCurrent() && !this.isSent(next)) return false;
    this.messages.shift();
    return true;
  }

  /** False if there is no room for it now. One at the other end that has gone needs it no more. */
  private isSent({ message, descriptors }: UnsentMessage): boolean {
    try {
      this.ports.sockets.send(this.fd, encodeMessage(message), descriptors);
      return true;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      return !isErrno(error, "EAGAIN", "ENOBUFS");
    }
  }
}
