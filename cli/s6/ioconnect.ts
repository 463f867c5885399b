// s6-ioconnect: joins its standard input and output to a connection, in both directions.

import { Stream } from "../../lib/log/stream.ts";
import { systemError } from "../../lib/errno.ts";
import type { Cancel, FileStatus, Os, Reactor } from "../../lib/os/os.ts";
import { isErrno, OsError, textOf } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { type Applet, type Context, utility } from "../applet.ts";

const SIZE = 64 * 1024;
const TIMED_OUT = 1;

export const ioconnect: Applet = utility({
  name: "s6-ioconnect",
  usage: "[ -t timeout ] [ -r fdr ] [ -w fdw ]",
  summary: "copy standard input to a connection, and the connection to standard output",
  help: {
    t: "end when nothing has come for this many milliseconds (default 0, never)",
    r: "the descriptor to read the connection from (default 6)",
    w: "the descriptor to write to the connection (default 7)",
  },
  ignored: "0167",
  exits: { 1: "nothing has come for so long" },
  options: "0167t:r:w:",
  least: 0,
  run: (context, { options }) => {
    const [from, to] = [options.number("r") ?? 6, options.number("w") ?? 7];
    return new Connection(context, options.number("t") ?? 0).run([[0, to], [from, 1]]);
  },
});

class Connection {
  private readonly reactor: Reactor;
  private cancelTimeout: Cancel = () => {};
  private open = 0;
  private code = 0;

  constructor(private readonly context: Context, private readonly timeout: number) {
    this.reactor = context.reactor();
  }

  run(ways: readonly (readonly [from: number, to: number])[]): number {
    const { os } = this.context;
    const ends = ways.map(([from, to]) => [endOf(os, from), endOf(os, to)] as const);
    // A reader that leaves is an error of the write, and concerns one way only.
    this.reactor.onSignal(SIGNAL.PIPE, () => {});
    this.wait();
    for (const [from, to] of ends) {
      this.open++;
      new Way(this.context, from, to, () => this.wait(), () => this.ended()).begin();
    }
    this.reactor.run();
    return this.code;
  }

  private wait(): void {
    this.cancelTimeout();
    if (this.timeout === 0) return;
    this.cancelTimeout = this.reactor.after(this.timeout, () => {
      this.code = TIMED_OUT;
      this.reactor.stop();
    });
  }

  private ended(): void {
    if (--this.open === 0) this.reactor.stop();
  }
}

/** A descriptor and what it is. */
interface End {
  readonly fd: number;
  readonly kind: FileStatus["kind"];
}

function endOf(os: Pick<Os, "fstat" | "isInherited">, fd: number): End {
  // What our caller has not opened may be open nevertheless, for the runtime.
  if (!os.isInherited(fd)) throw systemError("fstat", `fd ${fd}`, "EBADF");
  return { fd, kind: os.fstat(fd).kind };
}

/** One direction. It reads no more than it can write. */
class Way {
  private readonly buffer = new Uint8Array(new ArrayBuffer(SIZE));
  private readonly sink: Stream;
  private readonly os: Os;
  private readonly reactor: Reactor;
  private cancel: Cancel | undefined;
  private inputEnded = false;
  private over = false;

  constructor(
    private readonly context: Context,
    private readonly from: End,
    private readonly to: End,
    private readonly onActivity: () => void,
    private readonly onEnd: () => void,
  ) {
    this.os = context.os;
    this.reactor = context.reactor();
    this.sink = new Stream({
      os: this.os,
      reactor: this.reactor,
      broke: () => this.end(),
      idle: () => {
        this.onActivity();
        this.goOn();
      },
    }, to.fd);
  }

  begin(): void {
    this.goOn();
  }

  private goOn(): void {
    if (this.over || this.sink.busy) return;
    if (this.inputEnded) this.end();
    else this.cancel ??= this.whenReadable(() => this.read());
  }

  /** Calls back once there is something to read. Not everything can be watched; what cannot is always ready. */
  private whenReadable(callback: () => void): Cancel {
    try {
      return this.reactor.watch(this.from.fd, "read", callback);
    } catch (error) {
      if (!isErrno(error, "EPERM")) throw error;
      return this.reactor.after(0, callback);
    }
  }

  private read(): void {
    this.cancel?.();
    this.cancel = undefined;
    const got = this.readSome();
    if (got > 0) {
      this.onActivity();
      this.sink.write(this.buffer.slice(0, got));
    } else if (got === 0) this.inputEnded = true;
    this.goOn();
  }

  /** The bytes read; 0 at the end, -1 if there are none after all. */
  private readSome(): number {
    try {
      return this.os.read(this.from.fd, this.buffer);
    } catch (error) {
      if (isErrno(error, "EAGAIN", "EINTR")) return -1;
      if (!(error instanceof OsError)) throw error;
      this.context.warn(textOf(error.about("read from", `fd ${this.from.fd}`)));
      return 0;
    }
  }

  /** Tells both sides that nothing goes this way any more. */
  private end(): void {
    if (this.over) return;
    this.over = true;
    this.cancel?.();
    this.shut(this.from, "read");
    this.shut(this.to, "write");
    this.onEnd();
  }

  private shut({ fd, kind }: End, direction: "read" | "write"): void {
    try {
      if (kind === "socket") this.os.shutDown(fd, direction);
      else this.os.close(fd);
    } catch (error) {
      // The other side has gone first.
      if (!(error instanceof OsError)) throw error;
    }
  }
}
