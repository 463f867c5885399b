// A log directory: takes lines into `current` and, when that is large enough, goes through the steps of a rotation.
// Each step can fail; then there is a warning, and after a while the same step is tried again, while lines wait in
// memory. Nothing is ever dropped. Follows s6-log(8), rotation. tests: lib/log/logdir_test.ts fails every step once.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { ifThere, isErrno, OsError } from "../report.ts";
import { exitCode, type WaitStatus } from "../wait_status.ts";
import { archiveLog, openDirectory, type OpeningFiles, OWNER_EXECUTE } from "./archive.ts";
import { ByteQueue } from "./byte_queue.ts";
import type { Keeping } from "./directive.ts";
import type { Bytes } from "./lines.ts";

const NEWLINE = 10;

export type LogdirFiles = OpeningFiles & Pick<Os, "chmod" | "fsync" | "rename" | "write">;

/** What a log directory needs from the process around it. */
export interface LogdirHost {
  readonly os: LogdirFiles;
  /** The mode of new files: 0666 less the umask. */
  readonly mode: number;
  warn(text: string): void;
  /** Calls back once, after the given number of milliseconds. */
  after(milliseconds: number, callback: () => void): void;
  /** Runs the processor of a directory. Calls back when it is dead, or with the reason why it could not be started. */
  process(path: ByteString, words: readonly ByteString[], ended: (how: WaitStatus | Error) => void): void;
  /** The directory has nothing left to do for now. */
  idle(): void;
}

type Step =
  | "take lines"
  | "sync current"
  | "move current"
  | "open current"
  | "mark previous"
  | "archive previous"
  | "start processor"
  | "await processor"
  | "sync processed"
  | "mark processed"
  | "sync newstate"
  | "remove previous"
  | "move newstate"
  | "archive processed"
  | "sync at the end"
  | "mark at the end"
  | "closed";

interface Doing {
  /** Carries the step out and tells the next one; throws OsError. */
  readonly run: (directory: Logdir) => Step;
  /** What could not be done, before the reason. */
  readonly failed: (path: ByteString) => string;
}

/** Steps without an entry wait for something: lines, the processor's end, nothing. */
const STEPS: Readonly<Record<Exclude<Step, "take lines" | "await processor" | "closed">, Doing>> = {
  "sync current": { run: (d) => d.syncCurrent("move current"), failed: (path) => `fd_sync ${path}/current` },
  "move current": {
    run: (d) => d.move("current", "previous", "open current"),
    failed: (path) => `rename ${path}/current to ${path}/previous`,
  },
  "open current": { run: (d) => d.openCurrent("mark previous"), failed: (path) => `open_append ${path}/current` },
  "mark previous": {
    run: (d) => d.mark("previous", d.keeping.processor ? "start processor" : "archive previous"),
    failed: (path) => `chmod ${path}/previous`,
  },
  "archive previous": {
    run: (d) => d.archive("previous", "take lines"),
    failed: (path) => `finish previous .s to logdir ${path}`,
  },
  "start processor": {
    run: (d) => d.startProcessor("await processor"),
    failed: (path) => `fork processor for logdir ${path}`,
  },
  "sync processed": {
    run: (d) => d.sync("processed", "mark processed"),
    failed: (path) => `fd_sync ${path}/processed`,
  },
  "mark processed": {
    run: (d) => d.mark("processed", "sync newstate"),
    failed: (path) => `fd_chmod ${path}/processed`,
  },
  "sync newstate": { run: (d) => d.sync("newstate", "remove previous"), failed: (path) => `fd_sync ${path}/newstate` },
  "remove previous": { run: (d) => d.removePrevious("move newstate"), failed: (path) => `unlink ${path}/previous` },
  "move newstate": {
    run: (d) => d.move("newstate", "state", "archive processed"),
    failed: (path) => `rename ${path}/newstate to ${path}/state`,
  },
  "archive processed": {
    run: (d) => d.archive("processed", "take lines"),
    failed: (path) => `finish processed .s to logdir ${path}`,
  },
  "sync at the end": { run: (d) => d.syncCurrent("mark at the end"), failed: (path) => `fd_sync ${path}/current` },
  "mark at the end": { run: (d) => d.markCurrent("closed"), failed: (path) => `fd_chmod ${path}/current` },
};

export class Logdir {
  private readonly waiting = new ByteQueue();
  private step: Step = "take lines";
  private fd: number;
  private size: number;
  private retrying = false;
  private closing = false;

  /** @throws OsError if the directory cannot be opened or is locked by another process */
  constructor(private readonly host: LogdirHost, readonly path: ByteString, readonly keeping: Keeping) {
    ({ fd: this.fd, size: this.size } = openDirectory(host.os, path, { keeping, mode: host.mode, warn: host.warn }));
  }

  /** True while there is something to write or to finish. */
  get busy(): boolean {
    return this.retrying || !this.waiting.empty || (this.step !== "take lines" && this.step !== "closed");
  }

  get closed(): boolean {
    return this.step === "closed";
  }

  /** Takes whole lines. */
  write(lines: Bytes): void {
    if (this.busy) return this.waiting.push(lines);
    if (this.size > 0 && this.isFull) {
      // So it was found, by a start with another script maybe.
      this.waiting.push(lines);
      return this.rotate();
    }
    const written = this.append(lines);
    if (written === lines.length) {
      if (this.step !== "take lines") this.advance();
      return;
    }
    this.waiting.push(lines.subarray(written));
    if (!this.retrying) this.advance();
  }

  /** Rotates now, unless `current` is empty or a rotation is under way. */
  rotate(): void {
    if (this.step !== "take lines" || this.size === 0 || this.retrying) return;
    this.step = "sync current";
    this.advance();
  }

  /** Writes what is left, marks `current` as complete, and is closed then. */
  close(): void {
    this.closing = true;
    if (!this.busy) this.advance();
  }

  /**
   * Writes lines up to the size at which `current` is to be rotated, as if they had come one by one.
   * @returns how many bytes were written
   */
  private append(lines: Bytes): number {
    const { size, tolerance } = this.keeping;
    let done = 0;
    while (done < lines.length) {
      const wanted = Math.max(1, size - tolerance - this.size);
      const end = done + wanted > lines.length ? lines.length : lines.indexOf(NEWLINE, done + wanted - 1) + 1;
      const count = this.attemptToWrite(lines.subarray(done, end));
      done += count;
      this.size += count;
      if (this.retrying) break;
      if (done === end && this.isFull) {
        this.step = "sync current";
        break;
      }
    }
    return done;
  }

  private get isFull(): boolean {
    return this.size + this.keeping.tolerance >= this.keeping.size;
  }

  private attemptToWrite(bytes: Bytes): number {
    try {
      return this.host.os.write(this.fd, bytes);
    } catch (error) {
      if (isErrno(error, "EINTR")) return 0;
      if (!(error instanceof OsError)) throw error;
      this.retryAfter(`unable to write to ${this.path}/current: ${error.reason}`);
      return 0;
    }
  }

  /** Goes on as far as possible. */
  private advance(): void {
    while (!this.retrying) {
      const { step } = this;
      if (step === "await processor" || step === "closed") break;
      if (step === "take lines") {
        if (!this.waiting.empty) this.waiting.drop(this.append(this.waiting.all()));
        else if (this.closing) this.step = "sync at the end";
        else break;
      } else this.attempt(STEPS[step]);
    }
    if (!this.busy) this.host.idle();
  }

  private attempt({ run, failed }: Doing): void {
    try {
      this.step = run(this);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      this.retryAfter(`unable to ${failed(this.path)}: ${error.reason}`);
    }
  }

  private retryAfter(warning: string): void {
    this.host.warn(warning);
    this.retrying = true;
    this.host.after(this.keeping.retry, () => {
      this.retrying = false;
      this.advance();
    });
  }

  private file(name: string): ByteString {
    return `${this.path}/${name}`;
  }

  syncCurrent(next: Step): Step {
    this.host.os.fsync(this.fd);
    return next;
  }

  markCurrent(next: Step): Step {
    this.host.os.fchmod(this.fd, this.host.mode | OWNER_EXECUTE);
    this.host.os.close(this.fd);
    return next;
  }

  openCurrent(next: Step): Step {
    const { os, mode } = this.host;
    const fd = os.open(this.file("current"), ["append", "create"], mode);
    os.close(this.fd);
    this.fd = fd;
    this.size = 0;
    return next;
  }

  /** What the processor has removed becomes an empty file: to wait for it would never end. */
  sync(name: string, next: Step): Step {
    const { os, mode } = this.host;
    const fd = os.open(this.file(name), ["append", "create"], mode);
    try {
      os.fsync(fd);
    } finally {
      os.close(fd);
    }
    return next;
  }

  mark(name: string, next: Step): Step {
    this.host.os.chmod(this.file(name), this.host.mode | OWNER_EXECUTE);
    return next;
  }

  move(from: string, to: string, next: Step): Step {
    this.host.os.rename(this.file(from), this.file(to));
    return next;
  }

  removePrevious(next: Step): Step {
    // The processor may have done it.
    ifThere(() => this.host.os.unlink(this.file("previous")));
    return next;
  }

  archive(name: string, next: Step): Step {
    const { os, warn } = this.host;
    archiveLog(os, this.path, { name, suffix: "s", keeping: this.keeping, warn });
    return next;
  }

  startProcessor(next: Step): Step {
    // Where it cannot be started, the callback is called at once.
    this.step = next;
    this.host.process(this.path, this.keeping.processor!, (how) => {
      this.step = "start processor";
      if (how instanceof Error) {
        const reason = how instanceof OsError && how.object === "" ? how.reason : how.message;
        this.retryAfter(`unable to fork processor for logdir ${this.path}: ${reason}`);
      } else if (exitCode(how) === undefined) this.retryAfter(`processor crashed in ${this.path}`);
      else if (exitCode(how) !== 0) this.retryAfter(`processor failed in ${this.path}`);
      else this.step = "sync processed";
      this.advance();
    });
    return this.step;
  }
}
