// The programs that the command lines of a oneshot run, as far as they are named by their paths.

import type { ByteString } from "../../bytes.ts";
import { baseName } from "../../image/locate.ts";
import type { OneshotDefinition } from "../../rc/definition.ts";

/** What becomes the rest of its words. */
const BEFORE_OTHERS = /^with-contenv(?:-legacy)?$/;
/** What has a block before the rest. */
const WITH_BLOCK = /^(?:if|ifte|foreground|background)$/;

/** The files that a command line runs. */
export function* programsOf(words: readonly ByteString[]): Generator<ByteString> {
  let at = 0;
  while (BEFORE_OTHERS.test(baseName(words[at] ?? ""))) at++;
  const first = words[at] ?? "";
  if (first.startsWith("/")) yield first;
  if (!WITH_BLOCK.test(baseName(first))) return;
  const inner = words.slice(at + 1).find((word) => !word.startsWith(" -"))?.slice(1) ?? "";
  if (inner.startsWith("/")) yield inner;
}

/** The command lines of a oneshot by their files. */
export function commandLinesOf({ up, down, reload }: OneshotDefinition): readonly [string, readonly ByteString[]][] {
  return [["up", up], ["down", down], ["reload", reload]];
}
