// systemd's notify protocol: assignments, one a line, in a datagram, and which of them count. Follows sd_notify(3).

import type { ByteString } from "../bytes.ts";
import { printable } from "../printable.ts";
import type { EventOf } from "./service.ts";

/** What a process sends when it is ready, and which process that is. */
export function readyNotice(pid: number): ByteString {
  return `READY=1\nMAINPID=${pid}\n`;
}

/** True if it tells that the service is ready. Of one that is cut the last line may not be whole. */
export function tellsReady(message: ByteString, isCut: boolean): boolean {
  return linesOf(message, isCut).includes("READY=1");
}

function linesOf(message: ByteString, isCut: boolean): ByteString[] {
  const lines = message.split("\n");
  return isCut ? lines.slice(0, -1) : lines;
}

/** A process; of one that has ended its user may not be known. */
interface NotifyingProcess {
  readonly pid: number;
  readonly uid: number | undefined;
}

const ROOT = 0;

/**
 * True if the message is the service's: from its own process, or from a user who may do with the process what he likes.
 * A child that tells in its place may have ended by now, so that its user is all that is known of it.
 */
export function mayNotify(sender: NotifyingProcess | undefined, service: NotifyingProcess): boolean {
  if (sender === undefined) return false;
  return sender.pid === service.pid || sender.uid === ROOT || (sender.uid !== undefined && sender.uid === service.uid);
}

/** Whose messages count: those of the service's own process, or those of all processes of the service. */
export type NotifyAccess = "main" | "all";

/** What the first line of the file says; undefined if it makes no sense. */
export function notifyAccess(line: ByteString): NotifyAccess | undefined {
  if (line === "" || line === "main") return "main";
  return line === "all" ? "all" : undefined;
}

/** What a service finds in its environment. */
export function notifyVariables(
  address: ByteString,
  watchdog: number,
): (readonly [name: ByteString, value: ByteString | undefined])[] {
  const time = watchdog === 0 ? undefined : `${watchdog * 1000}`;
  return [["NOTIFY_SOCKET", address], ["WATCHDOG_USEC", time], ["WATCHDOG_PID", undefined]];
}

/** What a message of the protocol brings about. */
export type NotifyEvent = EventOf<
  "notified" | "reloading" | "stopping" | "alive" | "stuck" | "watchdogSet" | "extended"
>;

/** What a message says that counts. */
interface Told {
  /** In the order in which they are to be dealt with, whatever their order in the message. */
  readonly events: readonly NotifyEvent[];
  /** What it says of itself, fit for a line; empty where it takes that back. Undefined: nothing. */
  readonly status: ByteString | undefined;
  /** The process that it names as its main one. */
  readonly mainPid: number | undefined;
}

/** The longest text that is kept, in bytes. */
const LONGEST_STATUS = 256;
/** In milliseconds: a month. */
const LONGEST_TIME = 31 * 24 * 3600 * 1000;

/**
 * What a message tells. Keys that are unknown, and values that make no sense, are passed over. Of a key that comes more
 * than once the last value counts.
 * @param now milliseconds on the monotonic clock
 */
export function toldBy(message: ByteString, isCut: boolean, now: number): Told {
  const values = new Map<ByteString, ByteString>();
  for (const line of linesOf(message, isCut)) {
    const equals = line.indexOf("=");
    if (equals > 0) values.set(line.slice(0, equals), line.slice(equals + 1));
  }
  const status = values.get("STATUS");
  const pid = values.get("MAINPID") ?? "";
  return {
    events: eventsOf(values, now),
    status: status && fitText(status),
    mainPid: /^[1-9][0-9]{0,9}$/.test(pid) ? Number(pid) : undefined,
  };
}

/** A reload that is begun and over in one message is over. */
function eventsOf(values: ReadonlyMap<ByteString, ByteString>, now: number): NotifyEvent[] {
  const events: NotifyEvent[] = [];
  const says = (key: string, value = "1"): boolean => values.get(key) === value;
  const extension = millisecondsOf(values.get("EXTEND_TIMEOUT_USEC"));
  const watchdog = millisecondsOf(values.get("WATCHDOG_USEC"));
  if (extension !== undefined) events.push({ on: "extended", by: extension });
  if (says("RELOADING")) events.push({ on: "reloading", at: beginOfReload(values.get("MONOTONIC_USEC"), now) });
  if (says("READY")) events.push({ on: "notified" });
  if (watchdog !== undefined) events.push({ on: "watchdogSet", every: watchdog });
  if (says("WATCHDOG")) events.push({ on: "alive" });
  if (says("STOPPING")) events.push({ on: "stopping" });
  if (says("WATCHDOG", "trigger")) events.push({ on: "stuck" });
  return events;
}

/** The moment that it names, unless that is yet to come. */
function beginOfReload(named: ByteString | undefined, now: number): number {
  const microseconds = microsecondsOf(named);
  return microseconds === undefined || microseconds === 0 ? now : Math.min(microseconds / 1000, now);
}

function microsecondsOf(word: ByteString | undefined): number | undefined {
  return word !== undefined && /^[0-9]{1,20}$/.test(word) ? Number(word) : undefined;
}

/** Of less than one is made one: 0 means something else. */
function millisecondsOf(word: ByteString | undefined): number | undefined {
  const microseconds = microsecondsOf(word);
  return microseconds === undefined ? undefined : Math.min(Math.ceil(microseconds / 1000), LONGEST_TIME);
}

/** Cut where a character begins; what a terminal would obey is written as \xNN. */
function fitText(text: ByteString): ByteString {
  if (text.length <= LONGEST_STATUS) return printable(text);
  let end = LONGEST_STATUS;
  while (end > LONGEST_STATUS - 4 && (text.charCodeAt(end) & 0xc0) === 0x80) end--;
  return `${printable(text.slice(0, end))}...`;
}
