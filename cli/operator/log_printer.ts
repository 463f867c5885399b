// Printing lines of logs: with the name of the service before them where there are several, and fit for a terminal.

import type { ByteString } from "../../lib/bytes.ts";
import type { LogLine } from "../../lib/overlay/logs/directory_reader.ts";
import type { LineSource } from "../../lib/overlay/logs/merged_lines.ts";
import { printable } from "../../lib/printable.ts";

const MOST_HELD = 65536;
/** Bytes of one log before it is the turn of the others. */
const MOST_AT_ONCE = 4 * MOST_HELD;

export class LogPrinter {
  private held: ByteString = "";
  private inLine = false;

  /**
   * @param labelled each line begins with the name of its log
   * @param isTerminal what is printed may be obeyed: escape sequences are made visible
   */
  constructor(
    private readonly print: (text: ByteString) => void,
    private readonly labelled: boolean,
    private readonly isTerminal: boolean,
  ) {}

  line(label: ByteString, { text, begins, ends }: LogLine): void {
    const before = begins ? (this.inLine ? "\n" : "") + (this.labelled ? `${this.shown(label)}: ` : "") : "";
    this.held += before + this.shown(text) + (ends ? "\n" : "");
    this.inLine = !ends;
    if (this.held.length >= MOST_HELD) this.flush();
  }

  /** Prints lines of a log until there are none, or enough at once: true where there may be more. */
  turn(label: ByteString, lines: LineSource<LogLine>): boolean {
    let size = 0;
    // A line is not interrupted.
    while (size < MOST_AT_ONCE || this.inLine) {
      const line = lines.next();
      if (line === undefined) break;
      size += line.text.length + 1;
      this.line(label, line);
    }
    this.flush();
    return size >= MOST_AT_ONCE;
  }

  flush(): void {
    const text = this.held;
    this.held = "";
    if (text !== "") this.print(text);
  }

  private shown(text: ByteString): ByteString {
    // A terminal does no more for a tab than to go on further to the right.
    return this.isTerminal ? text.split("\t").map(printable).join("\t") : text;
  }
}
