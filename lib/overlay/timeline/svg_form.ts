// A timeline as a picture of its own: an SVG that needs no font, script or file besides, for light and dark pages, with all
// that there is to know of a row where it is pointed at.

import { durationInWords } from "../durations.ts";
import { ticksOf } from "./axis.ts";
import { styleSheet } from "./svg_style.ts";
import { lengthOf, type Timeline, type TimelineRow } from "./timeline.ts";
import { labelOf, noteOf, outcomeInWords, sentenceOf, summary } from "./words.ts";

const WIDTH = 1000;
const MARGIN = 24;
/** Of the fixed-width font of the names, and at most of the other one, in pixels a character. */
const NAME_CHARACTER = 7.3;
const NOTE_CHARACTER = 6.4;
const LEGEND_CHARACTER = 7.2;
const LONGEST_NAME = 36;
const LONGEST_HEADLINE = 88;
const STAR = 14;
/** From one row to the next; many rows stand closer. */
const ROW = 24;
const CLOSE_ROW = 18;
const MANY_ROWS = 60;
const BAR = 12;
const LEAST_BAR = 2;
/** Where the parts above the rows stand. */
const HEADLINE = 38;
const SUMMARY = 60;
const LEGEND = 86;
const END_LABEL = 112;
const TICKS = 128;
const ROWS = 138;
const MOST_TICKS = 9;

/** Where things are. */
class Plan {
  readonly left: number;
  readonly right: number;
  readonly row: number;
  readonly bottom: number;
  readonly height: number;
  private readonly length: number;

  constructor(timeline: Timeline, labels: readonly string[], notes: readonly string[]) {
    const { rows } = timeline;
    this.length = lengthOf(timeline);
    this.left = MARGIN + STAR + Math.min(LONGEST_NAME, longest(labels)) * NAME_CHARACTER + 12;
    this.right = WIDTH - MARGIN - Math.max(40, longest(notes) * NOTE_CHARACTER + 8);
    this.row = rows.length > MANY_ROWS ? CLOSE_ROW : ROW;
    this.bottom = ROWS + Math.max(1, rows.length) * this.row + 4;
    this.height = this.bottom + 34;
  }

  x(moment: number): number {
    return tenths(this.left + moment / this.length * (this.right - this.left));
  }

  /** The middle of a row. */
  y(index: number): number {
    return ROWS + (index + 0.5) * this.row + 2;
  }

  ticks(): ReturnType<typeof ticksOf> {
    return ticksOf(this.length, MOST_TICKS);
  }

  /** The axis shows more than the boot. */
  showsMoreThan(end: number): boolean {
    return end < this.length;
  }
}

/** A whole document, in Unicode. */
export function svgForm(timeline: Timeline): string {
  const { rows, now } = timeline;
  const notes = rows.map((row) => noteOf(row, now));
  const plan = new Plan(timeline, rows.map(labelOf), notes);
  const title = outcomeInWords(timeline);
  const more = summary(timeline);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${plan.height}" width="${WIDTH}" ` +
    `height="${plan.height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    `<style>\n${styleSheet()}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${plan.height}"/>`,
    text("outcomeInWords", MARGIN, HEADLINE, cut(title)),
    text("quiet", MARGIN, SUMMARY, `${began(timeline)}${more === undefined ? "" : `; ${more}`}.`),
    ...legend(timeline),
    ...endOfBoot(timeline, plan),
    ...axis(plan),
    ...pathLines(rows, timeline, plan),
    ...rows.flatMap((row, index) => drawnRow(row, index, notes[index]!, timeline, plan)),
    "</svg>",
    "",
  ].join("\n");
}

function began({ began }: Timeline): string {
  return `Process 1 began on ${new Date(began).toISOString().replace("T", " at ").replace(/\.\d+Z$/, " UTC")}`;
}

const KINDS: Readonly<Record<TimelineRow["kind"], { readonly style: string; readonly meaning: string }>> = {
  "cont-init.d": { style: "script", meaning: "script" },
  task: { style: "task", meaning: "helper of process 1" },
  service: { style: "service", meaning: "service" },
  logger: { style: "logger", meaning: "logger" },
  command: { style: "command", meaning: "command" },
};

function styleOf({ kind, state }: TimelineRow): string {
  return state === "failed" && kind !== "command" ? "failed" : KINDS[kind].style;
}

/** Only what there is in the picture is explained. */
function legend({ rows }: Timeline): string[] {
  const kinds = Object.values(KINDS).filter(({ style }) => rows.some((row) => styleOf(row) === style));
  const failed = rows.some((row) => styleOf(row) === "failed") ? [{ style: "failed", meaning: "failed" }] : [];
  const critical = rows.some(({ critical }) => critical);
  const parts: string[] = [];
  let x = MARGIN;
  const put = (shape: (x: number) => string, meaning: string): void => {
    parts.push(shape(x), text("quiet", x + 18, LEGEND, meaning));
    x += 18 + meaning.length * LEGEND_CHARACTER + 18;
  };
  for (const { style, meaning } of [...kinds, ...failed]) {
    const shape = (x: number): string =>
      style === "command" ? diamond(x + 6, LEGEND - 4) : `<rect class="bar" ${box(x, LEGEND - 10, 12, 12)}/>`;
    put((x) => `<g class="${style} critical">${shape(tenths(x))}</g>`, meaning);
  }
  if (critical) put((x) => text("star", tenths(x) + 2, LEGEND, "★"), "on the critical path");
  return parts;
}

function axis(plan: Plan): string[] {
  const bottom = plan.bottom;
  return plan.ticks().flatMap(({ at, label }) => {
    const x = plan.x(at);
    return [
      `<line class="grid" x1="${x}" x2="${x}" y1="${ROWS - 4}" y2="${bottom}"/>`,
      text("tick", x, TICKS, label, "middle"),
      text("tick", x, bottom + 16, label, "middle"),
    ];
  });
}

/** A line where the boot ended, if there is something behind it. */
function endOfBoot({ end, outcome }: Timeline, plan: Plan): string[] {
  if (end === null || !plan.showsMoreThan(end)) return [];
  const x = plan.x(end);
  const label = `${outcome === "booted" ? "boot over" : "broken off"} ${durationInWords(end)}`;
  const half = label.length * NOTE_CHARACTER / 2;
  const middle = Math.min(Math.max(x, plan.left + half), WIDTH - MARGIN - half);
  return [
    `<line class="end" x1="${x}" x2="${x}" y1="${ROWS - 4}" y2="${plan.bottom}"/>`,
    text("tick", tenths(middle), END_LABEL, label, "middle"),
  ];
}

/** From the end of each row of the critical path to the begin of the next one. */
function pathLines(rows: readonly TimelineRow[], { end, now }: Timeline, plan: Plan): string[] {
  const path = rows.flatMap((row, index) =>
    row.critical && row.from !== null ? [{ ...row, from: row.from, index }] : []
  );
  return path.slice(1).map(({ from, index }, before) => {
    const last = path[before]!;
    // Awaited services may have been started together: then none has waited for the other.
    const turn = Math.min(plan.x(last.to ?? end ?? now), plan.x(from));
    return `<path class="path" d="M${turn} ${plan.y(last.index)}V${plan.y(index)}H${plan.x(from)}"/>`;
  });
}

function drawnRow(row: TimelineRow, index: number, note: string, timeline: Timeline, plan: Plan): string[] {
  const y = plan.y(index);
  const open = row.from !== null && row.to === null;
  const classes = ["row", styleOf(row), ...row.critical ? ["critical"] : [], ...open ? ["open"] : []].join(" ");
  const [shape, behind] = bar(row, y, plan);
  return [
    `<g class="${classes}">`,
    `<title>${escaped(sentenceOf(row, timeline.now))}</title>`,
    `<rect class="area" ${box(MARGIN - 8, y - plan.row / 2, WIDTH - 2 * MARGIN + 16, plan.row)}/>`,
    ...row.critical ? [text("star", MARGIN, y + 4, "★")] : [],
    text("label", MARGIN + STAR, y + 4, shortened(labelOf(row))),
    ...shape,
    text("note", behind + 6, y + 4, note),
    "</g>",
  ];
}

/** The bar, and where it ends. */
function bar({ kind, from, to }: TimelineRow, y: number, plan: Plan): readonly [string[], number] {
  if (from === null) return [[], plan.left];
  const x = plan.x(from);
  if (kind === "command") return [[diamond(x, y)], x + 6];
  const width = tenths(Math.max(LEAST_BAR, (to === null ? plan.right : plan.x(to)) - x));
  return [[`<rect class="bar" ${box(x, y - BAR / 2, width, BAR)} rx="${Math.min(2, width / 2)}"/>`], x + width];
}

function diamond(x: number, y: number): string {
  return `<path class="bar" d="M${tenths(x)} ${y - 6}l6 6l-6 6l-6 -6z"/>`;
}

function box(x: number, y: number, width: number, height: number): string {
  return `x="${tenths(x)}" y="${tenths(y)}" width="${tenths(width)}" height="${tenths(height)}"`;
}

function text(style: string, x: number, y: number, content: string, anchor?: "middle"): string {
  const where = anchor === undefined ? "" : ` text-anchor="${anchor}"`;
  return `<text class="${style}" x="${tenths(x)}" y="${tenths(y)}"${where}>${escaped(content)}</text>`;
}

/** The middle is left out, as names differ at their ends; the whole of it is said where the row is pointed at. */
function shortened(label: string): string {
  const characters = [...label];
  if (characters.length <= LONGEST_NAME) return label;
  const half = (LONGEST_NAME - 1) / 2;
  return `${characters.slice(0, Math.ceil(half)).join("")}…${characters.slice(-Math.floor(half)).join("")}`;
}

function cut(title: string): string {
  const characters = [...title];
  return characters.length <= LONGEST_HEADLINE ? title : `${characters.slice(0, LONGEST_HEADLINE - 1).join("")}…`;
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, [...text].length), 0);
}

function tenths(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** What XML may hold: control characters are gone already; two that are no characters are replaced here. */
function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (character) => ENTITIES[character]!).replace(/[\ufffe\uffff]/g, "\ufffd");
}
