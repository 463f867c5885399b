// The socket of process 1 on which calls of our programs ask what they come down to (cli/launcher/ask.c). Only its own user
// is answered, and only in this container; whoever is not answered at once goes on alone.

import type { Cancel, Reactor } from "../../lib/os/os.ts";
import type { Operation } from "../../lib/os/operation.ts";
import type { Listening } from "../../lib/os/parts.ts";
import { NOTHING_LENT, withPlan } from "../../lib/os/plan.ts";
import { ANSWER_SIZE, decodeQuestion, type Place, type Question, QUESTION_SIZE } from "../../lib/os/question.ts";

export interface AnswersPorts {
  readonly os: { readonly close: (fd: number) => void };
  readonly listening: Listening;
  readonly reactor: Pick<Reactor, "watch">;
  readonly user: number;
  readonly answer: (question: Question) => readonly Operation[] | undefined;
}

/** In one turn of the event loop; services have theirs in between. */
const MOST_A_TURN = 4;
/** Those who have connected and not asked yet. */
const MOST_WAITING = 32;

export class Answers {
  private readonly waiting = new Map<number, Cancel>();
  private readonly place: Place;
  private readonly room = new Uint8Array(new ArrayBuffer(QUESTION_SIZE + 1));

  /** @throws OsError if there is nothing to listen on, or no telling where this process is */
  constructor(private readonly ports: AnswersPorts) {
    const { listening, reactor } = ports;
    this.place = listening.place();
    const listener = listening.listen();
    reactor.watch(listener, "read", () => this.receive(listener));
  }

  private receive(listener: number): void {
    for (let count = 0; count < MOST_A_TURN; count++) {
      const fd = this.ports.listening.accept(listener);
      if (fd === undefined) return;
      if (this.ports.listening.userOf(fd) !== this.ports.user) this.ports.os.close(fd);
      else if (!this.hear(fd)) this.wait(fd);
    }
  }

  /** It has connected and is about to ask. */
  private wait(fd: number): void {
    const [first] = this.waiting.keys();
    if (this.waiting.size >= MOST_WAITING) this.leave(first!);
    this.waiting.set(fd, this.ports.reactor.watch(fd, "read", () => void this.hear(fd)));
  }

  private leave(fd: number): void {
    this.waiting.get(fd)?.();
    this.waiting.delete(fd);
    this.ports.os.close(fd);
  }

  /** Answers and lets go of the caller; false if it has not asked yet. */
  private hear(fd: number): boolean {
    const { listening } = this.ports;
    const size = listening.receive(fd, this.room);
    if (size === undefined) return false;
    const question = size > QUESTION_SIZE ? undefined : decodeQuestion(this.room.subarray(0, size));
    const operations = question !== undefined && this.isHere(question.place) ? this.ports.answer(question) : undefined;
    if (operations !== undefined) {
      withPlan(operations, false, NOTHING_LENT, (plan) => {
        if (plan.length <= ANSWER_SIZE) listening.send(fd, plan);
      });
    }
    this.leave(fd);
    return true;
  }

  private isHere(place: Place): boolean {
    return place.every((value, index) => value === this.place[index]);
  }
}
