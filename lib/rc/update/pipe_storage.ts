// The pipes of consumers, as the holder has them, follow an update: those of consumers that are gone are closed, those of
// renamed ones get their names, and new ones are made. What is to be done is found from what the holder really has.

import type { ByteString } from "../../bytes.ts";
import type { HolderClient } from "../../fdholder/client.ts";
import { forEver } from "../../fdholder/limit.ts";
import type { Os } from "../../os/os.ts";
import type { AtomicService, Graph } from "../graph.ts";
import type { UpdatePlan } from "./update_plan.ts";

const PREFIX = "pipe:s6rc-";

/** The names under which both ends of a consumer's pipe are held. */
export function pipeNames(consumer: ByteString): { readonly read: ByteString; readonly write: ByteString } {
  return { read: `${PREFIX}r-${consumer}`, write: `${PREFIX}w-${consumer}` };
}

export interface PipeSteps {
  readonly deletes: readonly ByteString[];
  readonly renames: readonly { readonly from: ByteString; readonly to: ByteString }[];
  /** Names of consumers. */
  readonly makes: readonly ByteString[];
}

/** @param held the names of all that is held */
export function pipeSteps(held: ReadonlySet<ByteString>, before: Graph, after: Graph, plan: UpdatePlan): PipeSteps {
  const taken = new Set<ByteString>();
  const renames: { from: ByteString; to: ByteString }[] = [];
  const makes: ByteString[] = [];
  for (const [number, service] of after.services.entries()) {
    if (!reads(service)) continue;
    const { from, isSingle } = plan.successors[number]!;
    const source = pipeNames(from === undefined || !isSingle ? service.name : before.services[from]!.name);
    const target = pipeNames(service.name);
    if (!held.has(source.read) || !held.has(source.write)) {
      makes.push(service.name);
      continue;
    }
    for (const end of ["read", "write"] as const) {
      taken.add(source[end]);
      if (source[end] !== target[end]) renames.push({ from: source[end], to: target[end] });
    }
  }
  return { deletes: [...held].filter((name) => name.startsWith(PREFIX) && !taken.has(name)).sort(), renames, makes };
}

/** It has the output of others for its input. */
function reads(service: AtomicService): boolean {
  return service.kind === "longrun" && service.producers.length > 0;
}

type PipeOs = Pick<Os, "pipe" | "close" | "now">;

/** @throws OsError where the holder refuses; nothing can be said then of what it has */
export function storePipes(
  os: PipeOs,
  holder: Pick<HolderClient, "store" | "delete" | "retrieve">,
  steps: PipeSteps,
): void {
  const limit = forEver(os.now());
  const open = new Set<number>();
  const store = (name: ByteString, fd: number): void => holder.store({ name, fd, limit });
  try {
    for (const name of steps.deletes) holder.delete(name);
    // All are taken out before the first is put back: two may change their names for each other's.
    const taken = steps.renames.map(({ from, to }) => {
      const fd = holder.retrieve(from, true);
      open.add(fd);
      return { fd, to };
    });
    for (const { fd, to } of taken) store(to, fd);
    for (const consumer of steps.makes) {
      const ends = os.pipe();
      open.add(ends.read).add(ends.write);
      const names = pipeNames(consumer);
      store(names.read, ends.read);
      store(names.write, ends.write);
      for (const fd of [ends.read, ends.write]) {
        open.delete(fd);
        os.close(fd);
      }
    }
  } finally {
    for (const fd of open) os.close(fd);
  }
}
