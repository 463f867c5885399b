// What a process does that is to be kept as a checkpoint (lib/os/checkpoint.ts): it runs some programs for nobody, so that those
// who go on from it find prepared what an engine prepares when code runs for the first time.

import type { ByteString } from "../lib/bytes.ts";
import type { Caller } from "../lib/os/caller.ts";
import type { Os } from "../lib/os/os.ts";

interface System {
  readonly caller: Caller;
  readonly os: Os;
}

/** Each of them ends without having changed anything, and says nothing. */
const CALLS: readonly (readonly ByteString[])[] = [
  ["s6-true"],
  ["s6-echo", "-n", ""],
  ["s6-test", "-e", "/"],
  ["eltest", "-e", "/"],
  ["execlineb", "-Pc", ""],
  ["execlineb", "-Pc", "export A b importas -D c D A emptyenv s6-true"],
  ["s6-svstat", "/dev"],
  ["exit", "1"],
];

/** Often enough that the engine remembers what it has seen. */
const ROUNDS = 3;

class Ended extends Error {}

function callerOf(argv: readonly ByteString[], prefix: ByteString): Caller {
  return {
    executed: `${prefix}/launcher`,
    argv,
    env: ["PATH=/command:/usr/bin:/bin"],
    blockedSignals: 0n,
    pipeSignalIgnored: false,
    closed: [],
    openFiles: { soft: 1024n, hard: 4096n },
    lowLimits: new Map(),
    results: [],
    prefix,
  };
}

/**
 * Runs them one after the other.
 * @param systemOf makes the system of a process with that caller
 * @param run does what a process of ours does
 */
export async function rehearse(
  prefix: ByteString,
  systemOf: (caller: Caller) => System,
  run: (system: System) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const argv of CALLS) {
      const { caller, os } = systemOf(callerOf(argv, prefix));
      const end = (): never => {
        throw new Ended();
      };
      try {
        await run({ caller, os: Object.defineProperties(os, { exit: { value: end }, execute: { value: end } }) });
      } catch (error) {
        if (!(error instanceof Ended)) throw error;
      }
    }
  }
}
