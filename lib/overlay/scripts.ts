// Running one script or command at a time and learning how it ended, for stages 2 and 3.

import type { ByteString } from "../bytes.ts";
import type { ProcessImage } from "../image/image.ts";
import type { Cancel, Os, Reactor } from "../os/os.ts";
import { exitCodeOf, textOf } from "../report.ts";
import type { Reporter } from "../reporter.ts";
import { SIGNAL } from "../signals.ts";
import type { ChildNews, StartedChild } from "../supervise/start.ts";
import { exitCode, killedBy, type WaitStatus } from "../wait_status.ts";
import { type Steps, until } from "./steps.ts";

/** What the stages need of PID 1 to run something. */
export interface ScriptPorts {
  readonly os: Pick<Os, "kill">;
  readonly reactor: Pick<Reactor, "after">;
  /**
   * Starts the image's command; throws Failure if it cannot be executed. One that turns out not to be executable says so
   * itself, under this name.
   */
  readonly start: (image: ProcessImage, name: ByteString, news: ChildNews) => StartedChild;
  /** Takes a line for standard error. */
  readonly report: Reporter;
}

/** Milliseconds that the death of a script may take which has been killed. */
const AFTERMATH = 500;

/** How a script ended. */
export type ScriptEnd =
  | { readonly kind: "ended"; readonly status: WaitStatus }
  /** It could not be started; `code` is 127 or 126. */
  | { readonly kind: "not started"; readonly code: number }
  /** It was killed because its time was up. */
  | { readonly kind: "overtime" };

/**
 * Runs the command of the image to its end, for at most the given number of milliseconds (0: as long as it takes).
 * @param name stands in the error line if it cannot be started
 */
export function* runScript(
  ports: ScriptPorts,
  name: ByteString,
  image: ProcessImage,
  limit = 0,
): Steps<ScriptEnd> {
  return yield* until<ScriptEnd>((resume) => {
    let cancel: Cancel | undefined;
    let ending: ScriptEnd | undefined;
    let over = false;
    const end = (): void => {
      cancel?.();
      if (!over) resume(ending!);
      over = true;
    };
    const ended = (status: WaitStatus, failure: Error | undefined): void => {
      ending ??= failure === undefined
        ? { kind: "ended", status }
        : { kind: "not started", code: exitCode(status) ?? exitCodeOf(failure) };
      end();
    };
    try {
      const { pid } = ports.start(image, name, { ended });
      if (limit === 0) return;
      cancel = ports.reactor.after(limit, () => {
        ending = { kind: "overtime" };
        ports.os.kill(pid, SIGNAL.KILL);
        // One that hangs in a file system is beyond any signal.
        cancel = ports.reactor.after(AFTERMATH, end);
      });
    } catch (error) {
      ports.report("fatal", name, textOf(error));
      ending = { kind: "not started", code: exitCodeOf(error) };
      end();
    }
  });
}

/** For the console: the number, and what has killed it, which the number alone does not tell people. */
export function exited(ending: ScriptEnd, code: number): string {
  if (ending.kind === "overtime") return `exited ${code} (killed as its time was over)`;
  const signal = ending.kind === "ended" ? killedBy(ending.status) : 0;
  return signal === 0 ? `exited ${code}` : `exited ${code} (killed by signal ${signal})`;
}

/** The number that v2 prints and records: the exit code, 256 + n for signal n, 127 or 126 if it was never started. */
export function recordedCode(ending: ScriptEnd): number {
  if (ending.kind === "overtime") return 99;
  if (ending.kind === "not started") return ending.code;
  return exitCode(ending.status) ?? 256 + killedBy(ending.status);
}
