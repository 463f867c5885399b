// Booting a contestant in namespaces of its own, and reading the times off its output.

import { CollectedProcess } from "../container_process.ts";
import { OF_CONTAINER, ownNamespaces } from "../namespaces.ts";
import type { Contestant } from "./contestant.ts";

const SEARCH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// $1 root, $2 stamp as seen in it, the rest is process 1. STAYING is what has the command stay, or nothing.
const ENTER = `root=$1 stamp=$2; shift 2
mount -t proc proc "$root/proc"
[ "$root" = / ] || mount --rbind /dev "$root/dev"
exec env -i ${SEARCH} $STAYING chroot "$root" "$stamp" start "$@"`;

/** Milliseconds of one boot. */
interface Boot {
  /** From the exec of process 1 to the first line of the command. */
  readonly command: number;
  /** From the command's end to the end of the container, where the container ends with it. */
  readonly stop: number | undefined;
}

/** The command line that boots it; `before` is put in front of process 1's namespaces. */
export function benchCommandLine(contestant: Contestant, stamp: string, before: readonly string[] = []): string[] {
  const inside = contestant.root === "/" ? stamp : "/stamp";
  const enter = [...ownNamespaces(...OF_CONTAINER), "/bin/sh", "-c", ENTER, "enter", contestant.root, inside];
  return [...before, ...enter, ...contestant.argv];
}

/** Boots it once. */
export async function benchBoot(contestant: Contestant, stamp: string): Promise<Boot> {
  const line = benchCommandLine(contestant, stamp);
  const process = new CollectedProcess(["/bin/sh", "-c", '"$@"; exec "$0" end', stamp, ...line]);
  await process.printed("\ncommand ").catch(() => process.printed("command "));
  // supervisord does not end with its command.
  if (contestant.name === "supervisor") {
    new Deno.Command("kill", { args: ["-KILL", await onlyChild(process.pid)] }).outputSync();
  }
  const { stdout } = await process.ended;
  const at = (word: string): number => Number(new RegExp(`^${word} ([0-9]+)$`, "m").exec(stdout)?.[1]) / 1e6;
  const ends = contestant.name !== "supervisor";
  return { command: at("command") - at("start"), stop: ends ? at("end") - at("command") : undefined };
}

async function onlyChild(pid: number): Promise<string> {
  return (await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`)).trim().split(" ")[0]!;
}
