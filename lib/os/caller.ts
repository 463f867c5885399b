// What our caller gave us, as the launcher wrote it down before the runtime started: arguments, environment, and the
// process attributes that a runtime start destroys. See cli/launcher/launcher.c for the writing side.

import { type ByteString, byteString } from "../bytes.ts";
import { EXIT, Failure } from "../report.ts";
import { decodeEnded, type Ended } from "./ended.ts";
import { checked } from "./failed_call.ts";
import { addressOf, syscall } from "./libc.ts";
import type { Limits, Resource } from "./operands.ts";
import { SYS } from "./syscall_numbers.ts";

/** The process as it was handed to the launcher. */
export interface Caller {
  /** The file that was executed, as execve was given it; a script's own path if we are its interpreter. */
  readonly executed: ByteString;
  readonly argv: readonly ByteString[];
  /** NAME=value words. */
  readonly env: readonly ByteString[];
  /** Signal n was blocked if bit n-1 is set. */
  readonly blockedSignals: bigint;
  readonly pipeSignalIgnored: boolean;
  /** Descriptors among 0, 1 and 2 that were closed; the runtime has put /dev/null there. */
  readonly closed: readonly number[];
  /** What programs are started with; the runtime has its own. */
  openFiles: Limits;
  /** Limits under which the runtime would end: the launcher has raised them, and programs are started with these. */
  readonly lowLimits: ReadonlyMap<Resource, Limits>;
  /** How the children have ended that it has already started in our place (cli/launcher/ask.c). */
  readonly results: readonly Ended[];
  /** Where the overlay is installed: the directory of launcher and program. */
  readonly prefix: ByteString;
}

const VERSION = 4n;
const HEADER = 152;
/** In the launcher's order. */
const RAISED: readonly Resource[] = ["stack", "data", "addressSpace", "processes"];
const FIRST_RAISED = 16;

// Made when wanted: an error takes a picture of the stack, 4 ms in a process that has just started.
function orphan(): Failure {
  return new Failure(EXIT.system, "this program is started by its launcher only: run /init or a name in /command");
}

/** Where the overlay is installed. */
export function prefixOfProgram(): ByteString {
  return Deno.env.get("OVERLAY_PREFIX") ?? "/usr/lib/s6-overlay";
}

/** The descriptor of the launcher's record in a process that the launcher has executed; NaN where no launcher has. */
export function executedWith(): number {
  return Number(Deno.env.get("OVERLAY_IMAGE_FD") ?? NaN);
}

/**
 * Reads and closes the launcher's memfd, and goes back to the working directory that the launcher left.
 * @param fd its descriptor
 * @throws Failure if this program was not started by the launcher, OsError if what it left cannot be had
 */
export function readCaller(fd: number): Caller {
  const header = new Uint8Array(new ArrayBuffer(HEADER));
  if (!(fd >= 0)) throw orphan();
  if (checked(syscall(SYS.pread64, fd, addressOf(header), HEADER, 0), "read the launcher's record") !== HEADER) {
    throw orphan();
  }
  const fields = new BigUint64Array(header.buffer);
  if (fields[0] !== VERSION) throw new Failure(EXIT.system, "launcher and program are of different versions");
  const count = Number(fields[17]);
  const size = 16 * count + Number(fields[18]) + Number(fields[7]);
  const block = new Uint8Array(new ArrayBuffer(size));
  const address = addressOf(block);
  for (let at = 0; at < size;) {
    const got = checked(syscall(SYS.pread64, fd, address + at, size - at, HEADER + at), "read the launcher's record");
    if (got === 0) throw new Failure(EXIT.system, "the launcher's record is cut short");
    at += got;
  }
  syscall(SYS.close, fd);
  const directory = Number(BigInt.asIntN(64, fields[8]!));
  if (directory >= 0) {
    checked(syscall(SYS.fchdir, directory), "go back to the working directory");
    syscall(SYS.close, directory);
  }
  const { ended: results, end } = decodeEnded(block, count)!;
  const words = byteString(block.subarray(end)).split("\0");
  const argc = Number(fields[1]);
  const flags = Number(fields[4]);
  return {
    executed: words[0]!,
    argv: words.slice(1, 1 + argc),
    env: words.slice(1 + argc, 1 + argc + Number(fields[2])),
    blockedSignals: fields[3]!,
    pipeSignalIgnored: (flags & 8) !== 0,
    closed: [0, 1, 2].filter((descriptor) => (flags & (1 << descriptor)) !== 0),
    openFiles: { soft: fields[5]!, hard: fields[6]! },
    lowLimits: new Map(RAISED.flatMap((resource, index) => {
      if ((flags & (FIRST_RAISED << index)) === 0) return [];
      return [[resource, { soft: fields[9 + 2 * index]!, hard: fields[10 + 2 * index]! }]];
    })),
    results,
    prefix: prefixOfProgram(),
  };
}
