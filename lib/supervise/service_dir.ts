// The service directory: what of it is held, and its parameter files. Each is read anew whenever it is needed, so that a change takes effect
// without a reload; only the first line counts, and a value that makes no sense is reported and replaced by the usual.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { ifThere, isErrno } from "../report.ts";
import { SIGNAL, signalNumber } from "../signals.ts";
import { LONGEST_TALLY, USUAL_TALLY } from "./death_tally.ts";
import { type NotifyAccess, notifyAccess } from "./notify_protocol.ts";
import { NOTIFICATION_FILE, NOTIFY_SOCKET, WATCHDOG } from "./readiness_files.ts";
import { causeOf, type Troubles } from "./troubles.ts";

/** How much of a parameter file is read. */
export const PARAMETER_SIZE = 64;
const LARGEST = 0xffffffff;
/** Has what run leaves of its process group killed. In data/, as that is what s6-rc takes over from a definition. */
export const KILL_GROUP = "data/overlay/kill-group";
export const USUAL_TIMEOUT_FINISH = 5000;

/** What counts of a parameter file. */
export function parameterLine(content: ByteString): ByteString {
  const end = content.indexOf("\n");
  return end < 0 ? content : content.slice(0, end);
}

/** The number that it says; undefined if it is none. */
export function parameterNumber(line: ByteString): number | undefined {
  return /^[0-9]+$/.test(line) && Number(line) <= LARGEST ? Number(line) : undefined;
}

export class ServiceDirectory {
  private held: number | undefined;

  /**
   * @param path the directory; it changes when the directory is renamed
   */
  constructor(
    private readonly os: Pick<Os, "door" | "close" | "truncate">,
    public path: ByteString,
    private readonly troubles: Pick<Troubles, "warn" | "again" | "over">,
  ) {}

  /** Holds the directory that is at the path now, wherever it is moved, until release(). @throws OsError */
  hold(): number {
    this.held ??= this.os.door.hold(this.path);
    return this.held;
  }

  release(): void {
    if (this.held !== undefined) this.os.close(this.held);
    this.held = undefined;
  }

  /** What cannot be inspected, as it is a link in a loop, is there all the same. */
  has(entry: ByteString): boolean {
    try {
      const isThere = this.os.door.find(entry, this.hold()) !== undefined;
      this.troubles.over(`look at ${entry}`);
      return isThere;
    } catch (error) {
      // A link to another file system: where it leads is seen when it is used.
      if (!isErrno(error, "EXDEV")) {
        this.troubles.again(`look at ${entry}`, `unable to look at ${entry}: ${causeOf(error)}`);
      }
      return true;
    }
  }

  /** An empty file; whatever else is there already does as well. */
  create(entry: ByteString): void {
    const { os } = this;
    const found = os.door.find(entry, this.hold(), { links: "refuse" });
    if (found !== undefined && found.kind !== "file") return;
    const fd = os.door.provideFile(entry, this.hold());
    if (found !== undefined) os.truncate(fd, 0);
    os.close(fd);
  }

  remove(entry: ByteString): void {
    ifThere(() => this.os.door.remove(entry, this.hold()));
  }

  /** Does it with a directory of the service directory held, which may be a link to another place. @throws OsError */
  within<T>(directory: ByteString, work: (held: number) => T): T {
    const held = this.os.door.hold(directory, this.hold(), { mounts: "cross" });
    try {
      return work(held);
    } finally {
      this.os.close(held);
    }
  }

  warn(text: ByteString): void {
    this.troubles.warn(text);
  }

  /** Milliseconds; 0 for never. */
  timeoutKill(): number {
    return this.number("timeout-kill") ?? 0;
  }

  /** Milliseconds; 0 for no limit. */
  timeoutFinish(): number {
    return this.number("timeout-finish") ?? USUAL_TIMEOUT_FINISH;
  }

  maxDeathTally(): number {
    return Math.min(this.number("max-death-tally") ?? USUAL_TALLY, LONGEST_TALLY);
  }

  /** The descriptor on which the service tells that it is ready. */
  notificationFd(): number | undefined {
    return this.number(NOTIFICATION_FILE);
  }

  /** Whose messages of systemd's notify protocol count; undefined where the service does not speak that. */
  notifyAccess(): NotifyAccess | undefined {
    const line = this.firstLine(NOTIFY_SOCKET);
    if (line === undefined) return undefined;
    const access = notifyAccess(line);
    if (access === undefined) this.warn(`invalid ${NOTIFY_SOCKET}`);
    return access ?? "main";
  }

  /** Milliseconds; 0 for none. */
  watchdog(): number {
    return this.number(WATCHDOG) ?? 0;
  }

  /** True if run is to be process 1 of a pid namespace of its own. */
  hasOwnPids(): boolean {
    return this.has("flag-newpidns");
  }

  /** The descriptor that holds the service lock. */
  lockFd(): number | undefined {
    return this.number("lock-fd");
  }

  timeoutKillsGroup(): boolean {
    return this.has("flag-timeout-killpg");
  }

  /** Only where it surely is there: what cannot be looked at, as data/ leads to another file system, asks for no KILL. */
  killsGroup(): boolean {
    return this.firstLine(KILL_GROUP) !== undefined;
  }

  downSignal(): number {
    return this.signal("down-signal", SIGNAL.TERM);
  }

  reloadSignal(): number {
    return this.signal("reload-signal", SIGNAL.HUP);
  }

  private signal(file: string, usual: number): number {
    const line = this.firstLine(file);
    if (line === undefined) return usual;
    const signal = signalNumber(line);
    if (signal === undefined) this.warn(`invalid ${file}`);
    return signal ?? usual;
  }

  private number(file: string): number | undefined {
    const line = this.firstLine(file);
    if (line === undefined) return undefined;
    const number = parameterNumber(line);
    if (number === undefined) this.warn(`invalid ${file}`);
    return number;
  }

  private firstLine(file: string): ByteString | undefined {
    try {
      // Most are not there: a look costs less than an error.
      const isThere = this.os.door.find(file, this.hold()) !== undefined;
      const content = isThere ? this.os.door.readHead(file, PARAMETER_SIZE, this.hold()) : undefined;
      this.troubles.over(`open ${file}`);
      return content === undefined ? undefined : parameterLine(content);
    } catch (error) {
      if (isErrno(error, "ENOENT")) this.troubles.over(`open ${file}`);
      else this.troubles.again(`open ${file}`, `unable to open ${file}: ${causeOf(error)}`);
      return undefined;
    }
  }
}
