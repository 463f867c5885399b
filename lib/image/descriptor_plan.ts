// The descriptor steps of an image, prepared: files are opened now, under private numbers that close on exec; what
// lands on which number is left as a list of actions to do just before the program starts. So this process's own
// descriptors (the runtime holds some) are never overwritten while it still has work to do.

import type { DescriptorAction, Os } from "../os/os.ts";
import { isErrno, OsError } from "../report.ts";
import { LinkError } from "./follow.ts";
import type { ProcessImage } from "./image.ts";
import type { Step } from "../os/step.ts";

export type DescriptorPorts = Pick<Os, "open" | "close" | "duplicate" | "isInherited" | "setNonBlocking">;

/** Private numbers begin here, out of the way of those that scripts use. */
const PRIVATE = 128;

/** A step that puts something on a number. */
type Landing = Step & { readonly do: "open" | "copy" | "move" };

export class DescriptorPlan {
  readonly actions: DescriptorAction[] = [];
  /** What a number will be once the actions are done: one of our descriptors, or closed. */
  private readonly table = new Map<number, number | "closed">();
  private readonly opened: number[] = [];
  /** What has put something on a number. */
  private readonly causes = new Map<number, Landing>();

  constructor(private readonly os: DescriptorPorts) {}

  /** Takes in one step; steps that are not about descriptors are left to the caller. */
  add(step: Step, image: ProcessImage): void {
    try {
      if (step.do === "open") this.open(step, image);
      else if (step.do === "copy") this.copy(step);
      else if (step.do === "close") this.closed(step.fd);
      else if (step.do === "move" && step.from !== step.to) {
        this.copy(step);
        // One of our own numbers, which scripts do not know, has served its purpose.
        if (step.given) this.closed(step.from);
        else this.opened.push(step.from);
      }
    } catch (error) {
      throw step.do === "copy" || step.do === "move" ? failureOf(step, error) : new LinkError(step.by, error);
    }
  }

  /** Carries out one of the ends: its failure is that of the step that asked for it. */
  carryOut<T>(action: DescriptorAction, work: () => T): T {
    try {
      return work();
    } catch (error) {
      const cause = action.do === "dup2" ? this.causes.get(action.to) : undefined;
      throw cause === undefined ? error : failureOf(cause, error);
    }
  }

  private open(step: Step & { do: "open" }, image: ProcessImage): void {
    const path = image.resolve(step.path);
    const fd = this.openFile(path, step);
    if (step.blocking !== undefined) this.os.setNonBlocking(fd, !step.blocking);
    this.land(this.makePrivate(fd), step.fd, step);
  }

  private openFile(path: string, step: Step & { do: "open" }): number {
    try {
      return this.os.open(path, step.flags, step.mode);
    } catch (error) {
      if (!isErrno(error, "ENXIO") || !step.flags.includes("write")) throw error;
      // A fifo without a reader: with one of our own for a moment the non-blocking open succeeds.
      const reader = this.os.open(path, ["read", "nonblocking"]);
      try {
        return this.os.open(path, step.flags, step.mode);
      } finally {
        this.os.close(reader);
      }
    }
  }

  private copy(step: Step & { do: "copy" | "move" }): void {
    const { from, to, given } = step;
    const source = this.table.get(from) ?? (given && !this.os.isInherited(from) ? "closed" : from);
    // Copied even if it is ours already, so that each action has a source no earlier action overwrites.
    const fd = source === "closed" ? this.os.duplicate(-1) : this.duplicate(source);
    this.opened.push(fd);
    this.land(fd, to, step);
  }

  private makePrivate(fd: number): number {
    if (fd >= PRIVATE) {
      this.opened.push(fd);
      return fd;
    }
    const copy = this.duplicate(fd);
    this.os.close(fd);
    this.opened.push(copy);
    return copy;
  }

  private duplicate(fd: number): number {
    try {
      return this.os.duplicate(fd, PRIVATE);
    } catch (error) {
      // Less than PRIVATE descriptors are allowed here: any free number will have to do.
      if (isErrno(error, "EINVAL")) return this.os.duplicate(fd, 3);
      throw error;
    }
  }

  private land(fd: number, to: number, cause: Landing): void {
    this.causes.set(to, cause);
    this.actions.push({ do: "dup2", from: fd, to });
    this.table.set(to, fd);
  }

  private closed(fd: number): void {
    this.actions.push({ do: "close", fd });
    this.table.set(fd, "closed");
  }

  /** What the actions come to: one for each number. */
  ends(): readonly DescriptorAction[] {
    return [...this.table].map(([to, end]) =>
      end === "closed" ? { do: "close", fd: to } : { do: "dup2", from: end, to }
    );
  }

  /** Closes the private descriptors but those that these actions need: the child has its own by now, or this process has. */
  release(pending: readonly DescriptorAction[] = []): void {
    const needed = new Set(pending.map((action) => action.do === "dup2" ? action.from : -1));
    for (const fd of this.opened.splice(0)) if (!needed.has(fd)) this.os.close(fd);
  }
}

/** In the words that a plan has for it (lib/os/operation.ts): by the numbers that the step names, and not our private ones. */
function failureOf(step: Landing, error: unknown): LinkError {
  if (!(error instanceof OsError)) return new LinkError(step.by, error);
  const [action, object] = step.do === "open"
    ? ["open", step.path] as const
    : [`${step.do} descriptor`, `${step.from} to ${step.to}`] as const;
  return new LinkError(step.by, error.about(action, object));
}
