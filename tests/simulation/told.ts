// What is to be published when the events at hand are dealt with, as a witness expects it: the status file once, the
// letters in one go.

import type { Node } from "./disk.ts";
import type { Evidence } from "./evidence.ts";

interface Teller {
  /** The content of the status file as it has to be now. */
  readonly status: () => string;
  /** When a status file that cannot be written now is tried again. */
  readonly retryAfter: () => number;
}

export class Told {
  /** When the status file is tried again; Infinity for never. */
  retryAt = Infinity;
  private encoded: string | undefined;
  private untold = { status: false, letters: "" };

  constructor(private readonly evidence: Evidence, private readonly home: Node, private readonly teller: Teller) {}

  /** The status has changed, and these letters say so. */
  tell(letters: string): void {
    this.encoded = undefined;
    this.untold = { status: true, letters: this.untold.letters + letters };
  }

  /** More letters, though the status is what it was. */
  add(letters: string): void {
    this.untold.letters += letters;
  }

  expect(): void {
    const { status, letters } = this.untold;
    this.untold = { status: false, letters: "" };
    if (status) this.expectStatus();
    if (letters !== "") this.evidence.published(letters);
  }

  expectStatus(): void {
    const written = this.evidence.status(this.status());
    // In a directory that has been removed there will never be one.
    this.retryAt = written || !this.home.linked ? Infinity : this.teller.retryAfter();
  }

  status(): string {
    return this.encoded ??= this.teller.status();
  }
}
