// What a process does that is to be kept as a checkpoint (lib/os/checkpoint.ts): it runs some programs without a
// caller, so that processes that go on from it find prepared what an engine prepares when code runs for the first time.

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

/** A logger with all that it does: lines, stamps, rotation. */
const LOGGERS = ["t", "T"];
const LINES = new TextEncoder().encode("a line of a service's, as long as they are\n".repeat(150));
const LOGGED = "/rehearsal";

/** Often enough that the engine remembers what it has seen. */
const ROUNDS = 12;

class Ended extends Error {}

/** What is done about the process's memory (lib/os/settled_memory.ts). */
interface Memory {
  collectAll(): void;
  fillOld(): void;
  clearYoung(): void;
  fillHoles(): void;
}

type SystemOf = (caller: Caller) => System;
type Run = (system: System) => Promise<void>;

/**
 * Runs them one after the other, and once more when garbage is collected: the engine forgets with it a part of what it
 * knew.
 * @param prefix the directory of the program, where one for the logger is made and removed again
 * @param systemOf makes the system of a process with that caller
 * @param run does what one of our processes does
 */
export async function rehearse(prefix: ByteString, systemOf: SystemOf, run: Run, memory: Memory): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await rehearseOnce(prefix, systemOf, run);
  memory.collectAll();
  await rehearseOnce(prefix, systemOf, run);
  memory.fillOld();
  memory.clearYoung();
  memory.fillHoles();
}

async function rehearseOnce(prefix: ByteString, systemOf: SystemOf, run: Run): Promise<void> {
  const call = (argv: readonly ByteString[]): Promise<void> => rehearseCall(systemOf(callerOf(argv, prefix)), run);
  for (const argv of CALLS) await call(argv);
  const { os } = systemOf(callerOf([], prefix));
  const directory = prefix + LOGGED;
  for (const stamp of LOGGERS) {
    const before = os.duplicate(0);
    const { read, write } = os.pipe();
    os.writeAll(write, LINES);
    os.close(write);
    os.duplicateOnto(read, 0);
    os.close(read);
    await call(["s6-log", stamp, "n2", "s4096", directory]);
    os.duplicateOnto(before, 0);
    os.close(before);
    for (const name of os.listDirectory(directory)) os.unlink(`${directory}/${name}`);
    os.removeDirectory(directory);
  }
}

async function rehearseCall({ caller, os }: System, run: Run): Promise<void> {
  const end = (): never => {
    throw new Ended();
  };
  try {
    // What is found on the machine that builds, such as a state directory elsewhere, must not stay.
    const inert = { exit: { value: end }, execute: { value: end }, moveState: { value: () => {} } };
    await run({ caller, os: Object.defineProperties(os, inert) });
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  }
}

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
