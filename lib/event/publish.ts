// Telling listeners about events: a directory of fifos, one made by each listener, as s6's ftrig programs have it. The
// whole string goes to each of them in one write, and none is ever waited for.

import type { ByteString } from "../bytes.ts";
import { rawBytes } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { isErrno, OsError } from "../report.ts";

const PREFIX = "ftrig1:@";
/** "ftrig1:@", 24 hexadecimal digits, ":" and 6 random characters. */
const NAME_LENGTH = 39;

/** More entries of a directory are ignored: a user who may put them there does not keep the notifier busy. */
const MOST_ENTRIES = 1000;

export type PublishOs = Pick<Os, "write" | "close"> & {
  readonly door: Pick<Os["door"], "listHead" | "openFifo" | "remove">;
};

/** True for the name of a listener's fifo. */
export function isListener(name: ByteString): boolean {
  return name.length === NAME_LENGTH && name.startsWith(PREFIX);
}

/**
 * Sends the events, one letter each, to every listener of a held directory and returns how many got them. Fifos that
 * no process reads any more are removed; a listener whose fifo is full misses the events.
 * @param failed takes the error about a listener that could not be reached, or about what has a listener's name and is
 * not a fifo
 * @throws OsError if the directory cannot be read
 */
export function publish(
  os: PublishOs,
  directory: number,
  letters: ByteString,
  failed: (error: OsError) => void = () => {},
): number {
  let reached = 0;
  for (const name of os.door.listHead(".", MOST_ENTRIES, directory)) {
    if (isListener(name) && notify(os, directory, name, letters, failed)) reached++;
  }
  return reached;
}

function notify(
  os: PublishOs,
  directory: number,
  name: ByteString,
  letters: ByteString,
  failed: (error: OsError) => void,
): boolean {
  try {
    const fd = os.door.openFifo(name, directory);
    try {
      return os.write(fd, rawBytes(letters)) === letters.length;
    } finally {
      os.close(fd);
    }
  } catch (error) {
    if (isErrno(error, "ENXIO", "EPIPE")) removeStale(os, directory, name);
    else if (error instanceof OsError && !isFull(error) && error.errno !== "ENOENT") failed(error);
    return false;
  }
}

function isFull({ action, errno }: OsError): boolean {
  return action === "write" && errno === "EAGAIN";
}

function removeStale(os: PublishOs, directory: number, name: ByteString): void {
  try {
    os.door.remove(name, directory);
  } catch {
    // Its listener, or another notifier, may have removed it in the meantime; if we may not, it stays.
  }
}
