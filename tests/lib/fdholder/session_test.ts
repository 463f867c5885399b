// The answers of a descriptor holder, and what becomes of every descriptor: each is held, sent, or to be closed.

import { deepEqual, equal, throws } from "node:assert/strict";
import type { ByteString } from "../../../lib/bytes.ts";
import {
  forEver,
  isForEver,
  type Limit,
  limitAfter,
  limitAt,
  limitText,
  parseLimit,
} from "../../../lib/fdholder/limit.ts";
import { type Message, ProtocolError } from "../../../lib/fdholder/message.ts";
import {
  formatRequest,
  type HeldDescriptor,
  parseDumpPart,
  parseList,
  parseRequest,
  type Request,
} from "../../../lib/fdholder/protocol.ts";
import { type Answer, type Rights, Session } from "../../../lib/fdholder/session.ts";
import { Store } from "../../../lib/fdholder/store.ts";
import { Random } from "../../random/random.ts";

const NOW = { seconds: 1_700_000_000, nanoseconds: 5 };
const NEVER: Limit = forEver(NOW);
const ALL: Rights = { list: true, getDump: true, setDump: true, mayStore: () => true, mayRetrieve: () => true };
const NONE: Rights = { list: false, getDump: false, setDump: false, mayStore: () => false, mayRetrieve: () => false };

const held = (name: ByteString, fd: number, limit = NEVER): HeldDescriptor => ({ name, fd, limit });
const ask = (session: Session, request: Request): Answer => session.answer(formatRequest(request));
const code = ({ messages: [first] }: Answer): number => first!.body.charCodeAt(0);

Deno.test("requests come out of their messages as they went in", () => {
  const requests: Request[] = [
    { do: "store", held: held("a", 7) },
    { do: "delete", name: "n".repeat(255) },
    { do: "retrieve", name: "\xff", remove: true },
    { do: "retrieve", name: " ", remove: false },
    { do: "list" },
    { do: "getdump" },
    { do: "setdump", count: 70_000 },
    { do: "dumped", dump: [held("a", 7), held("b", 8, limitAt(NOW))] },
  ];
  for (const request of requests) deepEqual(parseRequest(formatRequest(request)), request);
});

Deno.test("what is no request is refused, whatever has been cut off or put in", () => {
  const whole = [
    formatRequest({ do: "store", held: held("abc", 7) }),
    formatRequest({ do: "delete", name: "abc" }),
    formatRequest({ do: "retrieve", name: "abc", remove: true }),
    formatRequest({ do: "setdump", count: 1 }),
    formatRequest({ do: "dumped", dump: [held("abc", 7)] }),
  ];
  const wrong: Message[] = [{ body: "", descriptors: [] }, { body: "x", descriptors: [] }, {
    body: "Lx",
    descriptors: [],
  }];
  for (const { body, descriptors } of whole) {
    for (let length = 0; length < body.length; length++) wrong.push({ body: body.slice(0, length), descriptors });
    wrong.push({ body: `${body}\0`, descriptors }, { body, descriptors: [...descriptors, 9] });
    wrong.push({ body: body.replace("b", "\0"), descriptors: body.includes("b") ? descriptors : [1, 2] });
  }
  for (const message of wrong) throws(() => parseRequest(message), ProtocolError, JSON.stringify(message));
});

Deno.test("a client without rights gets nothing, and what it sends is closed", () => {
  const store = new Store(10);
  store.put(held("a", 5));
  const session = new Session(store, NONE);
  const requests: Request[] = [
    { do: "store", held: held("b", 7) },
    { do: "delete", name: "a" },
    { do: "retrieve", name: "a", remove: false },
    { do: "list" },
    { do: "getdump" },
    { do: "setdump", count: 1 },
  ];
  for (const request of requests) {
    deepEqual(ask(session, request), {
      messages: [{ body: "\x01", descriptors: [] }],
      closes: request.do === "store" ? [7] : [],
    });
  }
  deepEqual(store.list().map(({ name }) => name), ["a"]);
});

Deno.test("who may retrieve but not store may not remove", () => {
  const store = new Store(10);
  store.put(held("a", 5));
  const session = new Session(store, { ...NONE, mayRetrieve: (name) => name === "a" });
  equal(code(ask(session, { do: "retrieve", name: "a", remove: true })), 1);
  deepEqual(ask(session, { do: "retrieve", name: "a", remove: false }), {
    messages: [{ body: "\0", descriptors: [5] }],
    closes: [],
  });
});

Deno.test("a dump comes in messages of 255, replaces what has its names, and lets nothing else in between", () => {
  const store = new Store(1000);
  store.put(held("n3", 9000));
  const session = new Session(store, ALL);
  const dump = Array.from({ length: 600 }, (_, index) => held(`n${index}`, index));
  equal(ask(session, { do: "setdump", count: 600 }).messages[0]!.body, "\0\0\0\0\x03");
  throws(() => ask(session, { do: "list" }), ProtocolError);
  deepEqual(ask(session, { do: "dumped", dump: dump.slice(0, 255) }), {
    messages: [{ body: "\x0b", descriptors: [] }],
    closes: [9000],
  });
  equal(code(ask(session, { do: "dumped", dump: dump.slice(255, 510) })), 11);
  throws(() => ask(session, { do: "dumped", dump: dump.slice(255, 510) }), ProtocolError);
  equal(code(ask(session, { do: "dumped", dump: dump.slice(510) })), 0);
  equal(store.size, 600);
  const [first, ...parts] = ask(session, { do: "getdump" }).messages;
  equal(first!.body, "\0\0\0\0\x03\0\0\x02\x58");
  deepEqual(parts.map(({ descriptors }) => descriptors.length), [255, 255, 90]);
  deepEqual(new Set(parts.flatMap(parseDumpPart)), new Set(dump));
});

Deno.test("no sequence of requests loses a descriptor or closes one that is held", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Random(seed);
    const store = new Store(4);
    const session = new Session(store, ALL);
    let next = 100;
    const alive = new Set<number>();
    const name = (): ByteString => random.pick(["a", "b", "c", "d", "e", "f"]);
    const fresh = (): HeldDescriptor => {
      alive.add(next);
      return held(name(), next++);
    };
    for (let step = 0; step < 60; step++) {
      const request: Request = session.isBusy ? { do: "dumped", dump: [fresh()] } : random.pick<() => Request>([
        () => ({ do: "store", held: fresh() }),
        () => ({ do: "delete", name: name() }),
        () => ({ do: "retrieve", name: name(), remove: random.chance(0.5) }),
        () => ({ do: "setdump", count: random.pick([0, 1, 3, 5]) }),
        () => ({ do: "list" }),
      ])();
      const answer = ask(session, request);
      for (const fd of answer.closes) equal(alive.delete(fd), true, `seed ${seed}: ${fd} is closed twice`);
      deepEqual(new Set(store.list().map(({ fd }) => fd)), alive, `seed ${seed}`);
      equal(store.size <= store.capacity, true);
      if (request.do === "list") deepEqual(parseList(answer.messages[0]!), store.list().map((each) => each.name));
    }
  }
});

Deno.test("what has reached its limit goes, and the next limit is known", () => {
  const store = new Store(10);
  const [soon, later] = [limitAfter(NOW, 1500), limitAfter(NOW, 86_400_000)];
  for (const each of [held("a", 1), held("b", 2, later), held("c", 3, soon)]) store.put(each);
  equal(store.nextLimit(), soon);
  deepEqual(store.expire(limitAfter(NOW, 1499)), []);
  deepEqual(store.expire(limitAfter(NOW, 1500)).map(({ name }) => name), ["c"]);
  equal(store.nextLimit(), later);
  equal(isForEver(later, NOW), false);
  equal(isForEver(NEVER, NOW), true);
});

Deno.test("a limit is written as a stamp and read again to the last bit", () => {
  for (const limit of [NEVER, limitAt(NOW), limitAfter(NOW, 999)]) equal(parseLimit(limitText(limit)), limit);
  equal(parseLimit(`${limitText(NEVER)}rest`), NEVER);
  equal(parseLimit("@40"), undefined);
});
