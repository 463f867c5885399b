// A container of plain namespaces under strace: the tarball on a busybox, files of the test laid over it, /command.sh as its
// command. Needs root.

import { output } from "../../scripts/command.ts";
import { ownNamespaces } from "../../scripts/namespaces.ts";
import { layRoot } from "../../scripts/rootfs.ts";
import { extractOverlay } from "./overlay_tree.ts";
import { type Given, lay } from "../rows/harness.ts";

export interface Traced {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What strace has written, "PID CALL" each. */
  readonly trace: readonly string[];
}

const SETUP = 'mount -t proc proc "$0/proc"; mkdir -p "$0/dev"; mount -t tmpfs dev "$0/dev"; ' +
  'for at in null zero; do touch "$0/dev/$at"; mount --bind /dev/$at "$0/dev/$at"; done; exec chroot "$0" /init /command.sh';

/**
 * Boots it, and waits for its end.
 * @param options of strace, besides -f and -o
 * @param own files that belong to no user, below these directories
 */
export async function runTraced(
  options: readonly string[],
  files: Readonly<Record<string, Given>>,
  own: readonly string[] = [],
): Promise<Traced> {
  const directory = await Deno.makeTempDir();
  try {
    const root = `${directory}/root`;
    await layRoot("busybox", root);
    await extractOverlay(root);
    await lay(root, files);
    for (const path of own) await output(["chown", "-R", "65534:65534", `${root}${path}`]);
    const strace = ["strace", "-f", "-qq", ...options, "-o", `${directory}/trace`];
    const ended = await new Deno.Command("timeout", {
      args: ["60", ...strace, ...ownNamespaces("pid", "mount"), "sh", "-c", SETUP, root],
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return {
      code: ended.code,
      stdout: decoder.decode(ended.stdout),
      stderr: decoder.decode(ended.stderr),
      trace: (await Deno.readTextFile(`${directory}/trace`)).split("\n"),
    };
  } finally {
    await output(["rm", "-rf", directory]);
  }
}
