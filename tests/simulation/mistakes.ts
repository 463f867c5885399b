// Mistakes that a world notices. They are kept besides being thrown, for the code under test may catch what is thrown.

import assert from "node:assert/strict";

export class Mistakes {
  private first: string | undefined;

  unless(condition: unknown, message: string): asserts condition {
    if (condition) return;
    this.first ??= message;
    assert.fail(message);
  }

  /** @throws AssertionError if there has been one */
  check(): void {
    if (this.first !== undefined) assert.fail(this.first);
  }
}
