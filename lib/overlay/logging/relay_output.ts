// One output of the relay: what is in an outbox goes there as the output takes it. Moved by the kernel where it can be,
// so that what has gone is no longer in the outbox, whatever becomes of this process; else written and then taken away,
// so that a relay that is killed in between leaves a piece to be written twice, and none to be lost.

import type { Cancel, Os, Reactor } from "../../os/os.ts";
import type { Outlet, PipeEnds, Pipes } from "../../os/parts.ts";
import { isErrno, OsError, textOf } from "../../report.ts";

interface RelayOutputPorts {
  readonly os: Pick<Os, "read" | "fstat">;
  readonly pipes: Pick<Pipes, "move" | "look" | "held">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  readonly mirror: PipeEnds;
  readonly nothing: number;
  readonly buffer: Uint8Array<ArrayBuffer>;
  readonly openOutlet: (fd: number) => Outlet;
  readonly warn: (text: string) => void;
}

/** Milliseconds until the next try, where the system says that there is room and then takes nothing. */
const REST = 20;

export class RelayOutput {
  private outlet: Outlet | undefined;
  private waiting: Cancel | undefined;
  private isWoken = false;
  /** How much there is in the outbox. */
  private left = 0;
  private isLosing = false;

  /** @param onRoom called when there may be room again */
  constructor(
    private readonly ports: RelayOutputPorts,
    private readonly outbox: number,
    private readonly fd: number,
    private readonly onRoom: () => void,
  ) {
    // What else there is may wait when it is moved to: terminals, sockets.
    if (!["fifo", "file"].includes(ports.os.fstat(fd).kind)) this.outlet = ports.openOutlet(fd);
  }

  get isEmpty(): boolean {
    return this.left === 0;
  }

  /** So much has been put into the outbox, which was empty. */
  isFilled(size: number): void {
    this.left = size;
  }

  /** True if the outbox is empty now. */
  pour(): boolean {
    if (this.waiting !== undefined) return false;
    while (this.left > 0) {
      const given = this.give(this.left);
      if (given === 0) return this.wait();
      this.left -= given;
      this.isWoken = false;
    }
    return true;
  }

  private give(left: number): number {
    try {
      const given = this.outlet === undefined
        ? this.ports.pipes.move(this.outbox, this.fd, left)
        : this.write(this.outlet);
      this.isLosing &&= given === 0;
      return given;
    } catch (error) {
      if (isErrno(error, "EAGAIN", "EINTR")) return 0;
      if (!(error instanceof OsError)) throw error;
      // A file that is appended to, and whatever else cannot be moved to.
      if (this.outlet !== undefined || !isErrno(error, "EINVAL")) return this.lose(error, left);
      this.outlet = this.ports.openOutlet(this.fd);
      return this.write(this.outlet);
    }
  }

  private write(outlet: Outlet): number {
    const { os, pipes, mirror, buffer } = this.ports;
    const size = pipes.look(this.outbox, mirror, buffer);
    const written = outlet.write(buffer.subarray(0, size));
    for (let at = 0; at < written;) at += os.read(this.outbox, buffer.subarray(at, written));
    return written;
  }

  /** As any other process that writes there would, but it goes on. */
  private lose(error: OsError, left: number): number {
    const { pipes, nothing, warn } = this.ports;
    // A reader that has gone knows it.
    if (!this.isLosing && error.errno !== "EPIPE") {
      warn(`what is printed on descriptor ${this.fd} is lost: ${textOf(error)}`);
    }
    this.isLosing = true;
    return pipes.move(this.outbox, nothing, left);
  }

  private wait(): false {
    const { reactor } = this.ports;
    const go = (isWoken: boolean): void => {
      this.waiting?.();
      this.waiting = undefined;
      this.isWoken = isWoken;
      this.onRoom();
    };
    const rest = (): Cancel => reactor.after(REST, () => go(false));
    try {
      const fd = this.outlet?.fd ?? this.fd;
      this.waiting = this.isWoken ? rest() : reactor.watch(fd, "write", () => go(true));
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      this.waiting = rest();
    }
    return false;
  }
}
