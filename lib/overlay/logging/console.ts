// The console: what the overlay itself says on the container's standard output and error. Process 1 must never wait for
// a process that reads them, so a line that cannot be written at once waits its turn in memory.

import { type ByteString, rawBytes } from "../../bytes.ts";
import type { Cancel, Reactor } from "../../os/os.ts";
import type { Outlet } from "../../os/parts.ts";
import { OutputQueue, type Unsent } from "../../output_queue.ts";
import { printable } from "../../printable.ts";
import { isErrno, OsError } from "../../report.ts";

/** What a console keeps back for a reader that has stopped reading; beyond it the oldest lines are dropped. */
const MOST_KEPT = 256 * 1024;
/** Of that, so much stays: to drop a line at a time would copy all others each time. */
const LEFT = 192 * 1024;
const PAGE = 4096;

/**
 * The one way for a line of the overlay: what it quotes can neither end it nor reach a terminal as anything but text.
 */
export function printableLine(text: ByteString): ByteString {
  return `${printable(text)}\n`;
}

export class Console implements Unsent {
  private kept = "";
  private readonly queue: OutputQueue;
  private whenEmpty: (() => void) | undefined;
  private isLosing = false;
  /** Undefined while all waits in memory. */
  private outlet: Outlet | undefined;

  /**
   * @param onLoss learns why text is lost, once until some is written again; not of readers that have gone
   * @param formed gives the overlay's own lines another form
   */
  constructor(
    private readonly own: Outlet,
    reactor: Pick<Reactor, "watch" | "after">,
    private readonly onLoss: (error: OsError) => void = () => {},
    private readonly formed: (text: ByteString) => ByteString = (text) => text,
  ) {
    this.outlet = own;
    this.queue = new OutputQueue(reactor, this);
  }

  /** Where it is written now. */
  get fd(): number | undefined {
    return this.outlet?.fd;
  }

  get isEmpty(): boolean {
    return this.kept === "";
  }

  /** From now on everything goes to this outlet; undefined: it waits. */
  divert(outlet: Outlet | undefined): void {
    this.outlet = outlet;
    this.queue.begin();
  }

  /** From now on everything goes to the console's own outlet again, behind text that has its form. */
  resume(before: ByteString = ""): void {
    this.kept = before + this.kept;
    this.divert(this.own);
  }

  /** Writes text of the overlay's own, now if the reader takes it, else as soon as it does. */
  write(text: ByteString): void {
    this.pass(this.formed(text));
  }

  /** The same for text that has its form. */
  pass(text: ByteString): void {
    this.kept += text;
    if (this.kept.length > MOST_KEPT) this.kept = withoutFirstLines(this.kept);
    this.queue.added();
  }

  line(text: ByteString): void {
    this.write(printableLine(text));
  }

  /** Calls back once, when everything is written: now or as soon as the reader has taken it. */
  whenWritten(callback: () => void): Cancel {
    if (this.kept === "") {
      callback();
      return () => {};
    }
    this.whenEmpty = callback;
    return () => this.whenEmpty = undefined;
  }

  /** Drops what is not written yet: the descriptor is about to be closed. */
  close(): void {
    this.kept = "";
    this.queue.stop();
  }

  /** Writes a piece of what waits; false if there is no room for it. */
  send(): boolean {
    const taken = this.outlet === undefined ? 0 : this.take(this.outlet);
    this.kept = this.kept.slice(taken);
    return taken > 0;
  }

  sent(): void {
    const { whenEmpty } = this;
    this.whenEmpty = undefined;
    whenEmpty?.();
  }

  /** How much was taken; all of it, for a reader that has gone. */
  private take(outlet: Outlet): number {
    try {
      const taken = outlet.write(rawBytes(this.piece()));
      this.isLosing &&= taken === 0;
      return taken;
    } catch (error) {
      if (isErrno(error, "EAGAIN", "EINTR")) return 0;
      if (error instanceof OsError && error.errno !== "EPIPE") this.lose(error);
      return this.kept.length;
    }
  }

  private lose(error: OsError): void {
    if (this.isLosing) return;
    this.isLosing = true;
    this.onLoss(error);
  }

  /** A pipe that can be written takes a page without blocking, in one piece: whole lines, as others write there too. */
  private piece(): ByteString {
    const page = this.kept.slice(0, PAGE);
    return this.kept.length > PAGE ? page.slice(0, page.lastIndexOf("\n") + 1) || page : page;
  }
}

function withoutFirstLines(text: ByteString): ByteString {
  const rest = text.slice(-LEFT);
  return rest.slice(rest.indexOf("\n") + 1) || rest;
}
