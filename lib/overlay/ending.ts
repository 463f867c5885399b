// The container's exit code: who has a say in it, and where it is kept until the end.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { isErrno, textOf } from "../report.ts";
import { PATHS } from "./paths.ts";
import { STAGE2_EXITED } from "./variable_names.ts";

type EndingOs = Pick<Os, "readFile" | "writeFile" | "find">;

const RECORD = `${PATHS.stage3}/${STAGE2_EXITED}`;
/** Recorded numbers from here on are those of signals. */
const KILLED = 256;
const LAST_SIGNAL = 64;

export class ExitCodeRecord {
  /** What was recorded last, if the file cannot be read at the end. */
  private last = 0;
  /** What could not be written is not forgotten. */
  private unwritten = 0;
  /** The file that was last asked for is there, but cannot be read. */
  private isUnreadable = false;
  /** What tells a file as it was written here from one that a script has written, by their paths. */
  private readonly ours = new Map<ByteString, string>();

  constructor(private readonly os: EndingOs, private readonly warn: (line: ByteString) => void) {}

  /** The file of generation 3 was laid, with 0 in it. To be called before another process can write there. */
  begin(): void {
    this.remember(PATHS.exitCode);
  }

  /** Notes for scripts how stage 2 ended, as v2 does. It counts if nothing else comes of the container. */
  recordBoot(code: number): void {
    if (this.read(RECORD) !== undefined) return;
    this.write(RECORD, code);
    this.remember(RECORD);
  }

  /** Notes for finish scripts and for the end how the command ended, as v2 does: 256 + n if signal n killed it. */
  record(code: number): void {
    this.last = code;
    this.write(RECORD, code);
    this.ours.delete(RECORD);
    if (!this.isOurs(PATHS.exitCode)) return;
    this.write(PATHS.exitCode, recordedExitCode(code));
    this.remember(PATHS.exitCode);
  }

  /** The same, unless something is noted already: what a script wrote there stays. */
  recordIfFirst(code: number): void {
    if (this.isOurs(RECORD) || this.read(RECORD) === undefined) this.record(code);
  }

  /** What a script has asked for in the manner of v3, else what is recorded, else 0; modulo 256, 128 + n for signal n. */
  exitCode(): number {
    return (this.isOurs(PATHS.exitCode) ? undefined : this.asked()) ?? recordedExitCode(this.recorded());
  }

  private write(path: ByteString, code: number): void {
    try {
      this.os.writeFile(path, `${code}`, 0o644);
    } catch (error) {
      if (path === RECORD) this.unwritten = code;
      this.warn(textOf(error));
    }
  }

  private remember(path: ByteString): void {
    const seen = this.look(path);
    if (seen === undefined) this.ours.delete(path);
    else this.ours.set(path, seen);
  }

  /** The file has not been written to since it was written here. A script that writes 0 has asked for 0. */
  private isOurs(path: ByteString): boolean {
    const seen = this.ours.get(path);
    return seen !== undefined && seen === this.look(path);
  }

  private look(path: ByteString): string | undefined {
    try {
      const found = this.os.find(path);
      return found && `${found.device} ${found.inode} ${found.size} ${found.modified}`;
    } catch {
      return undefined;
    }
  }

  private recorded(): number {
    const record = this.read(RECORD);
    if (record !== undefined) return parseInt(record, 10);
    return this.isUnreadable ? this.last : this.unwritten;
  }

  private asked(): number | undefined {
    const word = this.read(PATHS.exitCode)?.trim();
    if (word === undefined || word === "") return undefined;
    if (/^[0-9]{1,9}$/.test(word)) return recordedExitCode(Number(word));
    this.warn(`${PATHS.exitCode} holds "${word.slice(0, 32)}", which is no exit code`);
    return undefined;
  }

  private read(path: ByteString): ByteString | undefined {
    this.isUnreadable = false;
    try {
      return this.os.readFile(path);
    } catch (error) {
      this.isUnreadable = !isErrno(error, "ENOENT", "ENOTDIR");
      if (this.isUnreadable) this.warn(textOf(error));
      return undefined;
    }
  }
}

/** The exit code that a recorded number stands for. */
export function recordedExitCode(recorded: number): number {
  if (!(recorded >= 0)) return 0;
  const isSignal = recorded > KILLED && recorded <= KILLED + LAST_SIGNAL;
  return isSignal ? recorded - KILLED + 128 : recorded & 255;
}
