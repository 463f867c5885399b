// The socket on which process 1 is asked: which callers are answered, and how long it waits for each.

import { deepEqual, equal, throws } from "node:assert/strict";
import { Answers } from "../../../cli/overlay/answers.ts";
import type { Operation } from "../../../lib/os/operation.ts";
import type { Heard } from "../../../lib/os/parts.ts";
import type { CallerPlace } from "../../../lib/os/question.ts";

const LISTENER = 3;
const HERE: CallerPlace = [1, 2, 10, 11, 12];
const OWN = 0b101n;
/** Two messages and a bit. */
const ANSWER = 70_000;
const EXIT: Operation = { do: "exit", by: "s6-true", code: 0 };

interface Caller {
  readonly user?: number;
  readonly place?: CallerPlace;
  readonly capabilities?: bigint;
  /** What it asks; undefined for one that has only connected, until it does. */
  asks?: "a question" | "what takes time" | "a request" | "what throws" | "nothing" | undefined;
  /** How many messages it takes before it stops reading. */
  reads?: number;
}

/** Callers by descriptor, from 10 on; what became of each comes out in `did`. */
class Scene {
  readonly did: string[] = [];
  readonly watched = new Map<number, () => void>();
  /** What those who wait for their answer are told once it is known. */
  readonly known: (() => void)[] = [];
  /** The kernel has no memory to watch this one. */
  unwatchable: number | undefined;
  private connected: number[] = [];

  /** What is due in the next turn, and when time passes. */
  private readonly due = new Set<() => void>();
  readonly timers = new Set<() => void>();

  constructor(readonly callers: readonly Caller[], room = Infinity, group?: number) {
    this.connected = callers.map((_, at) => 10 + at);
    new Answers({
      os: { close: (fd) => void this.did.push(`close ${fd}`), leavesRoom: (fd) => fd < room },
      user: 0,
      group,
      answerRequest: (text, mayChange) => {
        if (text === "what throws") throw new Error(text);
        return (mayChange ? "x" : "-").repeat(ANSWER);
      },
      answer: ({ argv }) =>
        argv[0] === "known" ? { now: [EXIT] } : { now: [], then: (known) => this.wait(() => known([EXIT])) },
      reactor: {
        watch: (fd, _, callback) => {
          if (fd === this.unwatchable) throw new Error("no memory");
          this.watched.set(fd, callback);
          return () => void this.watched.delete(fd);
        },
        after: (time, callback) => {
          const timers = time === 0 ? this.due : this.timers;
          timers.add(callback);
          return () => void timers.delete(callback);
        },
      },
      listening: {
        listen: () => LISTENER,
        place: () => HERE,
        capabilities: () => OWN,
        accept: () => this.connected.shift(),
        userOf: (fd) => this.of(fd).user ?? 0,
        hear: (fd) => this.hear(this.of(fd)),
        openTo: (gid) => void this.did.push(`open to ${gid}`),
        say: (fd, message) => this.read(fd, message),
        answer: (fd, operations, more) =>
          void this.did.push(`answer ${fd} ${more ? "later" : operations.map((each) => each.do)}`),
      },
    });
  }

  of(fd: number): Caller {
    return this.callers[fd - 10]!;
  }

  private read(fd: number, message: Uint8Array): boolean {
    const caller = this.of(fd);
    if (caller.reads === 0) return false;
    if (caller.reads !== undefined) caller.reads--;
    this.did.push(`say ${fd} ${String.fromCharCode(message[0]!)}${message.length}`);
    return true;
  }

  private hear({ asks, place = HERE, capabilities = OWN }: Caller): Heard | "nothing" | "nothing yet" {
    if (asks === undefined) return "nothing yet";
    if (asks === "a request" || asks === "what throws") return { request: asks };
    return asks === "nothing"
      ? "nothing"
      : { place, capabilities, executed: "", argv: [asks === "a question" ? "known" : "later"], env: [], results: [] };
  }

  private wait(known: () => void): () => void {
    this.did.push("begin to wait");
    this.known.push(known);
    return () => void this.did.push("end to wait");
  }

  turn(): this {
    this.watched.get(LISTENER)!();
    return this.pass();
  }

  /** What is due at once happens. */
  pass(): this {
    for (const due of [...this.due]) {
      this.due.delete(due);
      due();
    }
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

Deno.test("a caller that may less than process 1 goes on by itself, and one that may more is answered", () => {
  for (const capabilities of [0n, 0b001n, 0b1010n]) {
    deepEqual(new Scene([{ asks: "a question", capabilities }]).turn().did, ["close 10"]);
  }
  deepEqual(new Scene([{ asks: "a question", capabilities: 0b1101n }]).turn().did, ["answer 10 exit", "close 10"]);
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

Deno.test("a request is answered in as many messages as it takes", () => {
  const said = ["say 10 x32768", "say 10 x32768", "say 10 x4464", "close 10"];
  deepEqual(new Scene([{ asks: "a request" }]).turn().did, said);
});

Deno.test("a request may come from root and the own user, and from others where a group may ask; they change nothing", () => {
  deepEqual(new Scene([{ asks: "a request", user: 1000 }]).turn().did, ["close 10"]);
  const [opened, first] = new Scene([{ asks: "a request", user: 1000 }], Infinity, 50).turn().did;
  deepEqual([opened, first], ["open to 50", "say 10 -32768"]);
  deepEqual(new Scene([{ asks: "a question", user: 1000 }], Infinity, 50).turn().did.slice(1), ["close 10"]);
});

Deno.test("a caller that stops reading holds nothing up, gets the rest when it reads on, and is let go of in time", () => {
  const scene = new Scene([{ asks: "a request", reads: 1 }, { asks: "a question" }]).turn();
  deepEqual(scene.did, ["answer 11 exit", "close 11", "say 10 x32768"]);
  scene.of(10).reads = 1;
  scene.watched.get(10)!();
  deepEqual(scene.did.slice(3), ["say 10 x32768"]);
  equal(scene.timers.size, 1);
  for (const due of scene.timers) due();
  deepEqual(scene.did.slice(4), ["close 10"]);
  deepEqual([scene.timers.size, scene.watched.size], [0, 1]);
});

Deno.test("one request is answered in a turn", () => {
  const scene = new Scene(Array.from({ length: 3 }, () => ({ asks: "a request" as const }))).turn();
  const closed = (): number => scene.did.filter((each) => each.startsWith("close")).length;
  equal(closed(), 1);
  equal((scene.pass(), closed()), 2);
  equal((scene.pass(), closed()), 3);
  equal((scene.pass(), closed()), 3);
});

Deno.test("one whose request makes something go wrong is let go of, and the next is answered", () => {
  const scene = new Scene([{ asks: "what throws" }, { asks: "a request" }]);
  throws(() => scene.turn(), /what throws/);
  deepEqual(scene.did, ["close 10"]);
  deepEqual(scene.pass().did.slice(-2), ["say 11 x4464", "close 11"]);
});

Deno.test("however many of the group have connected, root stays, and is answered first", () => {
  const member: Caller = { asks: "a request", user: 1000 };
  const root: Caller = {};
  const scene = new Scene([root, ...Array.from({ length: 60 }, () => ({ ...member }))], Infinity, 50);
  for (let turn = 0; turn < 10; turn++) scene.watched.get(LISTENER)!();
  equal(scene.did.includes("close 10"), false);
  root.asks = "a request";
  scene.watched.get(10)!();
  scene.did.length = 0;
  deepEqual(scene.pass().did.at(-1), "close 10");
});

Deno.test("who has to wait is told so at once, and answered later", () => {
  const scene = new Scene([{ asks: "what takes time" }]).turn();
  deepEqual(scene.did, ["begin to wait", "answer 10 later"]);
  scene.known[0]!();
  deepEqual(scene.did.slice(2), ["answer 10 exit", "end to wait", "close 10"]);
  equal(scene.watched.size, 1);
});

Deno.test("who ends while it waits is not waited for any more", () => {
  const scene = new Scene([{}]).turn();
  scene.of(10).asks = "what takes time";
  scene.watched.get(10)!();
  scene.watched.get(10)!();
  deepEqual(scene.did, ["begin to wait", "answer 10 later", "end to wait", "close 10"]);
  equal(scene.watched.size, 1);
});

Deno.test("one that cannot be watched while it waits is let go of, and nothing is waited for", () => {
  const scene = new Scene([{ asks: "what takes time" }]);
  scene.unwatchable = 10;
  throws(() => scene.turn(), { message: "no memory" });
  deepEqual(scene.did, ["close 10"]);
  equal(scene.known.length, 0);
});

Deno.test("many may wait, more of them wait by themselves, and all others are answered as ever", () => {
  const callers: Caller[] = Array.from({ length: 258 }, () => ({ asks: "what takes time" as const }));
  callers.push({ asks: "a question" }, ...Array.from({ length: 32 }, () => ({})));
  const scene = new Scene(callers);
  for (let turn = 0; turn < 80; turn++) scene.turn();
  deepEqual(scene.did.filter((each) => /^close|exit/.test(each)), [
    "close 266",
    "close 267",
    "answer 268 exit",
    "close 268",
  ]);
  equal(scene.known.length, 256);
});

Deno.test("half of the descriptors stay free of those who wait", () => {
  const callers: Caller[] = [{ asks: "what takes time" }, { asks: "what takes time" }, { asks: "a question" }];
  deepEqual(new Scene(callers, 22).turn().did, [
    "begin to wait",
    "answer 10 later",
    "close 11",
    "answer 12 exit",
    "close 12",
  ]);
});

Deno.test("others than the own user do not have their answer kept for them", () => {
  deepEqual(new Scene([{ asks: "what takes time", user: 1000 }], Infinity, 50).turn().did.slice(1), ["close 10"]);
});
