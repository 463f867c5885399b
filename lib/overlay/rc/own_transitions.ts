// Transitions that process 1 makes itself: a longrun by its own scanner, a oneshot by a child, a step of generation 2 as the
// sequence that it is. Many go on at once.

import type { ByteString } from "../../bytes.ts";
import type { Environment } from "../../environment.ts";
import { ProcessImage } from "../../image/image.ts";
import type { Cancel, Os } from "../../os/os.ts";
import type { Move } from "../../rc/change.ts";
import { type Ending, failing } from "../../rc/ending.ts";
import type { AtomicService, Graph, Oneshot } from "../../rc/graph.ts";
import { EXIT, exitCodeOf, textOf } from "../../report.ts";
import { SIGNAL } from "../../signals.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import { exitCode, shellCode } from "../../wait_status.ts";
import { durationInWords } from "../durations.ts";
import type { ScriptPorts } from "../scripts.ts";
import { drive, type Steps } from "../steps.ts";
import type { Laying } from "./laying.ts";
import type { OwnMover } from "./own_change.ts";

/** Both ways of a step; each tells if it has succeeded. */
export interface OwnStep {
  readonly up: () => Steps<boolean>;
  readonly down: () => Steps<boolean>;
}

interface OwnTransitionPorts extends ScriptPorts {
  readonly os: ScriptPorts["os"] & Pick<Os, "monotonic">;
  readonly scanner: Pick<Scanner, "command" | "when" | "services" | "knows">;
  /** The environment of scripts. */
  readonly tree: Environment;
  /** Where they run. */
  readonly directory: ByteString;
  /** A longrun can tell when it is ready. */
  readonly notifies: (name: ByteString) => boolean;
  /** The oneshots that are steps of our own. */
  readonly steps: ReadonlyMap<ByteString, OwnStep>;
  /** Service directories that are not there yet. */
  readonly laying: Pick<Laying, "isOver" | "next">;
}

interface Moving {
  readonly cancel: Cancel;
  /** What is done beside when its time is over. */
  late: () => void;
  readonly ended: (ending: Ending) => void;
}

const BY_TERM: Ending = { how: "crashed", signal: SIGNAL.TERM };
/** What the programs end with that s6-rc runs for a transition. */
const TIMED_OUT = { longrun: 99, oneshot: 111 } as const;
const FAILED_FOR_GOOD = 1;
const SUCCEEDED: Ending = { how: "succeeded" };

export class OwnTransitions implements OwnMover {
  private readonly moving = new Map<number, Moving>();

  constructor(private readonly ports: OwnTransitionPorts, private readonly graph: Graph) {}

  start(number: number, move: Move, limit: number, ended: (ending: Ending) => void): void {
    const service = this.graph.services[number]!;
    if (move === "up" && this.isToCome(service)) {
      const cancel = this.ports.laying.next(() => this.start(number, move, limit, ended));
      return void this.moving.set(number, { cancel, late: () => {}, ended });
    }
    let isOver = false;
    const cancels: Cancel[] = [];
    const cancel = (): void => cancels.splice(0).forEach((cancel) => cancel());
    const end = (ending: Ending): void => {
      if (isOver) return;
      isOver = true;
      cancel();
      this.moving.delete(number);
      ended(ending);
    };
    const leave = (): void => {
      isOver = true;
      cancel();
    };
    const moving: Moving = { cancel: leave, late: () => {}, ended };
    this.moving.set(number, moving);
    moving.late = this.begin(service, move, cancels, end);
    if (isOver) return cancel();
    if (limit === 0) return;
    const late = (): void => {
      moving.late();
      const text = `timed out: service ${service.name} had ${durationInWords(limit)}`;
      end(failing("s6-rc", text, TIMED_OUT[service.kind]));
    };
    this.after(limit, () => move === "up" ? this.timeAskedFor(service.name) : 0, cancels, late);
  }

  /** Its time does not run yet. */
  private isToCome({ kind, name }: AtomicService): boolean {
    const { scanner, laying } = this.ports;
    return kind === "longrun" && !laying.isOver && !scanner.knows(name);
  }

  /**
   * Calls `late` when the time is over. What has been asked for by then is granted: nothing wakes up before.
   * @param time milliseconds
   * @param more how many milliseconds are still asked for
   * @param cancels gets what ends the wait
   */
  private after(time: number, more: () => number, cancels: Cancel[], late: () => void): void {
    const over = (): void => {
      const left = more();
      if (left > 0) timer = this.ports.reactor.after(left, over);
      else late();
    };
    let timer = this.ports.reactor.after(time, over);
    cancels.push(() => timer());
  }

  /** The milliseconds for which a longrun has told that its start is still to be waited for. */
  private timeAskedFor(name: ByteString): number {
    const { scanner, os } = this.ports;
    const until = scanner.services().find((view) => view.name === name)?.service?.startsUntil ?? 0;
    return Math.max(0, until - os.monotonic());
  }

  abort(number: number): void {
    const moving = this.moving.get(number);
    if (moving === undefined) return;
    this.moving.delete(number);
    moving.cancel();
    moving.late();
    moving.ended(BY_TERM);
  }

  bringDown(number: number): void {
    this.ports.scanner.command(this.nameOf(number), { on: "downForLong" });
  }

  awaited(number: number, move: Move): string {
    const service = this.graph.services[number]!;
    const { kind, name } = service;
    if (move === "up" && this.isToCome(service)) return "waiting for its service directory to be laid";
    if (kind === "oneshot") return "waiting for its script to end";
    if (move === "down") return "waiting for it to be down";
    return this.ports.notifies(name) ? "waiting for it to tell that it is ready" : "waiting for its run to start";
  }

  /** @returns what is done beside when its time is over */
  private begin(service: AtomicService, move: Move, cancels: Cancel[], end: (ending: Ending) => void): () => void {
    const step = this.ports.steps.get(service.name);
    if (step !== undefined && move !== "reload") {
      const { abandon } = drive(
        step[move](),
        (fine) => end(fine ? SUCCEEDED : failedWith(FAILED_FOR_GOOD)),
        (error) => end(failing(service.name, textOf(error), exitCodeOf(error))),
      );
      cancels.push(abandon);
      return () => {};
    }
    if (service.kind === "oneshot") return this.script(service, move, end);
    this.longrun(service.name, move, cancels, end);
    return () => {};
  }

  private longrun(name: ByteString, move: Move, cancels: Cancel[], end: (ending: Ending) => void): void {
    const { scanner, notifies } = this.ports;
    const known = scanner.command(name, { on: move === "up" ? "upForLong" : "downForLong" });
    if (!known) return end(move === "up" ? failing("s6-svc", `no supervisor for ${name}`, EXIT.system) : SUCCEEDED);
    const goal = move === "down" ? "finished" : notifies(name) ? "ready" : "up";
    cancels.push(
      scanner.when(goal, ({ length }) => end(length === 0 ? SUCCEEDED : failedWith(FAILED_FOR_GOOD)), [name]),
    );
  }

  /** One that runs on when its time is over gets TERM, as with s6-sudod; a stop waits for it, and no other. */
  private script(service: Oneshot, move: Move, end: (ending: Ending) => void): () => void {
    const { os, tree, directory, start, report } = this.ports;
    const argv = service[move];
    if (argv.length === 0) {
      end(SUCCEEDED);
      return () => {};
    }
    const image = ProcessImage.of(argv, tree.with([["RC_NAME", service.name]]))
      .step({ do: "directory", by: "s6-rc", path: directory });
    try {
      let isOver = false;
      const { pid } = start(image, service.name, {
        ended: (status, failure) => {
          isOver = true;
          const code = failure === undefined ? shellCode(status) : exitCode(status) ?? exitCodeOf(failure);
          end(code === 0 ? SUCCEEDED : failedWith(code));
        },
      });
      const terminate = (): void => {
        if (!isOver) { for (const signal of [SIGNAL.TERM, SIGNAL.CONT]) os.kill(pid, signal); }
      };
      return terminate;
    } catch (error) {
      report("fatal", service.name, textOf(error));
      end(failedWith(exitCodeOf(error)));
      return () => {};
    }
  }

  private nameOf(number: number): ByteString {
    return this.graph.services[number]!.name;
  }
}

function failedWith(code: number): Ending {
  return { how: "failed", code };
}
