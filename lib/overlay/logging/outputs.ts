// Where things are printed: on the container's own standard output and error, or, once the catch-all logger is ready, into
// its fifo. Process 1's own descriptors stay the container's, so that its last words are seen whatever becomes of the logger.

import type { ByteString } from "../../bytes.ts";
import type { ProcessImage } from "../../image/image.ts";
import type { Reactor } from "../../os/os.ts";
import type { Lasting } from "../../os/parts.ts";
import { type OsError, textOf } from "../../report.ts";
import { reporterTo } from "../../reporter.ts";
import { Console, printableLine } from "./console.ts";
import type { OutputStream } from "./output_mode.ts";
import type { LogFifo } from "./log_fifo.ts";

/** Takes what is to be printed. */
export type Printer = Pick<Console, "line" | "write">;

interface OutputsPorts {
  readonly lasting: Pick<Lasting, "openOutlet">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  /** What the overlay does is printed on standard output. */
  readonly tells: boolean;
  /** What gives text of the overlay's own its form. */
  readonly formed: (stream: OutputStream) => (text: ByteString) => ByteString;
}

export class Outputs {
  readonly tells: boolean;
  /** The container's own. */
  readonly container: { readonly out: Console; readonly errors: Console };
  /** The logger's fifo, else the container's own. */
  readonly out: Printer;
  readonly errors: Printer;
  private fifo: LogFifo | undefined;

  constructor({ lasting: { openOutlet }, reactor, tells, formed }: OutputsPorts) {
    this.tells = tells;
    const errors = new Console(openOutlet(2), reactor, undefined, formed("stderr"));
    const lost = (error: OsError): void =>
      reporterTo(errors)("warning", "s6-overlay", `what is printed on standard output is lost: ${textOf(error)}`);
    this.container = { out: new Console(openOutlet(1), reactor, lost, formed("stdout")), errors };
    const printer = (own: Console, stream: OutputStream): Printer => {
      const form = formed(stream);
      const write = (text: ByteString): void =>
        this.fifo === undefined ? own.write(text) : this.fifo.console.pass(form(text));
      return { write, line: (text) => write(printableLine(text)) };
    };
    this.out = tells ? printer(this.container.out, "stdout") : NOWHERE;
    this.errors = printer(this.container.errors, "stderr");
  }

  /** From now on everything goes to the logger; undefined: to the container's own output. */
  redirect(fifo: LogFifo | undefined): void {
    this.fifo = fifo;
  }

  /** Starts a program that prints where all others do. */
  spawn<T>(spawn: (image: ProcessImage) => T, image: ProcessImage): T {
    return this.lend((fd) => spawn(fd === undefined ? image : image.preceded(copy(fd, 1), copy(fd, 2))));
  }

  /** Lends a descriptor to print on where all others do; undefined: that is the container's own output. */
  lend<T>(use: (fd: number | undefined) => T): T {
    return this.fifo === undefined ? use(undefined) : this.fifo.lend(use);
  }
}

const NOWHERE: Printer = { line: () => {}, write: () => {} };

function copy(from: number, to: number): { do: "copy"; by: ByteString; from: number; to: number } {
  return { do: "copy", by: "s6-overlay", from, to };
}
