// A client's requests, answered: pure but for the store. What the client may do was settled when it connected.

import type { ByteString } from "../bytes.ts";
import { type Message, ProtocolError } from "./message.ts";
import {
  ANSWER,
  formatAnswer,
  formatGoOn,
  formatList,
  formatWholeDump,
  type HeldDescriptor,
  parseRequest,
  type Request,
} from "./protocol.ts";
import type { Store } from "./store.ts";

/** What a client may do. */
export interface Rights {
  readonly list: boolean;
  readonly getDump: boolean;
  readonly setDump: boolean;
  /** Store and delete under this name. */
  readonly mayStore: (name: ByteString) => boolean;
  readonly mayRetrieve: (name: ByteString) => boolean;
}

export interface Answer {
  readonly messages: readonly Message[];
  /** To be closed once the messages are sent. */
  readonly closes: readonly number[];
}

export class Session {
  /** How many descriptors of a dump are still to come. */
  private dumping = 0;

  constructor(private readonly store: Store, private readonly rights: Rights) {}

  /** The client is in the middle of an upload. */
  get isBusy(): boolean {
    return this.dumping > 0;
  }

  /**
   * The descriptors of the message are the store's or to be closed.
   * @throws ProtocolError
   */
  answer(message: Message): Answer {
    const request = parseRequest(message);
    if (this.isBusy !== (request.do === "dumped")) throw new ProtocolError();
    return this.obey(request);
  }

  private obey(request: Request): Answer {
    const { store, rights } = this;
    switch (request.do) {
      case "store":
        return this.take(request.held);
      case "delete":
        if (!rights.mayStore(request.name)) return says(ANSWER.denied);
        return store.has(request.name) ? says(ANSWER.done, store.remove(request.name)) : says(ANSWER.unknown);
      case "retrieve":
        return this.give(request.name, request.remove);
      case "list":
        if (!rights.list) return says(ANSWER.denied);
        return { messages: [formatList(store.list().map(({ name }) => name))], closes: [] };
      case "getdump":
        if (!rights.getDump) return says(ANSWER.denied);
        return { messages: formatWholeDump(store.list()), closes: [] };
      case "setdump":
        return this.expectDump(request.count);
      case "dumped":
        return this.takeDump(request.dump);
    }
  }

  private take(held: HeldDescriptor): Answer {
    if (!this.rights.mayStore(held.name)) return says(ANSWER.denied, held);
    if (this.store.size >= this.store.capacity) return says(ANSWER.full, held);
    if (this.store.has(held.name)) return says(ANSWER.taken, held);
    this.store.put(held);
    return says(ANSWER.done);
  }

  private give(name: ByteString, remove: boolean): Answer {
    const { rights, store } = this;
    if (!rights.mayRetrieve(name) || (remove && !rights.mayStore(name))) return says(ANSWER.denied);
    const held = store.get(name);
    if (held === undefined) return says(ANSWER.unknown);
    if (remove) store.remove(name);
    return { messages: [formatAnswer(ANSWER.done, [held.fd])], closes: remove ? [held.fd] : [] };
  }

  private expectDump(count: number): Answer {
    if (!this.rights.setDump) return says(ANSWER.denied);
    if (this.store.size + count > this.store.capacity) return says(ANSWER.full);
    this.dumping = count;
    return { messages: [formatGoOn(count)], closes: [] };
  }

  private takeDump(dump: readonly HeldDescriptor[]): Answer {
    if (dump.length > this.dumping) throw new ProtocolError();
    if (this.store.size + dump.length > this.store.capacity) {
      this.dumping = 0;
      return says(ANSWER.full, ...dump);
    }
    const replaced = dump.map((held) => this.store.put(held)).filter((held) => held !== undefined);
    this.dumping -= dump.length;
    return says(this.dumping > 0 ? ANSWER.more : ANSWER.done, ...replaced);
  }
}

function says(answer: number, ...done: readonly (HeldDescriptor | undefined)[]): Answer {
  return { messages: [formatAnswer(answer)], closes: done.filter((held) => held !== undefined).map(({ fd }) => fd) };
}
