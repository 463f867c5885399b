// Where things are printed: on the container's own standard output and error, or, once the catch-all logger is ready, into
// its fifo. Process 1's own descriptors stay the container's, so that its last words are seen whatever becomes of the logger.

import type { ByteString } from "../../bytes.ts";
import type { ProcessImage } from "../../image/image.ts";
import type { Reactor } from "../../os/os.ts";
import type { Lasting } from "../../os/parts.ts";
import { type OsError, textOf } from "../../report.ts";
import { reporterTo } from "../../reporter.ts";
import { Console } from "./console.ts";
import type { LogFifo } from "./log_fifo.ts";

/** Takes what is to be printed. */
export type Printer = Pick<Console, "line" | "write">;

export class Outputs {
  /** The container's own. */
  readonly container: { readonly out: Console; readonly errors: Console };
  /** The logger's fifo, else the container's own. */
  readonly out: Printer;
  readonly errors: Printer;
  private fifo: LogFifo | undefined;

  /** @param tells what the overlay does is printed on standard output */
  constructor(
    { openOutlet }: Pick<Lasting, "openOutlet">,
    reactor: Pick<Reactor, "watch" | "after">,
    readonly tells: boolean,
  ) {
    const errors = new Console(openOutlet(2), reactor);
    const lost = (error: OsError): void =>
      reporterTo(errors)("warning", "s6-overlay", `what is printed on standard output is lost: ${textOf(error)}`);
    this.container = { out: new Console(openOutlet(1), reactor, lost), errors };
    const printer = (own: Console): Printer => ({
      line: (text) => (this.fifo?.console ?? own).line(text),
      write: (text) => (this.fifo?.console ?? own).write(text),
    });
    this.out = tells ? printer(this.container.out) : NOWHERE;
    this.errors = printer(this.container.errors);
  }

  /** From now on everything goes to the logger; undefined: to the container's own output. */
  redirect(fifo: LogFifo | undefined): void {
    this.fifo = fifo;
  }

  /** Starts a program that prints where all others do. */
  launch<T>(launch: (image: ProcessImage) => T, image: ProcessImage): T {
    if (this.fifo === undefined) return launch(image);
    return this.fifo.lend((fd) => launch(image.preceded(copy(fd, 1), copy(fd, 2))));
  }
}

const NOWHERE: Printer = { line: () => {}, write: () => {} };

function copy(from: number, to: number): { do: "copy"; by: ByteString; from: number; to: number } {
  return { do: "copy", by: "s6-overlay", from, to };
}
