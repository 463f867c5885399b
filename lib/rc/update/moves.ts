// Renamings that can all be taken back, as long as nothing else was done.

import type { ByteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import { ifThere } from "../../report.ts";

export class Moves {
  private readonly done: (readonly [from: ByteString, to: ByteString])[] = [];

  constructor(private readonly os: Pick<Os, "rename">) {}

  move(from: ByteString, to: ByteString): void {
    this.os.rename(from, to);
    this.done.push([from, to]);
  }

  moveIfThere(from: ByteString, to: ByteString): void {
    ifThere(() => this.move(from, to));
  }

  /** Takes all back, the last one first. @throws OsError at the first one that cannot be */
  undo(): void {
    for (let last = this.done.pop(); last !== undefined; last = this.done.pop()) this.os.rename(last[1], last[0]);
  }
}
