// An engine as the matrix of stories sees it: a container is started with the words of a command line, as people type them
// behind `docker run`, and the engine does what they say, or cannot.

import type { Container } from "../../scripts/engine.ts";

/** What the matrix has a column for, in its order. */
export const ENGINES = ["docker + runc", "podman + runc", "podman + crun", "plain namespaces"] as const;

export type EngineName = typeof ENGINES[number];

/** Thrown for what an engine, or this machine, does not do: no fault of the overlay. */
export class Cannot extends Error {}

/** What a story has of a container. */
export interface EngineSubject extends Container, AsyncDisposable {
  /**
   * The command that runs a command in it.
   * @param options of `docker exec`
   */
  entering(argv: readonly string[], options?: readonly string[]): Promise<readonly string[]>;
  /** What `docker restart` does; the container from then on is what it returns. */
  restart(seconds: number): Promise<EngineSubject>;
  /** What its health check has found at last: "starting", "healthy" or "unhealthy". */
  health(): Promise<string>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Until the engine has started it again by itself, as often as this, and it has ended. */
  restartedByEngine(times: number): Promise<void>;
}

export interface EngineStart {
  /** Those of `docker run`. */
  readonly options: readonly string[];
  readonly command: readonly string[];
  /** All of standard input. */
  readonly stdin?: string;
}

export interface Column extends AsyncDisposable {
  readonly name: EngineName;
  /** What it is made of, with its versions. */
  versions(): Promise<readonly string[]>;
  start(start: EngineStart): Promise<EngineSubject>;
}

/** The value of an option that is given as two words; undefined without one. */
export function wordBehind(options: readonly string[], name: string): string | undefined {
  const at = options.indexOf(name);
  return at < 0 ? undefined : options[at + 1];
}
