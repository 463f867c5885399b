// What the compiler says while it works: who wants to hear it gives the level from which on it is said.

import type { ByteString } from "../bytes.ts";

/** Verbosity as the programs take it with -v: each level adds lines to those of the lower ones. */
export const VERBOSITY = { fatal: 0, warnings: 1, steps: 2, services: 3, names: 4 } as const;

/**
 * Takes a line.
 * @param verbosity the level from which on it is for people
 */
export type Progress = (verbosity: number, level: "info" | "warning" | "tracing", text: ByteString) => void;
