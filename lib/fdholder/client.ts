// The client's side of a descriptor holder: a connection on which one request after another is made, each waited for.

import type { ByteString } from "../bytes.ts";
import { reasonOf, systemError } from "../errno.ts";
import type { SocketOs } from "../os/parts.ts";
import { isErrno, type OsError } from "../report.ts";
import { type Message, MessageReader, Outbox, ProtocolError } from "./message.ts";
import {
  ANSWER,
  formatRequest,
  type HeldDescriptor,
  LONGEST_ANSWER,
  LONGEST_NAME,
  messagesFor,
  parseDumpPart,
  parseList,
  type Request,
  unpackNumber,
  uploadParts,
} from "./protocol.ts";

export type ClientOs = Pick<
  SocketOs,
  "openSocket" | "connect" | "setSocketTimeout" | "send" | "receive" | "close" | "monotonic"
>;

/** Every method throws OsError: the system's, or what the holder answers. */
export class HolderClient {
  private readonly reader = new MessageReader(LONGEST_ANSWER);
  private readonly outbox: Outbox;
  private readonly buffer = new Uint8Array(new ArrayBuffer(65536));

  private constructor(
    private readonly os: ClientOs,
    private readonly socket: number,
    /** Of the monotonic clock; undefined is without limit. */
    private readonly deadline: number | undefined,
  ) {
    this.outbox = new Outbox(os, socket);
  }

  /** @param timeout milliseconds for all that is done with it, 0 is without limit */
  static connect(os: ClientOs, path: ByteString, timeout: number): HolderClient {
    const deadline = timeout === 0 ? undefined : os.monotonic() + timeout;
    const client = new HolderClient(os, os.openSocket("stream"), deadline);
    try {
      client.inTime(() => os.connect(client.socket, path));
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** On a connection that is there. */
  static over(os: ClientOs, socket: number, timeout: number): HolderClient {
    return new HolderClient(os, socket, timeout === 0 ? undefined : os.monotonic() + timeout);
  }

  close(): void {
    this.os.close(this.socket);
  }

  store(held: HeldDescriptor): void {
    this.simple({ do: "store", held }, held.name);
  }

  delete(name: ByteString): void {
    this.simple({ do: "delete", name }, name);
  }

  /** A new descriptor, close-on-exec. */
  retrieve(name: ByteString, remove: boolean): number {
    checkName(name);
    const { body, descriptors: [fd, ...more] } = this.ask({ do: "retrieve", name, remove });
    if (body.length !== 1 || fd === undefined || more.length > 0) throw protocolError();
    return fd;
  }

  list(): ByteString[] {
    return orProtocolError(() => parseList(this.ask({ do: "list" })));
  }

  getDump(): HeldDescriptor[] {
    const { body, descriptors } = this.ask({ do: "getdump" });
    if (body.length !== 9 || descriptors.length > 0) throw protocolError();
    const [messages, count] = [unpackNumber(body, 1), unpackNumber(body, 5)];
    if (messages !== messagesFor(count)) throw protocolError();
    const dump = orProtocolError(() => Array.from({ length: messages }, () => parseDumpPart(this.receive())).flat());
    if (dump.length !== count) throw protocolError();
    return dump;
  }

  setDump(dump: readonly HeldDescriptor[]): void {
    if (dump.length === 0) return;
    const { body } = this.ask({ do: "setdump", count: dump.length });
    if (body.length !== 5 || unpackNumber(body, 1) !== messagesFor(dump.length)) throw protocolError();
    const parts = uploadParts(dump);
    for (const part of parts) this.ask({ do: "dumped", dump: part }, part === parts.at(-1) ? ANSWER.done : ANSWER.more);
  }

  private simple(request: Request, name: ByteString): void {
    checkName(name);
    const { body, descriptors } = this.ask(request);
    if (body.length !== 1 || descriptors.length > 0) throw protocolError();
  }

  /** The answer, whose first byte must be this one. */
  private ask(request: Request, wanted: number = ANSWER.done): Message {
    this.outbox.put(formatRequest(request));
    // A blocking socket that takes nothing more has waited as long as it may.
    this.inTime(() => {
      if (!this.outbox.flush()) throw timedOut();
    });
    const answer = this.receive();
    const first = answer.body.charCodeAt(0);
    if (first === wanted) return answer;
    if (Number.isNaN(first) || first === ANSWER.done || first === ANSWER.more) throw protocolError();
    throw systemError("ask", "", ...reasonOf(first));
  }

  private receive(): Message {
    return orProtocolError(() => {
      for (;;) {
        const message = this.reader.next();
        if (message !== undefined) return message;
        const received = this.inTime(() => this.os.receive(this.socket, this.buffer));
        this.reader.push(this.buffer, received);
        // So a holder says that it lets us do nothing at all.
        if (received.size === 0) throw systemError("receive", "", "EPIPE");
      }
    });
  }

  private inTime<T>(call: () => T): T {
    const { deadline, os } = this;
    if (deadline !== undefined) {
      const left = deadline - os.monotonic();
      if (left <= 0) throw timedOut();
      os.setSocketTimeout(this.socket, left);
    }
    try {
      return call();
    } catch (error) {
      throw isErrno(error, "EAGAIN") ? timedOut() : error;
    }
  }
}

function checkName(name: ByteString): void {
  if (name.length > LONGEST_NAME) throw systemError("name", "", "ENAMETOOLONG");
}

function timedOut(): OsError {
  return systemError("wait", "", "ETIMEDOUT");
}

function protocolError(): OsError {
  return systemError("understand", "", "EPROTO");
}

function orProtocolError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ProtocolError ? protocolError() : error;
  }
}
