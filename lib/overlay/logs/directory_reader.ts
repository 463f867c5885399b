// The lines of a log directory, in order, from the oldest or the last ones on, across rotations: what is read is known by
// its inode, so that a file that is renamed meanwhile is read once. Memory is bounded, whatever lies there.

import { type ByteString, byteString } from "../../bytes.ts";
import type { Instant, Os } from "../../os/os.ts";
import type { DirectoryFiles } from "./directory_files.ts";
import { lastLines } from "./last_lines.ts";
import { filesAfter, type LogFile, type OpenedLog } from "./log_files.ts";
import { type LinePiece, LineSplitter, shownLine, type Zones } from "./log_line.ts";
import type { LineSource, Timed } from "./merged_lines.ts";

const BLOCK = 32768;
/** How often in a row files may vanish before they are read: more is for the next time. */
const MOST_LOOKS = 100;

/** A line, or a piece of one, as it is to be shown. Its time is that of the last stamp. */
export interface LogLine extends LinePiece, Timed {}

interface ReadFile {
  readonly fd: number;
  readonly log: OpenedLog;
}

export class DirectoryReader implements LineSource<LogLine> {
  private readonly splitter = new LineSplitter();
  private readonly room = new Uint8Array(new ArrayBuffer(BLOCK));
  private file: ReadFile | undefined;
  private last: OpenedLog | undefined;
  /** Files to be read after this one, and the newest archive when they were found. */
  private pending: LogFile[] = [];
  private newest: ByteString = "";
  private lines: LogLine[] = [];
  private given = 0;
  private looks = 0;
  private time: Instant | undefined;

  /** @param follows there may be more later: a last line without an end waits for it */
  constructor(
    private readonly os: Pick<Os, "close" | "read" | "seek">,
    private readonly files: DirectoryFiles,
    private readonly zones: Zones,
    private readonly follows: boolean,
  ) {}

  /**
   * Begins with the last lines, this many. Before anything is read.
   * @param longest bytes; what is longer counts as several lines
   */
  startWithLast(most: number, longest?: number): void {
    const { files, newest } = this.files.after(undefined);
    this.newest = newest;
    let left = most;
    for (const log of filesAfter(files, undefined).reverse()) {
      const fd = this.files.open(log);
      if (typeof fd !== "number") continue;
      const { found, position } = lastLines(this.os, fd, left, longest);
      left -= found;
      this.os.seek(fd, position);
      this.become(fd, log);
      if (left === 0) return;
    }
  }

  /** The next line; undefined where there is none now. */
  next(): LogLine | undefined {
    this.looks = 0;
    while (this.given === this.lines.length) if (!this.readOn()) return undefined;
    return this.lines[this.given++];
  }

  /** Lets go of the directory and its files. */
  close(): void {
    if (this.file !== undefined) this.os.close(this.file.fd);
    this.os.close(this.files.directory);
  }

  /** False at the end. */
  private readOn(): boolean {
    if (this.readBlock()) return true;
    if (this.pending.length === 0) {
      this.look();
      // A process that wrote to the file before has written all of it by now.
      if (this.pending.length > 0 && this.readBlock()) return true;
    }
    const next = this.pending.shift();
    if (next !== undefined) return this.switchTo(next);
    if (!this.follows) this.take(this.splitter.finish());
    return this.given < this.lines.length;
  }

  private readBlock(): boolean {
    const size = this.file === undefined ? 0 : this.os.read(this.file.fd, this.room);
    if (size > 0) this.take(this.splitter.take(byteString(this.room.subarray(0, size))));
    return size > 0;
  }

  private look(): void {
    const { files, newest } = this.files.after(this.last);
    this.pending = filesAfter(files, this.last);
    this.newest = newest;
  }

  private switchTo(next: LogFile): boolean {
    const opened = this.files.open(next);
    if (opened === "gone") {
      // It has another name by now, or there is another one: a new look tells.
      this.pending = [];
      return ++this.looks < MOST_LOOKS;
    }
    this.take(this.splitter.finish());
    if (opened === "refused") this.last = { ...next, newestBefore: this.newest };
    else this.become(opened, next);
    return true;
  }

  private become(fd: number, log: LogFile): void {
    if (this.file !== undefined) this.os.close(this.file.fd);
    this.last = { ...log, newestBefore: this.newest };
    this.file = { fd, log: this.last };
  }

  private take(pieces: readonly LinePiece[]): void {
    this.lines = pieces.map((piece) => {
      if (!piece.begins) return { ...piece, at: this.time };
      const { at, text } = shownLine(piece.text, this.zones);
      this.time = at ?? this.time;
      return { ...piece, text, at: this.time };
    });
    this.given = 0;
  }
}
