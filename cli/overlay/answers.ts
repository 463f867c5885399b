// The socket of process 1 on which calls of our programs ask what they come down to (cli/launcher/ask.c). Only its own
// user is answered, and only in this container; a call that is not answered at once goes on by itself.

import type { Operation } from "../../lib/os/operation.ts";
import type { Cancel, Os, Reactor } from "../../lib/os/os.ts";
import type { Listening } from "../../lib/os/parts.ts";
import type { CallerPlace, Question } from "../../lib/os/question.ts";
import { OsError } from "../../lib/report.ts";
import type { Scanner } from "../../lib/supervise/scanner_port.ts";
import type { Context } from "../applet.ts";
import { OwnSight } from "./sight.ts";

/** Answers calls from now on, where that can be. */
export function answerCalls(context: Context, reactor: Reactor, scanner: Pick<Scanner, "services">): void {
  const { os } = context;
  let answer: AnswersPorts["answer"] | undefined;
  context.part("listening").then((listening) => {
    try {
      new Answers({
        os,
        listening,
        reactor,
        user: os.credentials().uid,
        // What computes answers is loaded by the first call.
        answer: (question) => (answer ??= context.answering(new OwnSight({ os, scanner })))(question),
      });
    } catch (error) {
      // Calls go on as they would without.
      if (!(error instanceof OsError)) throw error;
    }
  });
}

interface AnswersPorts {
  readonly os: Pick<Os, "close" | "leavesRoom">;
  readonly listening: Listening;
  readonly reactor: Pick<Reactor, "watch">;
  /** The callers that are answered. */
  readonly user: number;
  readonly answer: (question: Question) => readonly Operation[] | undefined;
}

/** In one turn of the event loop; services have theirs in between. */
const MOST_A_TURN = 4;
/** Callers that have connected and not asked yet. */
const MOST_WAITING = 32;

export class Answers {
  private readonly waiting = new Map<number, Cancel>();
  private readonly place: CallerPlace;

  /** @throws OsError if there is nothing to listen on, or no telling where this process is */
  constructor(private readonly ports: AnswersPorts) {
    const { listening, reactor } = ports;
    this.place = listening.place();
    const listener = listening.listen();
    reactor.watch(listener, "read", () => this.accept(listener));
  }

  private accept(listener: number): void {
    for (let count = 0; count < MOST_A_TURN; count++) {
      const fd = this.ports.listening.accept(listener);
      if (fd === undefined) return;
      if (!this.isWelcome(fd)) this.ports.os.close(fd);
      else if (!this.hear(fd)) this.wait(fd);
    }
  }

  /** Services come first, also where descriptors are few. */
  private isWelcome(fd: number): boolean {
    const { os, listening, user } = this.ports;
    return os.leavesRoom(fd) && listening.userOf(fd) === user;
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
    const { listening, answer } = this.ports;
    const question = listening.hear(fd);
    if (question === "nothing yet") return false;
    const operations = question === "nothing" || !this.isHere(question.place) ? undefined : answer(question);
    if (operations !== undefined) listening.answer(fd, operations);
    this.leave(fd);
    return true;
  }

  private isHere(place: CallerPlace): boolean {
    return place.every((value, index) => value === this.place[index]);
  }
}
