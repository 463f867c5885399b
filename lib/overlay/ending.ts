// The container's exit code: who has a say in it, and where it is kept until the end.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { isErrno, textOf } from "../report.ts";
import { PATHS } from "./paths.ts";
import { STAGE2_EXITED } from "./settings.ts";

export type EndingOs = Pick<Os, "readFile" | "writeFile">;

const RECORD = `${PATHS.stage3}/${STAGE2_EXITED}`;
/** Recorded numbers from here on are those of signals. */
const KILLED = 256;
const LAST_SIGNAL = 64;

export class Ending {
  /** What was recorded last, if the file cannot be read at the end. */
  private last = 0;
  /** What could not be written is not forgotten. */
  private unwritten = 0;
  /** The file that was last asked for is there, but cannot be read. */
  private isUnreadable = false;

  constructor(private readonly os: EndingOs, private readonly warn: (line: ByteString) => void) {}

  /** Notes for finish scripts and for the end how the command ended, as v2 does: 256 + n if signal n killed it. */
  record(code: number): void {
    this.last = code;
    try {
      this.os.writeFile(RECORD, `${code}`, 0o644);
    } catch (error) {
      this.unwritten = code;
      this.warn(textOf(error));
    }
  }

  /** The same, unless something is noted already: what a script wrote there stays. */
  recordIfFirst(code: number): void {
    if (this.read(RECORD) === undefined) this.record(code);
  }

  /** What a script has asked for in the manner of v3, else what is recorded, else 0; modulo 256, 128 + n for signal n. */
  exitCode(): number {
    return this.asked() ?? exitCodeOf(this.recorded());
  }

  private recorded(): number {
    const record = this.read(RECORD);
    if (record !== undefined) return parseInt(record, 10);
    return this.isUnreadable ? this.last : this.unwritten;
  }

  private asked(): number | undefined {
    const word = this.read(PATHS.exitCode)?.trim();
    if (word === undefined || word === "") return undefined;
    if (/^[0-9]{1,9}$/.test(word)) return exitCodeOf(Number(word));
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
export function exitCodeOf(recorded: number): number {
  if (!(recorded >= 0)) return 0;
  const isSignal = recorded > KILLED && recorded <= KILLED + LAST_SIGNAL;
  return isSignal ? recorded - KILLED + 128 : recorded & 255;
}
