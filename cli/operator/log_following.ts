// Following logs: new lines are printed as they are written, until there is no reader or the process is ended.

import type { DirectoryFiles } from "../../lib/overlay/logs/directory_files.ts";
import type { DirectoryWatches } from "../../lib/os/parts.ts";
import type { Reactor } from "../../lib/os/os.ts";
import { isErrno, unlessRefused } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import type { Context } from "../applet.ts";

/** How often a directory is looked at that cannot be watched, in milliseconds. */
const POLL = 500;

/** Reads on in a log for a while; true where there is more. */
type Changed = (which: number) => boolean;

/** Watches that see what happens from now on; undefined for a directory that cannot be watched. */
export class LogWatches {
  private readonly watched: readonly (number | undefined)[];

  constructor(private readonly watches: DirectoryWatches, directories: readonly DirectoryFiles[]) {
    // By its descriptor: whatever has its name by now, it is the directory that is read.
    const watch = ({ directory }: DirectoryFiles): number => watches.watchDirectory(`/proc/self/fd/${directory}`);
    this.watched = directories.map((files) => unlessRefused(() => watch(files)));
  }

  /** @param changed gets the number of a directory in which something may have happened */
  begin(reactor: Pick<Reactor, "watch" | "after">, changed: Changed): void {
    const busy = new Set<number>();
    const turn = (which: number): void => {
      if (busy.has(which) || !changed(which)) return;
      // The others have their turn before it goes on.
      busy.add(which);
      reactor.after(0, () => {
        busy.delete(which);
        turn(which);
      });
    };
    for (const [which, fd] of this.watched.entries()) {
      // Something may have happened since it was read.
      turn(which);
      if (fd === undefined) this.poll(reactor, () => turn(which));
      else {
        reactor.watch(fd, "read", () => {
          this.watches.readChanges(fd);
          turn(which);
        });
      }
    }
  }

  private poll(reactor: Pick<Reactor, "after">, turn: () => void): void {
    reactor.after(POLL, () => {
      turn();
      this.poll(reactor, turn);
    });
  }
}

/** Calls back for each directory in which something has happened, until there is no reader of our output. */
export function followLogs(context: Context, watches: LogWatches, changed: Changed): void {
  const loop = context.reactor();
  // A reader of our output that has gone shows as an error of write.
  loop.onSignal(SIGNAL.PIPE, () => {});
  // The writing end of a pipe can never be read, but it gets an event when the last reader goes.
  if (unlessRefused(() => context.os.fstat(1).kind) === "fifo") loop.watch(1, "read", () => loop.stop());
  try {
    watches.begin(loop, changed);
    loop.run();
  } catch (error) {
    if (!isErrno(error, "EPIPE")) throw error;
  }
}
