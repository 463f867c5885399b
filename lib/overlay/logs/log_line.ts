// Lines of a log as people are shown them: what arrives in blocks is divided into lines, and stamps become local time.
// Pure. A line of any length costs little memory: a long one comes in pieces.

import type { ByteString } from "../../bytes.ts";
import { DATE_LENGTH, datedAt, STAMP_LENGTH, stampedAt, withDate } from "../../log/dated_line.ts";
import { isoText, type Zone } from "../../log/timezone.ts";
import type { Instant } from "../../os/os.ts";

/** A line, or a piece of one that is very long. */
export interface LinePiece {
  /** Without its end. */
  readonly text: ByteString;
  readonly begins: boolean;
  readonly ends: boolean;
}

/** The most bytes of a piece. */
export const LONGEST_PIECE = 65536;

export class LineSplitter {
  private held: ByteString = "";
  private inLine = false;

  /** The pieces that are complete with the next block of a file. */
  take(block: ByteString): LinePiece[] {
    const texts = (this.held + block).split("\n");
    this.held = texts.pop()!;
    const pieces = texts.map((text) => this.piece(text, true));
    if (this.held.length >= LONGEST_PIECE) {
      pieces.push(this.piece(this.held, false));
      this.held = "";
    }
    return pieces;
  }

  /** What is left at the end of a file: the next file begins with another line. */
  finish(): LinePiece[] {
    const pieces = this.held === "" && !this.inLine ? [] : [this.piece(this.held, true)];
    this.held = "";
    return pieces;
  }

  private piece(text: ByteString, ends: boolean): LinePiece {
    const begins = !this.inLine;
    this.inLine = !ends;
    return { text, begins, ends };
  }
}

/** The blanks that s6-log writes behind a date. */
const DATE_GAP = 2;

export interface Zones {
  /** Of the process that wrote the dates. */
  readonly written: Zone;
  readonly shown: Zone;
}

export interface ShownLine {
  /** Undefined where the line has no stamp. */
  readonly at: Instant | undefined;
  readonly text: ByteString;
}

/** The line with its stamp, or its date, as local time. Where s6-log has put both there, both become it. */
export function shownLine(line: ByteString, zones: Zones): ShownLine {
  const at = stampedAt(line);
  if (at === undefined) return withLocalDate(line, zones);
  const rest = line.slice(STAMP_LENGTH);
  const date = withDate(line.slice(0, STAMP_LENGTH), zones.shown);
  return { at, text: rest.startsWith(" ") ? `${date} ${withLocalDate(rest.slice(1), zones).text}` : date + rest };
}

/** The line without its stamp, its date, or both. */
export function bareLine(line: ByteString, written: Zone): ShownLine {
  const stamped = stampedAt(line);
  const rest = stamped === undefined ? line : line.slice(STAMP_LENGTH).replace(/^ /, "");
  const dated = datedAt(rest, written);
  return { at: stamped ?? dated, text: dated === undefined ? rest : rest.slice(DATE_LENGTH + DATE_GAP) };
}

function withLocalDate(line: ByteString, { written, shown }: Zones): ShownLine {
  const at = datedAt(line, written);
  // The same offset: what stands there is the time already, in the hour that a clock set back has twice as well.
  if (at === undefined || written(at.seconds) === shown(at.seconds)) return { at, text: line };
  return { at, text: isoText(at, shown) + line.slice(DATE_LENGTH) };
}
