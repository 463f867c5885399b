// Making a state directory elsewhere, which few containers need: what does it is loaded when it is wanted.

import type { ByteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";

/** Where it has been made; undefined if there is no place for it. The loader (load.ts) calls back at once. */
export function stateElsewhere(os: Os): ByteString | undefined {
  let place: ByteString | undefined;
  import("../../lib/overlay/boot/moved_state.ts").then(({ makeMovedState }) => place = makeMovedState(os));
  return place;
}
