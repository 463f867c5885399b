// What `s6-overlay status --watch` shows and obeys: the lines of a frame, and the keys.

import type { ByteString } from "../../bytes.ts";
import type { ServiceStatus, StatusReport } from "./status_report.ts";
import { cutToWidth, tableHead, type TableLook, tablePieces } from "./table.ts";

export type Key = "up" | "down" | "start" | "stop" | "restart" | "logs" | "quit" | "other";

const KEYS: Readonly<Record<string, Key>> = {
  "\x1b[A": "up",
  "\x1bOA": "up",
  k: "up",
  "\x1b[B": "down",
  "\x1bOB": "down",
  j: "down",
  u: "start",
  s: "stop",
  r: "restart",
  l: "logs",
  q: "quit",
};
/** A sequence that a terminal sends for a key, or a byte. */
const KEY = new RegExp("\x1b[[O][0-9;]*[A-Za-z~]|[^]", "g");
const KEY_LINE = "j k select  s stop  u start  r restart  l log  q quit";
const KEY_LINE_OF_LOG = "l back to the services  q quit";

/** The keys that were typed. */
export function keysOf(typed: ByteString): Key[] {
  return (typed.match(KEY) ?? []).map((key) => Object.hasOwn(KEYS, key) ? KEYS[key]! : "other");
}

/** The index of the service that is selected after a step; a service that is gone leaves the first one selected. */
export function selectedAfter(
  services: readonly Pick<ServiceStatus, "name">[],
  name: ByteString | undefined,
  step: -1 | 0 | 1,
): number {
  const at = Math.max(0, services.findIndex((service) => service.name === name));
  return Math.max(0, Math.min(services.length - 1, at + step));
}

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** The table, scrolled to the service that is selected, with a message and the keys below. */
export function tableFrame(report: StatusReport, look: TableLook, size: ScreenSize, message: ByteString): ByteString[] {
  const wide = { ...look, width: size.columns };
  const { heading, services } = tablePieces(report, wide);
  const above = [...tableHead(report, wide), "", heading];
  const room = Math.max(1, size.rows - above.length - 2);
  const selected = look.selected ?? 0;
  const end = services.slice(0, selected + 1).flat().length;
  const first = Math.max(0, end - room);
  return filled(above, services.flat().slice(first, first + room), [message, KEY_LINE], size);
}

/** The last lines of a log, below what it is. */
export function logFrame(title: ByteString, lines: readonly ByteString[], size: ScreenSize): ByteString[] {
  const [top, ...last] = [title, ...lines.slice(-Math.max(1, size.rows - 3))].map((line) =>
    cutToWidth(line, size.columns)
  );
  return filled([top!, ""], last, [KEY_LINE_OF_LOG], size);
}

function filled(
  above: readonly ByteString[],
  body: readonly ByteString[],
  below: readonly ByteString[],
  { columns, rows }: ScreenSize,
): ByteString[] {
  const blank = Math.max(0, rows - above.length - body.length - below.length);
  const lines = above.concat(
    body,
    Array.from({ length: blank }, () => ""),
    below.map((line) => cutToWidth(line, columns)),
  );
  return lines.slice(0, rows);
}

/** How much of a processor a service uses, between two reports: "12 %". */
export function loadBetween(before: StatusReport | undefined, now: StatusReport): (service: ServiceStatus) => string {
  const seconds = before === undefined ? 0 : (now.now.after - before.now.after) / 1000;
  const earlier = new Map(before?.services.map((service) => [service.name, service]));
  return ({ name, pid, cpu }) => {
    const then = earlier.get(name);
    if (then === undefined || then.cpu === null || cpu === null || then.pid !== pid || seconds <= 0) return "-";
    return `${Math.max(0, Math.round(100 * (cpu - then.cpu) / seconds))} %`;
  };
}
