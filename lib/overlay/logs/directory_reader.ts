// The lines of a log directory, in order, from the oldest or the last ones on, across rotations: what is read is known by
// its inode, so that a file that is renamed meanwhile is read once. Memory is bounded, whatever lies there.

import { type ByteString, byteString } from "../../bytes.ts";
import type { Instant, Os } from "../../os/os.ts";
import type { DirectoryFiles } from "./directory_files.ts";
import { type EndLimit, lastLines } from "./last_lines.ts";
import { byPresentName, filesAfter, type LogFile, type OpenedLog, removedUnread } from "./log_files.ts";
import { type LinePiece, LineSplitter, type ShownLine } from "./log_line.ts";
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

  /**
   * @param show what a line is given as; of one in pieces the first
   * @param follows there may be more later: a last line without an end waits for it
   */
  constructor(
    private readonly os: Pick<Os, "close" | "read" | "seek">,
    private readonly files: DirectoryFiles,
    private readonly show: (line: ByteString) => ShownLine,
    private readonly follows: boolean,
  ) {}

  /** Begins with the last lines. Before anything is read. */
  startWithLast(most: EndLimit): void {
    const { files, newest } = this.files.after(undefined);
    this.newest = newest;
    let { lines, bytes } = most;
    for (const log of filesAfter(files, undefined).reverse()) {
      const fd = this.files.open(log);
      if (typeof fd !== "number") continue;
      const { found, position, size } = lastLines(this.os, fd, { lines, bytes });
      lines -= found;
      bytes -= size;
      this.os.seek(fd, position);
      this.become(fd, log);
      if (position > 0 || lines === 0 || bytes === 0) return;
    }
  }

  /** The next line; undefined where there is none now. */
  next(): LogLine | undefined {
    this.looks = 0;
    while (this.given === this.lines.length) if (!this.readOn()) return undefined;
    return this.lines[this.given++];
  }

  /** Lets go of the file that it reads. */
  close(): void {
    if (this.file !== undefined) this.os.close(this.file.fd);
    this.file = undefined;
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

  /** To be called where something has changed: what a logger removes before it was read is told. */
  look(): void {
    const { last } = this;
    const { files, newest, outOfSight } = this.files.after(last);
    const pending = filesAfter(files, outOfSight ? undefined : last);
    const lost = removedUnread(this.pending, pending);
    if (outOfSight) this.files.fallBehind("lines may be missing, or come twice");
    else if (lost > 0) this.files.fallBehind(`${lost} of its files were removed before`);
    if (last !== undefined) this.last = byPresentName(files, last);
    this.pending = pending;
    this.newest = newest;
  }

  private switchTo(next: LogFile): boolean {
    const opened = this.files.open(next);
    if (opened === "gone") {
      // It has another name by now, or was removed.
      this.pending.unshift(next);
      this.look();
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
      const { at, text } = this.show(piece.text);
      this.time = at ?? this.time;
      return { ...piece, text, at: this.time };
    });
    this.given = 0;
  }
}
