// Scripts that have failed, which the boot passes over without a word unless a setting says otherwise: what
// they were to prepare is often what a service lacks.

import type { ByteString } from "../../bytes.ts";
import { exitInWords } from "../journal/exit.ts";
import type { Snapshot } from "../journal/snapshot.ts";

/** One line each, in the order in which they were started. */
export function failedScripts({ scripts }: Pick<Snapshot, "scripts">): readonly ByteString[] {
  return scripts.flatMap(({ kind, name, exit }) => {
    const isUsers = kind === "cont-init.d" || kind === "cont-finish.d";
    return !isUsers || exit === null || exit.code === 0 ? [] : [`${kind}/${name} ${exitInWords(exit)}`];
  });
}
