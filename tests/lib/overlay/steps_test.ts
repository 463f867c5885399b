import { deepEqual, equal } from "node:assert/strict";
import { attempt, drive, type Steps, until } from "../../../lib/overlay/steps.ts";

type Timers = (() => void)[];

function reactor(timers: Timers): { after: (milliseconds: number, callback: () => void) => () => void } {
  return { after: (_, callback) => (timers.push(callback), () => void timers.splice(timers.indexOf(callback), 1)) };
}

Deno.test("a wait that cannot begin is an error of the sequence, which may go on", () => {
  const told: string[] = [];
  function* steps(): Steps<string> {
    try {
      yield* until(() => {
        throw new Error("cannot begin");
      });
    } catch (error) {
      told.push((error as Error).message);
    }
    return yield* until<string>((resume) => resume("end"));
  }
  drive(steps(), (value) => told.push(value), () => told.push("error"));
  deepEqual(told, ["cannot begin", "end"]);
});

Deno.test("a wait is over once", () => {
  let resumeFirst = (): void => {};
  const told: number[] = [];
  function* steps(): Steps<void> {
    for (let turn = 0; turn < 2; turn++) {
      yield* until<void>((resume) => turn === 0 ? resumeFirst = resume : undefined);
      told.push(turn);
    }
  }
  drive(steps(), () => told.push(-1), () => told.push(-2));
  resumeFirst();
  resumeFirst();
  deepEqual(told, [0]);
});

const PARTS: Readonly<Record<string, () => Steps<void>>> = {
  // deno-lint-ignore require-yield
  "throws at once": function* (): Steps<void> {
    throw new Error("it failed");
  },
  "cannot wait": function* (): Steps<void> {
    yield* until(() => {
      throw new Error("it failed");
    });
  },
  "throws when it goes on": function* (): Steps<void> {
    yield* until<void>((resume) => resume());
    throw new Error("it failed");
  },
};

for (const [how, part] of Object.entries(PARTS)) {
  Deno.test(`what comes behind a part that ${how} is done`, () => {
    const told: string[] = [];
    const timers: Timers = [];
    function* steps(): Steps<void> {
      yield* attempt(reactor(timers), 10, part, (error) => told.push((error as Error).message));
      told.push("next");
    }
    drive(steps(), () => told.push("end"), () => told.push("error"));
    deepEqual([told, timers.length], [["it failed", "next", "end"], 0]);
  });
}

Deno.test("a part that takes too long is left where it is", () => {
  const told: string[] = [];
  const timers: Timers = [];
  let resumePart = (): void => {};
  function* part(): Steps<void> {
    yield* until<void>((resume) => resumePart = resume);
    told.push("too late");
  }
  function* steps(): Steps<void> {
    yield* attempt(reactor(timers), 10, part, () => told.push("error"));
  }
  drive(steps(), () => told.push("end"), () => {});
  equal(told.length, 0);
  timers[0]!();
  resumePart();
  deepEqual(told, ["end"]);
});
