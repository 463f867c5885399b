// A timeline for a terminal: a line for each row, with a bar below one axis.

import { lengthOf, type Timeline, type TimelineRow } from "./timeline.ts";
import { ticksOf } from "./axis.ts";
import { labelOf, noteOf, outcomeInWords, summary } from "./words.ts";

/** What bars are made of. */
interface Glyphs {
  readonly critical: string;
  readonly other: string;
  /** Where the boot ended. */
  readonly end: string;
  /** What is cut out of a name. */
  readonly cut: string;
}

export const BLOCKS: Glyphs = { critical: "█", other: "░", end: "│", cut: "…" };
export const ASCII: Glyphs = { critical: "#", other: "-", end: "|", cut: "~" };

/** Narrower than this it is not drawn: the lines break instead. */
const LEAST_WIDTH = 48;
const LEAST_BARS = 10;
/** The largest share of the width that names have. */
const NAMES = 0.4;
/** Columns between two ticks, at least. */
const TICK_EVERY = 12;
const MARK = "* ";
const NO_MARK = "  ";

interface Columns {
  readonly names: number;
  readonly bars: number;
  readonly length: number;
  readonly glyphs: Glyphs;
}

/** Unicode text. Its lines are no longer than the width, unless that is too small for bars. */
export function textForm(timeline: Timeline, width: number, glyphs: Glyphs = BLOCKS): string {
  const { rows, now } = timeline;
  const [labels, notes] = [rows.map(labelOf), rows.map((row) => noteOf(row, now))];
  const whole = Math.max(LEAST_WIDTH, width);
  const names = Math.min(longest(labels), Math.floor(whole * NAMES));
  const bars = Math.max(LEAST_BARS, whole - MARK.length - names - longest(notes) - 3);
  const columns: Columns = { names, bars, length: lengthOf(timeline), glyphs };
  const lines = rows.map((row, at) => {
    const mark = row.critical ? MARK : NO_MARK;
    return `${mark}${fitted(labels[at]!, names, glyphs)} ${bar(row, timeline, columns)}  ${notes[at]!}`;
  });
  const legend = summary(timeline);
  return [
    outcomeInWords(timeline),
    ...rows.length === 0 ? [] : ["", `${" ".repeat(MARK.length + names + 1)}${axis(columns)}`],
    ...lines,
    ...legend === undefined ? [] : ["", `${MARK}${legend}`],
  ].map((line) => `${line.trimEnd()}\n`).join("");
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, [...text].length), 0);
}

/** The text in this width; of a longer one the middle is missing, as names differ at their ends. */
function fitted(text: string, width: number, { cut }: Glyphs): string {
  const characters = [...text];
  if (characters.length <= width) return text + " ".repeat(width - characters.length);
  const head = Math.ceil((width - 1) / 2);
  return [...characters.slice(0, head), cut, ...characters.slice(characters.length - (width - 1 - head))].join("");
}

function axis({ bars, length }: Columns): string {
  let line = "";
  for (const { at, label } of ticksOf(length, Math.max(1, Math.floor(bars / TICK_EVERY)))) {
    // The last one may end where its bars do.
    const column = Math.min(Math.floor(at / length * bars), bars - label.length);
    if (column >= line.length + Math.min(1, line.length)) line = line.padEnd(column) + label;
  }
  return line;
}

function bar({ from, to, critical }: TimelineRow, { end }: Timeline, { bars, length, glyphs }: Columns): string {
  const column = (moment: number): number => Math.min(bars - 1, Math.floor(moment / length * bars));
  const cells = Array.from({ length: bars }, () => " ");
  if (end !== null && end < length) cells[column(end)] = glyphs.end;
  if (from !== null) {
    const first = column(from);
    const behind = Math.max(first + 1, to === null ? bars : Math.round(to / length * bars));
    cells.fill(critical ? glyphs.critical : glyphs.other, first, behind);
  }
  return cells.join("");
}
