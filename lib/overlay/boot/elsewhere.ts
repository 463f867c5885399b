// What process 1 does not read itself: what lies on another file system, which may not answer, and what another process
// holds a lease on. A child does, which process 1 does not depend on.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import { ProcessImage } from "../../image/image.ts";
import type { Environment } from "../../environment.ts";
import { isErrno } from "../../report.ts";
import { SIGNAL, signalName } from "../../signals.ts";
import { exitCode, killedBy } from "../../wait_status.ts";
import { runScript, type ScriptPorts } from "../scripts.ts";
import type { Steps } from "../steps.ts";

/** What a child is asked to do, by the first word of its command line; cli/overlay/prepare.ts does it. */
export type Task =
  | "list"
  | "provide"
  | "modes"
  | "services"
  | "fix-attrs"
  | "hook"
  | "command"
  | "first-words"
  | "compile"
  | "step"
  | "log-directory";

/** The program that has the tasks. */
export const TASKS_PROGRAM = "s6-overlay-prepare";

/** True for the door's answer to what a child has to read. */
export function isElsewhere(error: unknown): boolean {
  return isErrno(error, "EXDEV", "EAGAIN");
}

/** The command that does a task. */
export function taskCommand(task: Task, words: readonly ByteString[]): ByteString[] {
  return [`/command/${TASKS_PROGRAM}`, task, ...words];
}

/** Tasks that become a program of the image, which has lines of its own. */
const BECOMING: readonly string[] = ["hook", "command", "first-words"];

/** It does a task, and what it prints are lines of the overlay. */
export function isTask({ argv: [program, task = ""] }: Pick<ProcessImage, "argv">): boolean {
  return program === `/command/${TASKS_PROGRAM}` && !BECOMING.includes(task);
}

/**
 * Has a child do a task, at most for the given number of milliseconds (0: as long as it takes). True if it has
 * succeeded. One that hangs in a file system is not waited for when its time is up: it may be beyond any signal.
 * @param name stands in the line that says why it did not
 */
export function* haveDone(
  ports: ScriptPorts,
  name: ByteString,
  task: Task,
  words: readonly ByteString[],
  environment: Environment,
  limit = 0,
): Steps<boolean> {
  return (yield* codeOfTask(ports, name, taskImage(task, words, environment), limit)) === 0;
}

/** The child that does a task. */
export function taskImage(task: Task, words: readonly ByteString[], environment: Environment): ProcessImage {
  return ProcessImage.of(taskCommand(task, words), environment);
}

/** The same. @returns the exit code, or undefined if the child has not ended by itself; a line has said why then */
export function* codeOfTask(
  ports: ScriptPorts,
  name: ByteString,
  image: ProcessImage,
  limit = 0,
): Steps<number | undefined> {
  const ending = yield* runScript(ports, name, image, limit);
  if (ending.kind === "overtime") {
    ports.report("warning", name, `its file system has not answered in ${durationInWords(limit)}`);
  }
  if (ending.kind !== "ended") return undefined;
  const signal = killedBy(ending.status);
  // What is killed has said nothing itself. TERM is what the stop sends.
  if (signal !== 0 && signal !== SIGNAL.TERM) {
    const why = signal === SIGNAL.KILL ? ": the kernel does that where memory is short" : "";
    ports.report("fatal", name, `its process was killed by ${signalName(signal)}${why}`);
  }
  return exitCode(ending.status);
}
