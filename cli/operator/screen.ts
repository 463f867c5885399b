// The whole screen of a terminal, taken for a while: frames are drawn on it, keys come from it, and it is left as it was.

import { type ByteString, byteString, rawBytes } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import type { Terminals } from "../../lib/os/parts.ts";
import type { ScreenSize } from "../../lib/overlay/status/frame.ts";
import { unlessRefused } from "../../lib/report.ts";

type ScreenOs = Pick<Os, "read" | "writeAll">;

const INPUT = 0;
const OUTPUT = 1;
const USUAL_SIZE: ScreenSize = { columns: 80, rows: 24 };
const MOST_KEYS = 256;

/** The other screen, without a cursor, and the way back. */
const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

export class Screen {
  private readonly modes: Uint8Array;

  /** @throws OsError if the terminal cannot be set */
  constructor(private readonly os: ScreenOs, private readonly terminals: Terminals) {
    this.modes = terminals.takeKeys(INPUT);
    this.write(ENTER);
  }

  get size(): ScreenSize {
    return this.terminals.sizeOf(OUTPUT) ?? USUAL_SIZE;
  }

  draw(lines: readonly ByteString[]): void {
    this.write(HOME + lines.map((line) => line + CLEAR_LINE).join("\r\n") + CLEAR_BELOW);
  }

  /** What was typed; undefined if the terminal is gone. */
  read(): ByteString | undefined {
    const room = new Uint8Array(new ArrayBuffer(MOST_KEYS));
    const count = unlessRefused(() => this.os.read(INPUT, room)) ?? 0;
    return count === 0 ? undefined : byteString(room.subarray(0, count));
  }

  /** The terminal may be gone. */
  leave(): void {
    unlessRefused(() => this.write(LEAVE));
    unlessRefused(() => this.terminals.restore(INPUT, this.modes));
  }

  private write(text: ByteString): void {
    this.os.writeAll(OUTPUT, rawBytes(text));
  }
}
