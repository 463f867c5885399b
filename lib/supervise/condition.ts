// Waiting until services are up, ready, down: what s6-svwait does, within the same process.

import type { ByteString } from "../bytes.ts";
import type { Cancel } from "../os/os.ts";
import { hasReached, isUpward, type Standing } from "./goal.ts";
import type { Condition, ServiceView } from "./ports.ts";

type Verdict = "met" | "pending" | "failed";

/** How a service stands to a condition; undefined is a service that is not there. */
export function judgeCondition(view: ServiceView | undefined, condition: Condition): Verdict {
  const isThere = view !== undefined && view.supervised;
  if (condition === "gone") return isThere ? "pending" : "met";
  if (!isThere) return isUpward(condition) ? "failed" : "met";
  if (hasReached(condition, standingOf(view))) return "met";
  return view.failed && isUpward(condition) ? "failed" : "pending";
}

/** One that is about to start has not finished, though its supervisor still calls it ready. */
function standingOf({ up, ready, pid }: ServiceView): Standing {
  return { up, ready: up ? ready : pid === 0 };
}

interface Wait {
  readonly condition: Condition;
  readonly names: readonly ByteString[];
  readonly callback: (failed: readonly ByteString[]) => void;
}

export class Waits {
  /** Each with the first of its services that is pending: nothing but a change of that one can end it. */
  private readonly pending = new Map<Wait, ByteString>();
  /** The same by service: many may be waited for at a time, each by itself. */
  private readonly byService = new Map<ByteString, Set<Wait>>();

  constructor(private readonly find: (name: ByteString) => ServiceView | undefined) {}

  /** Calls back, at once or later, when no service of these is pending any more. */
  add(wait: Wait): Cancel {
    this.settle(wait);
    return () => void this.remove(wait);
  }

  /** Something has changed: of this service, or of which services there are. */
  check(changed?: ByteString): void {
    const concerned = changed === undefined ? this.pending.keys() : this.byService.get(changed) ?? [];
    // One that is called back may end others.
    for (const wait of [...concerned]) if (this.remove(wait)) this.settle(wait);
  }

  clear(): void {
    this.pending.clear();
    this.byService.clear();
  }

  private settle(wait: Wait): void {
    const failed: ByteString[] = [];
    for (const name of wait.names) {
      const verdict = judgeCondition(this.find(name), wait.condition);
      if (verdict === "pending") return this.keep(wait, name);
      if (verdict === "failed") failed.push(name);
    }
    wait.callback(failed);
  }

  private keep(wait: Wait, name: ByteString): void {
    this.pending.set(wait, name);
    const others = this.byService.get(name);
    if (others === undefined) this.byService.set(name, new Set([wait]));
    else others.add(wait);
  }

  /** False if it was not waiting. */
  private remove(wait: Wait): boolean {
    const name = this.pending.get(wait);
    if (name === undefined) return false;
    this.pending.delete(wait);
    const others = this.byService.get(name)!;
    others.delete(wait);
    if (others.size === 0) this.byService.delete(name);
    return true;
  }
}
