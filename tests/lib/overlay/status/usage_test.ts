import { deepEqual } from "node:assert/strict";
import { processOwners, usageOfServices, type UsingProcess } from "../../../../lib/overlay/status/usage.ts";

/** Processes by pid: parent and session. */
type Tree = Readonly<Record<number, readonly [parent: number, session: number]>>;

function processes(tree: Tree): UsingProcess[] {
  const ticks = { user: 10, system: 20, childUser: 30, childSystem: 40 };
  return Object.entries(tree).map(([pid, [parent, session]]) => ({
    pid: Number(pid),
    parent,
    session,
    resident: 2,
    ticks,
  }));
}

const CASES: Readonly<Record<string, readonly [Tree, services: number[], owners: Record<number, number>]>> = {
  "its own process": [{ 1: [0, 1], 10: [1, 10] }, [10], { 10: 10 }],
  "children and their children": [
    { 1: [0, 1], 10: [1, 10], 11: [10, 10], 12: [11, 10] },
    [10],
    { 10: 10, 11: 10, 12: 10 },
  ],
  "a descendant with a session of its own": [
    { 1: [0, 1], 10: [1, 10], 11: [10, 11], 12: [11, 11] },
    [10],
    { 10: 10, 11: 10, 12: 10 },
  ],
  "an orphan in its session": [{ 1: [0, 1], 10: [1, 10], 11: [1, 10] }, [10], { 10: 10, 11: 10 }],
  "what an orphan in its session has started": [
    { 1: [0, 1], 10: [1, 10], 11: [1, 10], 12: [11, 12], 13: [12, 12] },
    [10],
    { 10: 10, 11: 10, 12: 10, 13: 10 },
  ],
  "not an orphan that has left its session": [{ 1: [0, 1], 10: [1, 10], 11: [1, 11] }, [10], { 10: 10 }],
  "not what another service below it has": [
    { 1: [0, 1], 10: [1, 10], 20: [10, 20], 21: [20, 20], 22: [21, 22] },
    [10, 20],
    { 10: 10, 20: 20, 21: 20, 22: 20 },
  ],
  "not another service in its session": [
    { 1: [0, 1], 10: [1, 10], 20: [10, 10], 21: [20, 10] },
    [10, 20],
    { 10: 10, 20: 20, 21: 20 },
  ],
  "not process 1 and what else it has started": [{ 1: [0, 1], 10: [1, 10], 5: [1, 5], 6: [5, 5], 7: [0, 0] }, [10], {
    10: 10,
  }],
  "not a circle that a table read in pieces may have": [{ 10: [1, 10], 11: [12, 9], 12: [11, 9] }, [10], { 10: 10 }],
  "nothing of a service that is not seen": [{ 1: [0, 1] }, [10], {}],
};

for (const [what, [tree, services, owners]] of Object.entries(CASES)) {
  Deno.test(`to a service belongs ${what}`, () => {
    deepEqual(Object.fromEntries(processOwners(processes(tree), new Set(services))), owners);
    // In whatever order they are listed.
    deepEqual(Object.fromEntries(processOwners(processes(tree).reverse(), new Set(services))), owners);
  });
}

Deno.test("memory is that of all processes, processor time that of ended children too", () => {
  const listed = processes({ 1: [0, 1], 10: [1, 10], 11: [10, 10], 20: [1, 20] });
  deepEqual(Object.fromEntries(usageOfServices(listed, new Set([10, 20, 30]), 4096)), {
    10: { memory: 4 * 4096, cpu: 2 },
    20: { memory: 2 * 4096, cpu: 1 },
  });
});
