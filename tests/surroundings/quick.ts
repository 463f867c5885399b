// Containers by the dozen: plain namespaces on one root directory that all of them share, each with a /run of its own.
// They start in milliseconds, so that a test can sweep through a range of them.

import { deepEqual } from "node:assert/strict";
import { CollectedProcess } from "../../scripts/container_process.ts";
import type { ContainerEnd } from "../../scripts/engine.ts";
import { OF_CONTAINER, ownNamespaces } from "../../scripts/namespaces.ts";
import { layRoot } from "../../scripts/rootfs.ts";
import { BOUND } from "./bound.ts";
import { assertUnchanged, extractOverlay } from "./overlay_tree.ts";
import { type Given, lay } from "../rows/harness.ts";
import { patience } from "../../scripts/patience.ts";

/** However slow the machine is, this is a container that hangs. */
const TIME_LIMIT = 30_000;
const SEARCH = "/command:/usr/sbin:/usr/bin:/sbin:/bin";

// A state directory may be in /dev/shm, under the number of a namespace, which the system gives again.
// $1 root, $2 and $3 what is given as the environment, the rest the first process. All is mounted in the namespace only.
const ENTER = `root=$1; shift
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 run "$root/run"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
exec chroot "$root" /bin/env -i "$@"`;

/** A root directory with the overlay and files of the test; it is removed at the end of the block. */
export interface Root extends AsyncDisposable {
  readonly path: string;
}

/** @param install puts the overlay into the root directory */
export async function root(files: Readonly<Record<string, Given>>, install = extractOverlay): Promise<Root> {
  const directory = await Deno.makeTempDir({ prefix: "quick-" });
  await Deno.chmod(directory, 0o755);
  const path = `${directory}/root`;
  await layRoot("busybox", path);
  await install(path);
  await lay(path, files);
  const dispose = async (): Promise<void> => {
    await assertUnchanged();
    await Deno.remove(directory, { recursive: true });
  };
  return { path, [Symbol.asyncDispose]: dispose };
}

export interface Quick {
  readonly environment?: Readonly<Record<string, string>>;
  /** What runs in the namespaces; /init and its arguments. */
  readonly argv?: readonly string[];
}

export function commandLine({ path }: Root, { environment = {}, argv = ["/init"] }: Quick): string[] {
  const variables = Object.entries({ PATH: SEARCH, ...environment }).map(([name, value]) => `${name}=${value}`);
  return [...BOUND, ...ownNamespaces(...OF_CONTAINER), "/bin/sh", "-c", ENTER, "enter", path, ...variables, ...argv];
}

/** Boots it and waits for its end; one that does not end is killed, and its exit code is 137. */
export function quickly(root: Root, quick: Quick): Promise<ContainerEnd> {
  return limited(start(root, quick));
}

/** Boots it. */
export function start(root: Root, quick: Quick): CollectedProcess {
  return new CollectedProcess(commandLine(root, quick));
}

/** @param most milliseconds until it is killed */
export async function limited(container: CollectedProcess, most: number = TIME_LIMIT): Promise<ContainerEnd> {
  // With unshare its child is killed as well.
  const limit = setTimeout(() => Deno.kill(container.pid, "SIGKILL"), patience(most));
  const ended = await container.ended;
  clearTimeout(limit);
  return ended;
}

/** Does the work for each item, several at a time, and returns what came of it in the order of the items. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.map((item, at) => ({ item, at }));
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next.at] = await work(next.item);
  };
  await Promise.all(Array.from({ length: 2 * navigator.hardwareConcurrency }, worker));
  return results;
}

/** The pid of the container's first process, once signals that come to it wait for it: ours has begun. */
export async function firstProcess(container: CollectedProcess): Promise<number> {
  let over = false;
  container.ended.then(() => over = true);
  for (;;) {
    const pid = childOf(container.pid);
    // By the names of the launcher and of the program: a shell blocks signals too, while it starts something.
    if (pid !== undefined && /^Name:\s(init|program)\n(.*\n)*SigBlk:\sfff/.test(read(`/proc/${pid}/status`))) {
      return pid;
    }
    if (over) throw new Error(`the container has ended before it began: ${container.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

function childOf(pid: number): number | undefined {
  const [child] = read(`/proc/${pid}/task/${pid}/children`).trim().split(" ");
  return child === undefined || child === "" ? undefined : Number(child);
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

/** A root in which a Dockerfile has run these words of a shell. */
export async function builtRoot(build: string): Promise<Root> {
  const made = await root({});
  const { success, stderr } = await new Deno.Command("chroot", { args: [made.path, "/bin/sh", "-ec", build] }).output();
  deepEqual([success, new TextDecoder().decode(stderr)], [true, ""]);
  return made;
}
