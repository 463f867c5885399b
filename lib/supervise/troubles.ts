// Warnings of one supervisor or scanner. What is tried again and again is reported when it first fails, and again only
// when its cause changes or it has worked in between.

import type { ByteString } from "../bytes.ts";
import { OsError, textOf } from "../report.ts";
import type { Reporter } from "../reporter.ts";

/** Kinds that are remembered: their names come from directories, which others may fill. */
const MOST_KINDS = 1000;

export class Troubles {
  /** The oldest first. */
  private readonly reported = new Map<string, ByteString>();

  /** @param subject the program's name as messages begin with it */
  constructor(private readonly subject: ByteString, private readonly report: Reporter) {}

  warn(text: ByteString): void {
    this.report("warning", this.subject, text);
  }

  /** Reports trouble of a kind, unless it is the same as the last of its kind. */
  again(kind: string, text: ByteString, level: "warning" | "fatal" = "warning"): void {
    if (this.reported.get(kind) === text) return;
    this.reported.delete(kind);
    this.reported.set(kind, text);
    for (const oldest of this.reported.keys()) {
      if (this.reported.size <= MOST_KINDS) break;
      this.reported.delete(oldest);
    }
    this.report(level, this.subject, text);
  }

  /** It has worked: the next trouble of this kind is news. */
  over(kind: string): void {
    this.reported.delete(kind);
  }

  /** Does what the rest can go on without. False if it failed, which is reported. */
  attempt(what: string, body: () => void): boolean {
    try {
      body();
      this.over(what);
      return true;
    } catch (error) {
      this.again(what, `unable to ${what}: ${causeOf(error)}`);
      return false;
    }
  }
}

/** Why something failed, without what was attempted, which the sentence around it says. */
export function causeOf(error: unknown): ByteString {
  return error instanceof OsError ? error.reason : textOf(error).replace(/^unable to exec \.[^ ]*: /, "");
}
