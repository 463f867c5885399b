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
  private readonly waits = new Set<Wait>();

  constructor(private readonly find: (name: ByteString) => ServiceView | undefined) {}

  /** Calls back, at once or later, when no service of these is pending any more. */
  add(wait: Wait): Cancel {
    this.waits.add(wait);
    this.settle(wait);
    return () => void this.waits.delete(wait);
  }

  /** Something has changed. */
  check(): void {
    for (const wait of [...this.waits]) this.settle(wait);
  }

  clear(): void {
    this.waits.clear();
  }

  private settle(wait: Wait): void {
    const failed: ByteString[] = [];
    for (const name of wait.names) {
      const verdict = judgeCondition(this.find(name), wait.condition);
      if (verdict === "pending") return;
      if (verdict === "failed") failed.push(name);
    }
    if (this.waits.delete(wait)) wait.callback(failed);
  }
}
