// The table of services for people: columns as wide as what is in them. Where a width is given, the columns that matter
// least are left out until the rest fits, and what is still too long is cut.

import type { ByteString } from "../../bytes.ts";
import { printable } from "../../printable.ts";
import { headline } from "./headline.ts";
import { durationInWords } from "../durations.ts";
import { sizeInWords } from "./quantities.ts";
import { detailsOf, lastExitInWords, type Mood, moodOf, readyInWords, stateInWords } from "./service_words.ts";
import type { ServiceStatus, StatusReport } from "./status_report.ts";

export interface TableLook {
  /** Columns of the terminal; undefined: nothing is left out or cut. */
  readonly width?: number | undefined;
  readonly colour?: boolean;
  /** The index of the service whose row is highlighted. */
  readonly selected?: number | undefined;
  /** What the last column says instead of the processor time, with its heading. */
  readonly load?: { readonly heading: string; readonly of: (service: ServiceStatus) => string };
}

interface Column {
  readonly heading: string;
  readonly aligned: "left" | "right";
  /** The higher, the sooner it is left out; 0 stays. */
  readonly rank: number;
  readonly text: (service: ServiceStatus) => ByteString;
}

const GAP = "  ";
const NONE = "-";
const COLOURS: Readonly<Record<Mood, string>> = { good: "32", changing: "33", bad: "31", quiet: "2" };
const BOLD = "1";
const REVERSE = "7";

/** The table in pieces: one line with the headings, and the lines of each service. */
interface TablePieces {
  readonly heading: ByteString;
  readonly services: readonly (readonly ByteString[])[];
}

/** The lines of the table; empty where there are no services. */
export function statusTable(report: StatusReport, look: TableLook = {}): ByteString[] {
  const { heading, services } = tablePieces(report, look);
  return services.length === 0 ? [] : [heading, ...services.flat()];
}

export function tablePieces(report: StatusReport, look: TableLook): TablePieces {
  const { services, now } = report;
  const columns = fitting(columnsOf(report, look), services, look.width);
  const rows = services.map((service) => columns.map(({ text }) => text(service)));
  const widths = columns.map(({ heading }, at) => widest([heading, ...rows.map((row) => row[at]!)]));
  const line = (cells: readonly ByteString[]): ByteString =>
    cutToWidth(
      cells.map((cell, at) => padded(cell, widths[at]!, columns[at]!.aligned)).join(GAP).trimEnd(),
      look.width,
    );
  return {
    heading: painted(line(columns.map(({ heading }) => heading)), BOLD, look),
    services: services.map((service, at) => {
      const row = line(rows[at]!);
      const shown = at === look.selected
        ? painted(padded(row, look.width ?? 0, "left"), REVERSE, { colour: true })
        : painted(row, COLOURS[moodOf(service)], look);
      const details = printable(detailsOf(service, now));
      return details === "" ? [shown] : [shown, cutToWidth(`${GAP}${details}`, look.width)];
    }),
  };
}

function columnsOf({ services, now }: StatusReport, { load }: TableLook): Column[] {
  const left = (heading: string, rank: number, text: Column["text"]): Column => ({
    heading,
    aligned: "left",
    rank,
    text,
  });
  const right = (heading: string, rank: number, text: Column["text"]): Column => ({
    heading,
    aligned: "right",
    rank,
    text,
  });
  const states = new Map(services.map(({ name, state }) => [name, state]));
  const known = <T>(value: T | null, words: (value: T) => string): string => value === null ? NONE : words(value);
  return [
    left("SERVICE", 0, ({ name }) => printable(name)),
    left("STATE", 0, stateInWords),
    right("FOR", 1, ({ since }) => durationInWords(now.after - since.after)),
    right("PID", 2, ({ pid }) => known(pid, String)),
    left("READY", 4, readyInWords),
    right("RESTARTS", 6, ({ restarts }) => known(restarts, String)),
    left("LAST EXIT", 3, lastExitInWords),
    left("LOGGER", 8, ({ logger }) => known(logger, (name) => states.get(name) ?? "yes")),
    right("MEMORY", 5, ({ memory }) => known(memory, sizeInWords)),
    right(
      load?.heading ?? "CPU",
      7,
      (service) => load?.of(service) ?? known(service.cpu, (seconds) => durationInWords(seconds * 1000)),
    ),
  ];
}

function fitting(columns: readonly Column[], services: readonly ServiceStatus[], width = Infinity): Column[] {
  const left = [...columns];
  const size = (): number =>
    left.reduce((sum, { heading, text }) => sum + GAP.length + widest([heading, ...services.map(text)]), -GAP.length);
  while (size() > width) {
    const least = left.reduce((found, column) => column.rank > found.rank ? column : found);
    if (least.rank === 0) break;
    left.splice(left.indexOf(least), 1);
  }
  return left;
}

/** How many columns a text takes: bytes of UTF-8, one column a character. */
function widthOf(text: ByteString): number {
  let width = 0;
  for (let at = 0; at < text.length; at++) if (!isContinuation(text.charCodeAt(at))) width++;
  return width;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function widest(texts: readonly ByteString[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

function padded(text: ByteString, width: number, aligned: Column["aligned"]): ByteString {
  const blanks = " ".repeat(Math.max(0, width - widthOf(text)));
  return aligned === "left" ? text + blanks : blanks + text;
}

/** The text in at most this many columns. */
export function cutToWidth(text: ByteString, width = Infinity): ByteString {
  let columns = 0;
  for (let at = 0; at < text.length; at++) {
    if (!isContinuation(text.charCodeAt(at)) && ++columns > width) return text.slice(0, at);
  }
  return text;
}

/** What stands above the table. */
export function tableHead({ container, note, now }: StatusReport, look: TableLook): ByteString[] {
  const lines = container === null ? [`note: what is on disk: ${note}`] : [headline(container, now)];
  return lines.map((line) => painted(cutToWidth(line, look.width), BOLD, look));
}

/** The text in these attributes of a terminal. */
function painted(text: ByteString, attributes: string, { colour = false }: Pick<TableLook, "colour">): ByteString {
  return colour ? `\x1b[${attributes}m${text}\x1b[m` : text;
}
