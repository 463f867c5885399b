// How a server says that it listens: with a newline on its standard output, which it then leaves for good.

import { rawBytes } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { OsError } from "../../lib/report.ts";

/**
 * Tells that clients may come, where that is wanted. A process that waits for the end of our output is not kept
 * waiting.
 */
export function leaveStdout(os: Os, notifies: boolean): void {
  try {
    if (notifies) os.write(1, rawBytes("\n"));
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
  }
  if (!os.isOpen(1)) return;
  // The number must not become that of a client, and the runtime has a copy of its own.
  const { device, inode } = os.fstat(1);
  const nothing = os.open("/dev/null", ["write"]);
  for (const fd of os.listDirectory("/proc/self/fd").map(Number)) {
    if (fd === 0 || fd === 2 || !os.isOpen(fd)) continue;
    const status = os.fstat(fd);
    if (status.device !== device || status.inode !== inode) continue;
    os.duplicateOnto(nothing, fd);
    os.setCloseOnExec(fd, true);
  }
  os.close(nothing);
}
