// The socket on which process 1 is asked: which callers are answered, and how long it waits for each.

import { deepEqual, equal } from "node:assert/strict";
import { Answers } from "../../../cli/overlay/answers.ts";
import type { Operation } from "../../../lib/os/operation.ts";
import type { CallerPlace, Question } from "../../../lib/os/question.ts";

const LISTENER = 3;
const HERE: CallerPlace = [1, 2, 10, 11, 12];
const EXIT: Operation = { do: "exit", by: "s6-true", code: 0 };

interface Caller {
  readonly user?: number;
  readonly place?: CallerPlace;
  /** What it asks; undefined for one that has only connected, until it does. */
  asks?: "a question" | "nothing" | undefined;
}

/** Callers by descriptor, from 10 on; what became of each comes out in `did`. */
class Scene {
  readonly did: string[] = [];
  readonly watched = new Map<number, () => void>();
  private next = 10;
  private connected: number[] = [];

  constructor(readonly callers: readonly Caller[], room = Infinity) {
    this.connected = callers.map((_, at) => 10 + at);
    new Answers({
      os: { close: (fd) => void this.did.push(`close ${fd}`), leavesRoom: (fd) => fd < room },
      user: 0,
      answer: ({ argv }) => argv[0] === "known" ? [EXIT] : undefined,
      reactor: {
        watch: (fd, _, callback) => {
          this.watched.set(fd, callback);
          return () => void this.watched.delete(fd);
        },
      },
      listening: {
        listen: () => LISTENER,
        place: () => HERE,
        accept: () => this.connected.shift(),
        userOf: (fd) => this.of(fd).user ?? 0,
        hear: (fd) => this.hear(this.of(fd)),
        answer: (fd, operations) => void this.did.push(`answer ${fd} ${operations.map((each) => each.do)}`),
      },
    });
  }

  of(fd: number): Caller {
    return this.callers[fd - 10]!;
  }

  private hear({ asks, place = HERE }: Caller): Question | "nothing" | "nothing yet" {
    if (asks === undefined) return "nothing yet";
    return asks === "nothing" ? "nothing" : { place, executed: "", argv: ["known"], env: [], results: [] };
  }

  turn(): this {
    this.watched.get(LISTENER)!();
    return this;
  }
}

Deno.test("a caller of the same user is answered and let go of", () => {
  deepEqual(new Scene([{ asks: "a question" }]).turn().did, ["answer 10 exit", "close 10"]);
});

Deno.test("others, those who are elsewhere, and who asks nothing are let go of without an answer", () => {
  deepEqual(new Scene([{ asks: "a question", user: 1000 }]).turn().did, ["close 10"]);
  deepEqual(new Scene([{ asks: "a question", place: [1, 2, 10, 11, 13] }]).turn().did, ["close 10"]);
  deepEqual(new Scene([{ asks: "a question", place: [9, 2, 10, 11, 12] }]).turn().did, ["close 10"]);
  deepEqual(new Scene([{ asks: "nothing" }]).turn().did, ["close 10"]);
});

Deno.test("where descriptors are few nobody is answered", () => {
  deepEqual(new Scene([{ asks: "a question" }], 10).turn().did, ["close 10"]);
});

Deno.test("four are heard in a turn", () => {
  const scene = new Scene(Array.from({ length: 6 }, () => ({ asks: "a question" as const }))).turn();
  equal(scene.did.filter((each) => each.startsWith("answer")).length, 4);
  equal(scene.turn().did.filter((each) => each.startsWith("answer")).length, 6);
});

Deno.test("who has connected is heard later, and of those who never ask the first give way", () => {
  const callers: Caller[] = Array.from({ length: 34 }, () => ({}));
  const scene = new Scene(callers);
  for (let turn = 0; turn < 9; turn++) scene.turn();
  deepEqual(scene.did, ["close 10", "close 11"]);
  equal(scene.watched.size, 1 + 32);
  callers[20]!.asks = "a question";
  scene.watched.get(30)!();
  deepEqual(scene.did.slice(2), ["answer 30 exit", "close 30"]);
  equal(scene.watched.has(30), false);
});
