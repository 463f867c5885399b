// What process 1 of a container holds open, told by what it is, so that one too many has a name.

import { type Inside, untilFits } from "./inside.ts";

/** Targets of the descriptors of process 1, sorted; those of sockets, pipes and their like without their numbers. */
export async function heldByProcessOne(inside: Inside): Promise<readonly string[]> {
  const { stdout } = await inside.sh("for fd in /proc/1/fd/*; do readlink $fd; done");
  return stdout.trimEnd().split("\n").map((target) => target.replace(/:\[\d+\]$/, "")).sort();
}

/** Waits until process 1 holds no more descriptors than before; throws an Error that names those it holds and held. */
export async function untilNoMoreHeld(inside: Inside, before: readonly string[]): Promise<void> {
  let now = before;
  const held = async (): Promise<readonly string[]> => now = await heldByProcessOne(inside);
  await untilFits(held, ({ length }) => length <= before.length)
    .catch(() => {
      throw new Error(`process 1 has held ${before.join(" ")}; now it holds ${now.join(" ")}`);
    });
}
