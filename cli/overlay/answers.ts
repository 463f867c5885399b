// The socket of process 1 on which it is asked things. Calls of our programs ask what they come down to
// (cli/launcher/ask.c): only its own user is answered, and only in this container; a call that is not answered at once
// goes on by itself. Commands for people (cli/asking.ts) send a request as JSON and get JSON.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import type { Operation } from "../../lib/os/operation.ts";
import { OutputQueue } from "../../lib/output_queue.ts";
import type { Cancel, Os, Reactor } from "../../lib/os/os.ts";
import type { Listening } from "../../lib/os/parts.ts";
import type { CallerPlace, Question } from "../../lib/os/question.ts";
import type { Answered, Later } from "../applet.ts";

export interface AnswersPorts {
  readonly os: Pick<Os, "close" | "leavesRoom">;
  readonly listening: Listening;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  /** The user of process 1. */
  readonly user: number;
  /** A group whose members may ask for what is known; undefined: there is none. */
  readonly group: number | undefined;
  /** Undefined: calls go on by themselves. */
  readonly answer: ((question: Question) => Answered | undefined) | undefined;
  /** The answer to a request, as JSON in bytes. */
  readonly answerRequest: (text: string, mayChange: boolean) => string;
}

/** In one turn of the event loop; services have theirs in between. */
const MOST_A_TURN = 4;
/**
 * Callers that have connected and not asked yet, wait for their turn, or do not read their answer: the most of root and
 * process 1's own user, and the most of the group's.
 */
const MOST_WAITING = 32;
/** Callers that get their answer once what they wait for has come. Others wait by themselves. */
const MOST_HELD = 256;
/** Bytes of one message of an answer. */
const MESSAGE = 32 * 1024;
/** Milliseconds that a caller may take to read its answer. */
const READS_WITHIN = 5000;
const ROOT = 0;

/** Who has connected. */
interface Caller {
  readonly fd: number;
  readonly user: number;
}

interface Waiting {
  readonly caller: Caller;
  /** Process 1's own user, or root: no other caller is in its way. */
  readonly isTrusted: boolean;
  /** What was asked and is not answered yet. */
  readonly request: ByteString | undefined;
  readonly cancel: Cancel;
}

export class Answers {
  /** By the caller's descriptor, in order. */
  private readonly waiting = new Map<number, Waiting>();
  /** What ends the wait of a caller whose answer comes later, by its descriptor. */
  private readonly held = new Map<number, Cancel>();
  private turn: Cancel | undefined;
  private readonly place: CallerPlace;
  private readonly capabilities: bigint;

  /** @throws OsError if there is nothing to listen on, or no telling where this process is */
  constructor(private readonly ports: AnswersPorts) {
    const { listening, reactor, group } = ports;
    this.place = listening.place();
    this.capabilities = listening.capabilities();
    const listener = listening.listen();
    if (group !== undefined) listening.openTo(group);
    reactor.watch(listener, "read", () => this.accept(listener));
  }

  private accept(listener: number): void {
    for (let count = 0; count < MOST_A_TURN; count++) {
      const fd = this.ports.listening.accept(listener);
      if (fd === undefined) return;
      this.attend(fd, () => {
        const caller = { fd, user: this.ports.listening.userOf(fd) };
        if (!this.isWelcome(caller)) this.leave(fd);
        else if (!this.hear(caller)) {
          this.wait(
            caller,
            this.ports.reactor.watch(fd, "read", () => this.hearLater(caller)),
          );
        }
      });
    }
  }

  private hearLater(caller: Caller): void {
    this.attend(caller.fd, () => this.hear(caller));
  }

  /** Whatever a caller makes go wrong, it does not keep its descriptor. */
  private attend<T>(fd: number, work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.leave(fd);
      throw error;
    }
  }

  /** Services come first, also where descriptors are few. Others than these can connect only where a group may. */
  private isWelcome(caller: Caller): boolean {
    const { os, group } = this.ports;
    return os.leavesRoom(caller.fd) && (group !== undefined || this.isTrusted(caller));
  }

  private isTrusted({ user }: Caller): boolean {
    return user === this.ports.user || user === ROOT;
  }

  /** It has connected and is about to ask, to be answered, or to read. */
  private wait(caller: Caller, cancel: Cancel, request?: ByteString): void {
    const isTrusted = this.isTrusted(caller);
    const alike = [...this.waiting].filter(([, other]) => other.isTrusted === isTrusted);
    if (alike.length >= MOST_WAITING) this.leave(alike[0]![0]);
    this.waiting.set(caller.fd, { caller, isTrusted, request, cancel });
  }

  private leave(fd: number): void {
    this.forget(fd);
    this.ports.os.close(fd);
  }

  /** What it waited for is not waited for any more. */
  private forget(fd: number): void {
    this.waiting.get(fd)?.cancel();
    this.waiting.delete(fd);
    this.held.get(fd)?.();
    this.held.delete(fd);
  }

  /** Answers, or will; false if the caller has not asked yet. */
  private hear(caller: Caller): boolean {
    const { listening, answer, user } = this.ports;
    const { fd } = caller;
    const heard = listening.hear(fd);
    if (heard === "nothing yet") return false;
    if (heard === "nothing") this.leave(fd);
    else if ("request" in heard) this.answerSoon(caller, heard.request);
    else {
      const isOwn = caller.user === user && this.isHere(heard.place) && this.mayAsMuch(heard.capabilities);
      const answered = isOwn ? answer?.(heard) : undefined;
      if (answered?.then !== undefined) return this.answerLater(fd, answered.now, answered.then);
      if (answered !== undefined) listening.answer(fd, answered.now, false);
      this.leave(fd);
    }
    return true;
  }

  /** The caller waits in a process that holds next to nothing, until it is answered or has closed its end. */
  private answerLater(fd: number, now: readonly Operation[], then: Later<readonly Operation[]>): true {
    const { listening, os, reactor } = this.ports;
    this.forget(fd);
    // Services come first: half of all descriptors are theirs.
    if (this.held.size >= MOST_HELD || !os.leavesRoom(2 * fd)) {
      this.leave(fd);
      return true;
    }
    // It has nothing more to say: that can only be its end. What cannot be watched, as the kernel has no memory left, must
    // not be waited for either: another caller has its descriptor by then.
    const unwatch = reactor.watch(fd, "read", () => this.leave(fd));
    let giveUp: Cancel = () => {};
    this.held.set(fd, () => {
      unwatch();
      giveUp();
    });
    giveUp = then((operations) => {
      listening.answer(fd, operations, false);
      this.leave(fd);
    });
    listening.answer(fd, now, true);
    return true;
  }

  /** One request a turn of the event loop: an answer may be long. */
  private answerSoon(caller: Caller, request: ByteString): void {
    this.forget(caller.fd);
    this.wait(caller, () => {}, request);
    this.turn ??= this.ports.reactor.after(0, () => this.answerNext());
  }

  private answerNext(): void {
    const { reactor, answerRequest } = this.ports;
    const asked = [...this.waiting.values()].filter(({ request }) => request !== undefined);
    this.turn = asked.length > 1 ? reactor.after(0, () => this.answerNext()) : undefined;
    const next = asked.find(({ isTrusted }) => isTrusted) ?? asked[0];
    if (next === undefined) return;
    const { caller } = next;
    this.attend(caller.fd, () => {
      this.forget(caller.fd);
      this.say(caller, rawBytes(answerRequest(next.request!, next.isTrusted)));
    });
  }

  /** Sends what there is room for, the rest as soon as there is; then lets go of the caller. */
  private say(caller: Caller, text: Uint8Array<ArrayBuffer>): void {
    const { listening, reactor } = this.ports;
    const { fd } = caller;
    let at = 0;
    const limit = (): Cancel => reactor.after(READS_WITHIN, () => this.leave(fd));
    let forget = limit();
    const queue = new OutputQueue(reactor, {
      fd,
      get isEmpty() {
        return at >= text.length;
      },
      send: () =>
        this.attend(fd, () => {
          if (!listening.say(fd, text.subarray(at, at + MESSAGE))) return false;
          at += MESSAGE;
          forget();
          forget = limit();
          return true;
        }),
      sent: () => this.leave(fd),
    });
    this.wait(caller, () => {
      queue.stop();
      forget();
    });
    queue.added();
  }

  /** What is looked at for it here, it could look at itself. */
  private mayAsMuch(capabilities: bigint): boolean {
    return (this.capabilities & ~capabilities) === 0n;
  }

  private isHere(place: CallerPlace): boolean {
    return place.every((value, index) => value === this.place[index]);
  }
}
