// Telling listeners about events: a directory of fifos, one made by each listener, as s6's ftrig programs have it. The
// whole string goes to each of them in one write, and nobody is ever waited for.

import type { ByteString } from "../bytes.ts";
import { rawBytes } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { isErrno } from "../report.ts";

const PREFIX = "ftrig1:@";
/** "ftrig1:@", 24 hexadecimal digits, ":" and 6 random characters. */
const NAME_LENGTH = 39;

type PublishOs = Pick<Os, "listDirectory" | "open" | "write" | "close" | "unlink">;

/** True for the name of a listener's fifo. */
export function isListener(name: ByteString): boolean {
  return name.length === NAME_LENGTH && name.startsWith(PREFIX);
}

/**
 * Sends the events, one letter each, to every listener of the directory and returns how many got them. Fifos that
 * nobody reads any more are removed; a listener whose fifo is full misses the events.
 * @throws OsError if the directory cannot be read
 */
export function publish(os: PublishOs, directory: ByteString, letters: ByteString): number {
  let reached = 0;
  for (const name of os.listDirectory(directory)) {
    if (isListener(name) && notify(os, `${directory}/${name}`, letters)) reached++;
  }
  return reached;
}

function notify(os: PublishOs, fifo: ByteString, letters: ByteString): boolean {
  try {
    const fd = os.open(fifo, ["write", "nonblocking"]);
    try {
      return os.write(fd, rawBytes(letters)) === letters.length;
    } finally {
      os.close(fd);
    }
  } catch (error) {
    if (isErrno(error, "ENXIO", "EPIPE")) removeStale(os, fifo);
    return false;
  }
}

function removeStale(os: PublishOs, fifo: ByteString): void {
  try {
    os.unlink(fifo);
  } catch {
    // Its listener, or another notifier, may have removed it in the meantime; if we may not, it stays.
  }
}
