// What the tasks of a child of process 1 have in common: files read as a child may, and lines for the console.

import { rawBytes } from "../../lib/bytes.ts";
import type { OpenFlag } from "../../lib/os/operands.ts";
import type { Os } from "../../lib/os/os.ts";
import { throughDoor } from "../../lib/overlay/boot/copied_files.ts";
import { type PlainDoor, plainDoor } from "../../lib/overlay/boot/plain_door.ts";
import { isErrno } from "../../lib/report.ts";
import { type Reporter, reportLine } from "../../lib/reporter.ts";
import type { Context } from "../applet.ts";

export class TaskWork {
  readonly os: TaskOs;

  constructor(readonly context: Context) {
    const os = { ...context.os, openAt: patiently(context.os) };
    this.os = throughDoor({ ...os, door: plainDoor(os) });
  }

  readonly report: Reporter = (level, subject, text) =>
    this.context.os.writeAll(2, rawBytes(`${reportLine(level, subject, text)}\n`));
}

type TaskOs = Omit<Os, "door"> & { readonly door: PlainDoor };

/** Waits for the file if another process holds a lease on it. */
function patiently(os: Pick<Os, "openAt">): Os["openAt"] {
  return (directory, path, flags, mode) => {
    try {
      return os.openAt(directory, path, flags, mode);
    } catch (error) {
      if (!isErrno(error, "EAGAIN")) throw error;
      return os.openAt(directory, path, flags.filter((flag: OpenFlag) => flag !== "nonblocking"), mode);
    }
  };
}

/** Work in slices, for a process that has nothing else to do. */
export function toEnd<Result>(work: Generator<void, Result>): Result {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}
