// supervise/death_tally for who is not the supervisor. The directory may be another user's: nothing is waited for, and no
// link is written through.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { LONGEST_TALLY, RECORD_SIZE } from "./death_tally.ts";

export type TallyOs = Pick<Os, "close"> & { readonly door: Pick<Os["door"], "hold" | "readWhole" | "replace"> };

const NAME = "death_tally";

/** What it holds. @throws OsError also if that is more than a supervisor writes */
export function readTally(os: TallyOs, directory: ByteString): ByteString {
  return within(os, directory, (held) => os.door.readWhole(NAME, LONGEST_TALLY * RECORD_SIZE, held));
}

/** An empty file takes its place. @throws OsError */
export function emptyTally(os: TallyOs, directory: ByteString): void {
  within(os, directory, (held) => os.door.replace(NAME, "", held));
}

function within<T>(os: TallyOs, directory: ByteString, work: (held: number) => T): T {
  const held = os.door.hold(`${directory}/supervise`);
  try {
    return work(held);
  } finally {
    os.close(held);
  }
}
