// One client's connection to a descriptor holder: messages come in, answers go out, one request at a time. A client that
// does not read its answers is not listened to.

import type { Cancel, Reactor } from "../os/os.ts";
import type { SocketOs } from "../os/parts.ts";
import { isErrno, OsError, textOf } from "../report.ts";
import { type Message, MessageReader, Outbox, ProtocolError } from "./message.ts";
import { LONGEST_REQUEST } from "./protocol.ts";
import type { Answer, Session } from "./session.ts";

export interface ConnectionPorts {
  readonly os: Pick<SocketOs, "send" | "receive" | "close" | "duplicate" | "monotonic">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  /** Milliseconds in which a client must do something while an operation is under way; 0 is without limit. */
  readonly patience: number;
  /** A request has been answered. */
  readonly answered: () => void;
  readonly warn: (text: string) => void;
  readonly ended: (connection: Connection) => void;
}

const NOTHING: Cancel = () => {};

export class Connection {
  private readonly reader = new MessageReader(LONGEST_REQUEST);
  private readonly outbox: Outbox;
  private readonly buffer = new Uint8Array(new ArrayBuffer(4096));
  /** Copies of held descriptors that are still to be sent: what is held may be gone by then. */
  private copies: number[] = [];
  private reading: Cancel = NOTHING;
  private writing: Cancel = NOTHING;
  private waiting: Cancel = NOTHING;
  /** It has asked for nothing yet. */
  private isNew = true;
  private isOver = false;
  /** When the client, or its answer, last went on; in milliseconds of a clock that only moves forward. */
  lastActive: number;

  constructor(
    private readonly ports: ConnectionPorts,
    private readonly socket: number,
    private readonly session: Session,
    /** Whose it is. */
    readonly uid: number,
  ) {
    this.lastActive = ports.os.monotonic();
    this.outbox = new Outbox(ports.os, socket);
    this.listen();
    this.wait();
  }

  /** An operation is under way. */
  get isBusy(): boolean {
    return !this.reader.isEmpty || !this.outbox.isEmpty || this.session.isBusy;
  }

  /** Takes what has come already. */
  takeArrived(): void {
    if (this.outbox.isEmpty) this.guarded(() => this.receive());
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const cancel of [this.reading, this.writing, this.waiting]) cancel();
    for (const fd of [...this.reader.abandon(), ...this.copies, this.socket]) this.ports.os.close(fd);
    this.ports.ended(this);
  }

  private listen(): void {
    this.reading = this.ports.reactor.watch(this.socket, "read", () => this.guarded(() => this.receive()));
  }

  /** Whatever fails here is the end of this connection, and of nothing else. */
  private guarded(work: () => void): void {
    this.lastActive = this.ports.os.monotonic();
    try {
      work();
      if (!this.isOver) this.wait();
    } catch (error) {
      this.end();
      if (!(error instanceof OsError || error instanceof ProtocolError)) this.ports.warn(textOf(error));
    }
  }

  private wait(): void {
    this.waiting();
    this.waiting = NOTHING;
    const { patience, reactor } = this.ports;
    if (patience > 0 && (this.isNew || this.isBusy)) this.waiting = reactor.after(patience, () => this.end());
  }

  private receive(): void {
    try {
      const received = this.ports.os.receive(this.socket, this.buffer);
      this.reader.push(this.buffer, received);
      if (received.size === 0) return this.end();
    } catch (error) {
      if (!isErrno(error, "EAGAIN")) throw error;
    }
    this.work();
  }

  /** Answers what has come, as long as the answers get away. */
  private work(): void {
    while (this.outbox.isEmpty) {
      const message = this.reader.next();
      if (message === undefined) return;
      this.isNew = false;
      this.send(this.answer(message));
      this.ports.answered();
    }
    this.reading();
    this.writing = this.ports.reactor.watch(this.socket, "write", () => this.guarded(() => this.goOn()));
  }

  private answer(message: Message): Answer {
    try {
      return this.session.answer(message);
    } catch (error) {
      for (const fd of message.descriptors) this.ports.os.close(fd);
      throw error;
    }
  }

  private send({ messages, closes }: Answer): void {
    const { os } = this.ports;
    try {
      for (const message of messages) this.outbox.put(message);
      if (!this.outbox.flush()) {
        this.outbox.replaceDescriptors((fd) => {
          const copy = os.duplicate(fd);
          this.copies.push(copy);
          return copy;
        });
      }
    } finally {
      for (const fd of closes) os.close(fd);
    }
  }

  private goOn(): void {
    if (!this.outbox.flush()) return;
    for (const fd of this.copies.splice(0)) this.ports.os.close(fd);
    this.writing();
    this.listen();
    this.work();
  }
}
