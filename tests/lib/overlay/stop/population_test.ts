import { deepEqual, equal, ok } from "node:assert/strict";
import type { Cancel } from "../../../../lib/os/os.ts";
import { Population } from "../../../../lib/overlay/stop/population.ts";
import { OsError } from "../../../../lib/report.ts";
import { SIGNAL } from "../../../../lib/signals.ts";

interface Someone {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

/** 1 is process 1; 10 a service, 11 its child; 20 a logger, 21 its child, 22 a process it has set free. */
const PEOPLE: readonly Someone[] = [
  { pid: 1, parent: 0, session: 1 },
  { pid: 10, parent: 1, session: 10 },
  { pid: 11, parent: 10, session: 10 },
  { pid: 20, parent: 1, session: 20 },
  { pid: 21, parent: 20, session: 20 },
  { pid: 22, parent: 20, session: 22 },
];

interface World {
  readonly population: Population;
  readonly told: string[];
  /** They end, and their parents take it in. */
  gone(...pids: number[]): void;
  /** They end, and are not reaped. */
  end(...pids: number[]): void;
  join(...someone: Someone[]): void;
  /** The descriptors that are watched, by pid. */
  readonly watched: ReadonlyMap<number, () => void>;
  readonly timers: (() => void)[];
  /** At processes in /proc. */
  readonly looks: { count: number };
}

function world(own: number, kernel: "tells" | "does not tell" | "hides all" = "tells"): World {
  let people = [...PEOPLE];
  const told: string[] = [];
  const looks = { count: 0 };
  const reaped = new Set<() => void>();
  const watched = new Map<number, () => void>();
  const timers: (() => void)[] = [];
  const population = new Population(
    {
      pid: own,
      kill: (pid, signal) => {
        if (signal !== 0) told.push(`${signal} to ${pid}`);
        return pid === -1 ? people.length > 1 : people.some((someone) => someone.pid === pid);
      },
      openProcess: (pid) => {
        if (kernel !== "tells") throw new OsError("watch process", `${pid}`, "ENOSYS", "Function not implemented");
        return people.some((someone) => someone.pid === pid) ? pid : undefined;
      },
      hasChild: (child) => people.some(({ pid, parent }) => parent === own && (child < 0 || child === pid)),
      close: (fd) => ok(!watched.has(fd)),
      listDirectory: (path) => {
        if (kernel === "hides all") throw new OsError("open", path, "EMFILE", "Too many open files");
        return ["self", ...people.map(({ pid }) => `${pid}`)];
      },
      readFile: (path) => {
        looks.count++;
        const someone = people.find(({ pid }) => path.startsWith(`/proc/${pid}/`));
        if (someone === undefined) throw new OsError("open", path, "ENOENT", "No such file or directory");
        const { pid, parent, session } = someone;
        equal(path, `/proc/${pid}/stat`, "nothing else of a process is looked at");
        return `${pid} (a) b) S ${parent} ${pid} ${session} 0`;
      },
    },
    {
      after: (_, callback) => {
        timers.push(callback);
        return () => void timers.splice(0, timers.length, ...timers.filter((timer) => timer !== callback));
      },
      watch: (fd, _, callback) => {
        watched.set(fd, callback);
        return () => void watched.delete(fd);
      },
    },
    (callback): Cancel => {
      reaped.add(callback);
      return () => void reaped.delete(callback);
    },
  );
  const end = (...pids: number[]): void => pids.forEach((pid) => watched.get(pid)?.());
  const gone = (...pids: number[]): void => {
    people = people.filter(({ pid }) => !pids.includes(pid));
    end(...pids);
    for (const callback of [...reaped]) callback();
  };
  const join = (...someone: Someone[]): void => void people.push(...someone);
  return { population, told, gone, end, join, watched, timers, looks };
}

Deno.test("process 1 signals all processes with one call", () => {
  const { population, told } = world(1);
  population.signal([SIGNAL.TERM]);
  deepEqual(told, ["15 to -1"]);
});

Deno.test("sessions that are spared get no signal", () => {
  const { population, told } = world(1);
  population.signal([SIGNAL.TERM], new Set([20]));
  deepEqual(told, ["15 to 10", "15 to 11", "15 to 22"]);
});

Deno.test("several signals go to all processes, or to those that are not spared, one after the other", () => {
  const { population, told } = world(1);
  population.signal([SIGNAL.HUP, SIGNAL.TERM]);
  population.signal([SIGNAL.HUP, SIGNAL.TERM], new Set([20, 22]));
  deepEqual(told, ["1 to -1", "15 to -1", "1 to 10", "1 to 11", "15 to 10", "15 to 11"]);
});

Deno.test("a crowd stands still while it is told whom a signal goes to", () => {
  const { population, told, join } = world(1);
  join(...Array.from({ length: 300 }, (_, at): Someone => ({ pid: 100 + at, parent: 1, session: 20 })));
  population.signal([SIGNAL.TERM], new Set([20]));
  deepEqual(told, ["19 to -1", "15 to 10", "15 to 11", "15 to 22", "18 to -1"]);
});

Deno.test("process 1 has all stand still with one call, and those go on that are spared", () => {
  const { population, told, gone } = world(1);
  population.halt(new Set([20]));
  deepEqual(told.splice(0), ["19 to -1", "18 to -20", "18 to 20", "18 to 21"]);
  population.halt();
  deepEqual(told.splice(0), ["19 to -1"]);
  gone(10, 11, 22);
  population.halt(new Set([20]));
  deepEqual(told, [], "no other is there");
});

Deno.test("another process has nobody stand still: it cannot do so with one call", () => {
  const { population, told } = world(20);
  population.halt();
  deepEqual(told, []);
});

Deno.test("a wait looks at no more processes than it takes to find one that lives", () => {
  const { population, looks } = world(1);
  population.whenGone(1000, () => {}, { spared: () => new Set([20]) });
  equal(looks.count, 1);
});

Deno.test("any other process signals its descendants only, and spares sessions too", () => {
  const { population, told } = world(20);
  population.signal([SIGNAL.TERM]);
  population.signal([SIGNAL.KILL], new Set([20]));
  deepEqual(told, ["15 to 21", "15 to 22", "9 to 22"]);
});

Deno.test("a wait for all but those spared ends with the last of the others", () => {
  const { population, gone } = world(1);
  let over = 0;
  population.whenGone(1000, () => over++, { spared: () => new Set([20]) });
  gone(10, 11);
  equal(over, 0);
  const left = population.survivors(new Set([20])).map(({ pid, session, name }) => ({ pid, session, name }));
  deepEqual(left, [{ pid: 22, session: 22, name: "a) b" }]);
  gone(22);
  equal(over, 1);
  deepEqual(population.survivors(new Set([20])), []);
  population.whenGone(1000, () => over++);
  equal(over, 1);
  gone(20, 21);
  equal(over, 2);
});

Deno.test("a stranger in the container is waited for, and nobody is looked at while he lives", () => {
  const { population, gone, join, watched, timers } = world(1);
  let over = 0;
  gone(10, 11, 20, 21, 22);
  join({ pid: 30, parent: 0, session: 30 });
  population.whenGone(1000, () => over++);
  deepEqual([...watched.keys()], [30]);
  equal(timers.length, 1, "only the bound");
  join({ pid: 31, parent: 0, session: 31 });
  gone(30);
  deepEqual([[...watched.keys()], over], [[31], 0]);
  gone(31);
  deepEqual([[...watched.keys()], over, timers.length], [[], 1, 0]);
});

Deno.test("one who has ended is not waited for, though his parent outside has not taken it in", () => {
  const { population, gone, join, end } = world(1);
  let over = 0;
  gone(10, 11, 20, 21, 22);
  join({ pid: 30, parent: 0, session: 30 }, { pid: 31, parent: 0, session: 31 });
  population.whenGone(1000, () => over++);
  end(30);
  equal(over, 0);
  end(31);
  equal(over, 1);
});

Deno.test("a child that has ended is waited for until it has been reaped, and so is what that leads to", () => {
  const { population, gone, join, end } = world(1);
  let over = 0;
  gone(10, 11, 21, 22);
  population.whenGone(1000, () => over++);
  end(20);
  equal(over, 0);
  // Its finish script.
  join({ pid: 30, parent: 1, session: 30 });
  gone(20);
  equal(over, 0);
  gone(30);
  equal(over, 1);
});

Deno.test("where the kernel does not tell when a process ends, it is looked at again and again", () => {
  const { population, gone, timers } = world(20, "does not tell");
  let over = 0;
  population.whenGone(1000, () => over++);
  const look = (): void => timers.at(-1)!();
  look();
  gone(21);
  look();
  equal(over, 0);
  gone(22);
  deepEqual([over, timers.length], [1, 0]);
});

Deno.test("who is born while the others are killed is killed as well", () => {
  const { population, gone, join, told } = world(20);
  let over = 0;
  population.whenGone(1000, () => over++, { signal: SIGNAL.KILL });
  deepEqual(told, ["9 to 21", "9 to 22"]);
  join({ pid: 23, parent: 20, session: 23 });
  gone(21, 22);
  deepEqual([told.slice(2), over], [["9 to 23"], 0]);
  gone(23);
  equal(over, 1);
});

Deno.test("where /proc cannot be read process 1 signals all, and waits until one call tells that nobody is left", () => {
  const { population, told, gone, timers } = world(1, "hides all");
  population.signal([SIGNAL.TERM], new Set([20]));
  let over = 0;
  population.whenGone(1000, () => over++, { signal: SIGNAL.KILL });
  deepEqual([told, population.survivors()], [["15 to -1", "9 to -1"], []]);
  gone(10, 11);
  timers.at(-1)!();
  equal(over, 0);
  gone(20, 21, 22);
  deepEqual([over, timers.length], [1, 0]);
});

Deno.test("where /proc cannot be read any other process signals nobody, and waits for its children", () => {
  const { population, told, gone } = world(20, "hides all");
  population.signal([SIGNAL.KILL]);
  let over = 0;
  population.whenGone(1000, () => over++, { signal: SIGNAL.KILL });
  gone(21);
  deepEqual([told, over], [[], 0]);
  gone(22);
  equal(over, 1);
});
