// Closing what others have sent to. The last close of a socket also closes what clients have sent to it and nobody has
// received. That may be a connection of the internet that waits for its other end (SO_LINGER) as long as its sender, any
// user, wants, and our own close would do that wait. So another process gets the socket too, and its end is the last close:
// that of a process that ends waits for nothing.

import { ProcessImage } from "../image/image.ts";
import type { Os, Reactor } from "../os/os.ts";
import { Failure, OsError } from "../report.ts";
import type { Start } from "./start.ts";

export interface ClosingPorts {
  readonly os: Pick<Os, "close" | "pipe">;
  readonly reactor: Pick<Reactor, "after">;
  readonly start: Start;
}

/** Ends at the end of its standard input. */
const WAITER = "/command/s6-cat";
/** Milliseconds until a start that the system had no room for is tried again. */
const START_AGAIN = 1000;

/** The other process has them until we have closed ours: it waits for the end of a pipe. */
export function closeElsewhere(ports: ClosingPorts, descriptors: readonly number[]): void {
  const { os, reactor, start } = ports;
  const by = "s6-svscan";
  let ends: ReturnType<Os["pipe"]> | undefined;
  try {
    ends = os.pipe();
    const waiter = ProcessImage.of([WAITER]).step({ by, do: "copy", from: ends.read, to: 0 });
    start(
      descriptors.reduce((image, from, index) => image.step({ by, do: "copy", from, to: 3 + index }), waiter),
      { ended: () => {} },
    );
    for (const fd of descriptors) os.close(fd);
  } catch (error) {
    if (!(error instanceof OsError || error instanceof Failure)) throw error;
    reactor.after(START_AGAIN, () => closeElsewhere(ports, descriptors));
  } finally {
    for (const fd of ends === undefined ? [] : [ends.read, ends.write]) os.close(fd);
  }
}
