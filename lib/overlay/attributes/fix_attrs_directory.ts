// fix-attrs.d, all of it, as a child of process 1 applies it: each file's rules, with the console lines of v2.

import type { ByteString } from "../../bytes.ts";
import { OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { applyRules, type FixPorts } from "./fix_attrs.ts";
import type { PlainDoor } from "../boot/plain_door.ts";
import { userDirectory } from "../boot/user_directories.ts";

/** The most that a file of rules, or of accounts, may hold, in bytes. */
const MOST_BYTES = 8 * 1024 * 1024;

interface FixDirectoryPorts {
  readonly os: FixPorts;
  readonly door: Pick<PlainDoor, "readWhole">;
  /** Prints on standard output and standard error. */
  readonly print: (text: ByteString) => void;
  readonly report: Reporter;
}

/**
 * Applies the rules of files of fix-attrs.d in turn. What cannot be read, or fails, is reported, and the others are
 * applied.
 */
export function applyDirectory(ports: FixDirectoryPorts, names: readonly ByteString[], hidden: boolean): void {
  const { door, print, report } = ports;
  // Accounts too: another user may have put a fifo there.
  const os: FixPorts = { ...ports.os, readFile: (path) => door.readWhole(path, MOST_BYTES) };
  for (const name of names) {
    print(`[fix-attrs.d] ${name}: applying... \n`);
    let code = 1;
    try {
      const text = door.readWhole(`${userDirectory("fix-attrs.d")}/${name}`, MOST_BYTES);
      const warn = (line: ByteString): void => report("warning", "fix-attrs", `${name}: ${line}`);
      const work = applyRules(os, text, { hidden, warn });
      let next = work.next();
      while (!next.done) next = work.next();
      code = next.value;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      report("fatal", "fix-attrs", textOf(error));
    }
    print(`[fix-attrs.d] ${name}: exited ${code}.\n`);
  }
}
