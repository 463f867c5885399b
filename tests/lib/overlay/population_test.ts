import { deepEqual, equal } from "node:assert/strict";
import type { Cancel } from "../../../lib/os/os.ts";
import { Population } from "../../../lib/overlay/population.ts";
import { OsError } from "../../../lib/report.ts";
import { SIGNAL } from "../../../lib/signals.ts";

interface Someone {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

/** 1 is process 1; 10 a service, 11 its child; 20 a logger, 21 its child, 22 somebody it has set free. */
const PEOPLE: readonly Someone[] = [
  { pid: 1, parent: 0, session: 1 },
  { pid: 10, parent: 1, session: 10 },
  { pid: 11, parent: 10, session: 10 },
  { pid: 20, parent: 1, session: 20 },
  { pid: 21, parent: 20, session: 20 },
  { pid: 22, parent: 20, session: 22 },
];

function world(own: number): { population: Population; told: string[]; gone: (...pids: number[]) => void } {
  let people = [...PEOPLE];
  const told: string[] = [];
  const reaped = new Set<() => void>();
  const population = new Population(
    {
      pid: own,
      kill: (pid, signal) => {
        if (signal !== 0) told.push(`${signal} to ${pid}`);
        return pid === -1 ? people.length > 1 : people.some((someone) => someone.pid === pid);
      },
      listDirectory: () => ["self", ...people.map(({ pid }) => `${pid}`)],
      readFile: (path) => {
        const someone = people.find(({ pid }) => path.startsWith(`/proc/${pid}/`));
        if (someone === undefined) throw new OsError("open", path, "ENOENT", "No such file or directory");
        const { pid, parent, session } = someone;
        return path.endsWith("/stat") ? `${pid} (a) b) S ${parent} ${pid} ${session} 0` : `program\0${pid}\0`;
      },
    },
    { after: () => () => {} },
    (callback): Cancel => {
      reaped.add(callback);
      return () => void reaped.delete(callback);
    },
  );
  const gone = (...pids: number[]): void => {
    people = people.filter(({ pid }) => !pids.includes(pid));
    for (const callback of [...reaped]) callback();
  };
  return { population, told, gone };
}

Deno.test("process 1 signals everybody with one call", () => {
  const { population, told } = world(1);
  population.signal(SIGNAL.TERM);
  deepEqual(told, ["15 to -1"]);
});

Deno.test("sessions that are spared get no signal", () => {
  const { population, told } = world(1);
  population.signal(SIGNAL.TERM, new Set([20]));
  deepEqual(told, ["15 to 10", "15 to 11", "15 to 22"]);
});

Deno.test("any other process signals its descendants only, and spares sessions too", () => {
  const { population, told } = world(20);
  population.signal(SIGNAL.TERM);
  population.signal(SIGNAL.KILL, new Set([20]));
  deepEqual(told, ["15 to 21", "15 to 22", "9 to 22"]);
});

Deno.test("a wait for all but those spared ends with the last of the others", () => {
  const { population, gone } = world(1);
  let over = 0;
  population.whenGone(1000, () => over++, () => new Set([20]));
  gone(10, 11);
  equal(over, 0);
  deepEqual(population.survivors(new Set([20])), [{ pid: 22, command: "program 22" }]);
  gone(22);
  equal(over, 1);
  deepEqual(population.survivors(new Set([20])), []);
  population.whenGone(1000, () => over++);
  equal(over, 1);
  gone(20, 21);
  equal(over, 2);
});
