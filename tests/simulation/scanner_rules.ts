// What must hold for a scanner at any time, seen from outside: processes, descriptors, waits, and what it says of itself.

import assert from "node:assert/strict";
import type { Condition, ServiceView } from "../../lib/supervise/ports.ts";
import { CATCH_ALL } from "../../lib/supervise/scan.ts";
import type { Scanner } from "../../lib/supervise/scanner_port.ts";
import type { Node } from "./disk.ts";
import type { Premises } from "./premises.ts";
import type { World } from "./world.ts";

export interface ScannerLimits {
  readonly capacity: number | undefined;
  readonly longestName: number | undefined;
}

/** As many services as there may be, unless it is said otherwise. */
const ROOM = 500;

interface Wait {
  readonly condition: Condition;
  readonly names: readonly string[];
  over: boolean;
}

export class ScannerRules {
  private readonly waits: Wait[] = [];

  constructor(
    private readonly world: World,
    private readonly premises: Premises,
    private readonly scanner: Scanner,
    private readonly options: ScannerLimits,
  ) {}

  /** Has the scanner tell when the services meet the condition. */
  wait(condition: Condition, names: readonly string[] | undefined): void {
    const all = this.scanner.services().filter(({ isLogger }) => !isLogger).map(({ name }) => name);
    const wait: Wait = { condition, names: names ?? all, over: false };
    this.waits.push(wait);
    this.scanner.when(condition, () => {
      assert(!wait.over, "a wait ends once");
      wait.over = true;
    }, names);
  }

  checkOpen(): void {
    const opened = [...this.world.open.values()].filter((open) => "node" in open && open.node !== this.premises.null);
    const supervised = this.scanner.services().filter((view) => view.supervised);
    assert.equal(opened.length, 3 + 3 * supervised.length, "what is open");
  }

  /** Each process is known by one supervisor, and no directory has two. */
  checkProcesses(): void {
    const homes = new Set<Node>();
    const pids = new Map<number, ServiceView>();
    for (const view of this.scanner.services()) {
      if (view.pid === 0) continue;
      assert(!pids.has(view.pid), "no two services with one process");
      pids.set(view.pid, view);
      const process = this.world.crowd.processes.get(view.pid);
      assert.equal(process?.script, view.up || process?.starting ? "run" : "finish", view.name);
    }
    for (const { pid, script, home, name } of this.world.crowd.processes.values()) {
      if (script.startsWith(".")) continue;
      assert(!homes.has(home), "a service has one process at a time");
      homes.add(home);
      assert.equal(pids.get(pid)?.name, name, "every process is known");
    }
  }

  checkWaits(): void {
    const views = this.scanner.services();
    for (const { condition, names, over } of this.waits) {
      // A directory that was renamed keeps its first name, and another may have come by that name since.
      const pending = names.some((name) => {
        const named = views.filter((view) => view.name === name);
        return named.length > 1 || isPending(named[0], condition);
      });
      assert(over || pending, `a wait that nothing keeps from its end: ${names.join()} ${condition}`);
    }
  }

  /** Every supervisor has ended, but that of a catch-all logger that is kept. */
  isOver(loggersLast: boolean | undefined): boolean {
    return this.scanner.services().every((view) => !view.supervised || loggersLast && view.name === CATCH_ALL);
  }

  /** What is there is supervised, or waits for its supervisor, if there is room. */
  checkScan(isRoomSince: boolean): void {
    const views = this.scanner.services();
    const known = new Set(views.map(({ directory }) => this.world.files.node(directory)));
    const services = views.filter(({ isLogger, name }) => !isLogger || name === CATCH_ALL).length;
    const { capacity = ROOM, longestName = 251 } = this.options;
    for (const [name, node] of this.premises.services()) {
      if (name.length > longestName) continue;
      assert(known.has(node) || services >= capacity || isRoomSince && capacity !== ROOM, `${name} has been seen`);
    }
    assert(services <= capacity, "no more services than there is room for");
  }
}

function isPending(view: ServiceView | undefined, condition: Condition): boolean {
  if (view === undefined || !view.supervised) return false;
  if (condition === "gone") return true;
  if (condition === "down") return view.up;
  if (condition === "finished") return view.pid !== 0;
  return !view.failed && !(view.up && (condition === "up" || view.ready));
}
