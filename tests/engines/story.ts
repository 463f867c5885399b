// What a story of the matrix is, and what stories do with a container.

import { equal } from "node:assert/strict";
import { collect } from "../../scripts/container_process.ts";
import type { ContainerEnd } from "../../scripts/engine.ts";
import type { EngineSubject } from "./column.ts";
import { BOOTED } from "./matrix_image.ts";

/** Starts a container with the options of the story. */
type EngineStarting = (...command: readonly string[]) => Promise<EngineSubject>;

export interface EngineStory {
  /** What people do, in a few words; its row in the table. */
  readonly name: string;
  /** Behind `docker run`. */
  readonly options: readonly string[];
  /** What is asserted: a sentence without a full stop. */
  readonly checks: string;
  /** All of standard input, for -i without -t. */
  readonly stdin?: string;
  readonly play: (start: EngineStarting) => Promise<void>;
}

/** Until the boot is over and the container as it should be. */
export async function whenHealthy(subject: EngineSubject): Promise<void> {
  // Before that, what is entered may not have its root yet.
  await subject.printed(BOOTED);
  const line = "until s6-overlay healthy >/dev/null 2>&1; do :; done";
  await printedBy(subject, line);
}

/** Runs a line of a shell in it, as `docker exec` does. */
export async function sh(subject: EngineSubject, line: string, options?: readonly string[]): Promise<ContainerEnd> {
  return await collect(await subject.entering(["sh", "-c", line], options));
}

/** The same for a line that must end with 0, and returns what it prints. */
export async function printedBy(subject: EngineSubject, line: string, options?: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await sh(subject, line, options);
  equal(code, 0, `${line}\n${stdout}${stderr}\nthe container: ${subject.stdout}${subject.stderr}`);
  return stdout.trim();
}

/** The end that `docker stop` brings: in order, with code 0, long before the engine would kill. */
export async function stopsInOrder(subject: EngineSubject): Promise<void> {
  const { code, stdout, stderr, milliseconds } = await subject.stop(SECONDS);
  const text = `${stdout}${stderr}`;
  equal(code, 0, text);
  for (const line of ["web ends", "finish script", "KILL signal and exiting."]) equal(text.includes(line), true, text);
  equal(milliseconds < SECONDS * 500, true, `the stop took ${milliseconds} ms`);
}

/** What an engine waits until it kills. */
export const SECONDS = 30;
