// Writing without waiting: what a descriptor does not take at once is written as soon as it has room. What waits, and in
// which form, is for those to know who have something to say: text for a console, messages for a socket.

import type { Cancel, Reactor } from "./os/os.ts";

/** What is to be written. */
export interface Unsent {
  /** Undefined as long as it is to wait whatever there is room for. */
  readonly fd: number | undefined;
  readonly isEmpty: boolean;
  /** Writes some of it; false if there is no room for any. */
  send(): boolean;
  /** All of it is written. */
  sent?(): void;
}

/** Milliseconds until the next try, where the system says that there is room and then takes nothing. */
const REST = 20;

export class OutputQueue {
  private waiting: Cancel | undefined;
  private watched: number | undefined;

  constructor(private readonly reactor: Pick<Reactor, "watch" | "after">, private readonly unsent: Unsent) {}

  /** There is more to be written: it is, now or when what is before it has been. */
  added(): void {
    if (this.waiting === undefined) this.flush();
  }

  /** The descriptor has become another. */
  begin(): void {
    this.stop();
    this.flush();
  }

  /** Writes nothing until there is more, or it begins anew. */
  stop(): void {
    this.waiting?.();
    this.waiting = this.watched = undefined;
  }

  /** @param isWritable the system has said that there is room */
  private flush(isWritable = false): void {
    const { unsent } = this;
    if (unsent.fd === undefined) return;
    for (let isSpurious = isWritable; !unsent.isEmpty; isSpurious = false) {
      if (!unsent.send()) return isSpurious ? this.rest() : this.watch(unsent.fd);
    }
    this.stop();
    unsent.sent?.();
  }

  private watch(fd: number): void {
    if (this.watched === fd) return;
    this.stop();
    try {
      this.waiting = this.reactor.watch(fd, "write", () => this.flush(true));
      this.watched = fd;
    } catch {
      this.rest();
    }
  }

  private rest(): void {
    this.stop();
    this.waiting = this.reactor.after(REST, () => {
      this.waiting = undefined;
      this.flush();
    });
  }
}
