// The parameter files of a service directory. Each is read anew whenever it is needed, so that a change takes effect
// without a reload; only the first line counts, and a value that makes no sense is reported and replaced by the usual.

import { type ByteString, byteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { isErrno } from "../report.ts";
import { SIGNAL, signalNumber } from "../signals.ts";
import { LONGEST_TALLY, USUAL_TALLY } from "./death_tally.ts";
import { causeOf, type Troubles } from "./troubles.ts";

/** As much of a parameter file as is looked at. */
const HEAD_SIZE = 64;
const LARGEST = 0xffffffff;
const USUAL_TIMEOUT_FINISH = 5000;

export class ServiceDirectory {
  /**
   * @param path the directory; it changes when the directory is renamed
   */
  constructor(
    private readonly os: Pick<Os, "open" | "read" | "close" | "find">,
    public path: ByteString,
    private readonly troubles: Pick<Troubles, "warn">,
  ) {}

  /** The path of an entry. */
  at(entry: ByteString): ByteString {
    return `${this.path}/${entry}`;
  }

  has(entry: ByteString): boolean {
    return this.os.find(this.at(entry)) !== undefined;
  }

  /** Milliseconds; 0 for never. */
  timeoutKill(): number {
    return this.#number("timeout-kill") ?? 0;
  }

  /** Milliseconds; 0 for no limit. */
  timeoutFinish(): number {
    return this.#number("timeout-finish") ?? USUAL_TIMEOUT_FINISH;
  }

  maxDeathTally(): number {
    return Math.min(this.#number("max-death-tally") ?? USUAL_TALLY, LONGEST_TALLY);
  }

  /** The descriptor on which the service tells that it is ready. */
  notificationFd(): number | undefined {
    return this.#number("notification-fd");
  }

  /** True if run is to be process 1 of a pid namespace of its own. */
  hasOwnPids(): boolean {
    return this.has("flag-newpidns");
  }

  /** The descriptor that holds the service lock. */
  lockFd(): number | undefined {
    return this.#number("lock-fd");
  }

  timeoutKillsGroup(): boolean {
    return this.has("flag-timeout-killpg");
  }

  downSignal(): number {
    return this.#signal("down-signal", SIGNAL.TERM);
  }

  reloadSignal(): number {
    return this.#signal("reload-signal", SIGNAL.HUP);
  }

  #signal(file: string, usual: number): number {
    const line = this.#firstLine(file);
    if (line === undefined) return usual;
    const signal = signalNumber(line);
    if (signal === undefined) this.troubles.warn(`invalid ${file}`);
    return signal ?? usual;
  }

  #number(file: string): number | undefined {
    const line = this.#firstLine(file);
    if (line === undefined) return undefined;
    if (/^[0-9]+$/.test(line) && Number(line) <= LARGEST) return Number(line);
    this.troubles.warn(`invalid ${file}`);
    return undefined;
  }

  #firstLine(file: string): ByteString | undefined {
    try {
      const content = this.#head(this.at(file));
      const end = content.indexOf("\n");
      return end < 0 ? content : content.slice(0, end);
    } catch (error) {
      if (!isErrno(error, "ENOENT")) this.troubles.warn(`unable to open ${file}: ${causeOf(error)}`);
      return undefined;
    }
  }

  /** The beginning of a file; never waits, should it be a fifo. */
  #head(path: ByteString): ByteString {
    const fd = this.os.open(path, ["read", "nonblocking"]);
    try {
      const bytes = new Uint8Array(HEAD_SIZE);
      return byteString(bytes.subarray(0, this.os.read(fd, bytes)));
    } finally {
      this.os.close(fd);
    }
  }
}
