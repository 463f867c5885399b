// Starting an image as a child: the chain is computed here as far as it can be, and the child plays the plan for the rest.

import type { Operation } from "../os/operation.ts";
import type { Os, PlayerReport, Started } from "../os/os.ts";
import { EXIT, Failure, isErrno } from "../report.ts";
import { unexecutable } from "./explain.ts";
import { follow, LinkError, type Links, type Program, unfollowed } from "./follow.ts";
import type { ProcessImage } from "./image.ts";
import { candidates } from "./locate.ts";
import { planOf, type Playing } from "./plan.ts";
import { NeedsProcess, type Search } from "./search.ts";

type StartPorts = Pick<Os, "play" | "readReport">;

/** What a child has reported of itself. */
type Told =
  /** Its program would run now. */
  | { readonly kind: "running" }
  /** Its program cannot run; it is about to exit. */
  | { readonly kind: "failed"; readonly error: Error }
  /** It has become its program, or has died. */
  | { readonly kind: "over" };

/** How a child is started that is not waited for: it reports later what has become of it. */
export interface Unawaited extends Playing {
  readonly wait: false;
}

/** A child that has been started, which may not have become its program yet. */
export interface SpawnedChild {
  readonly pid: number;
  /** The descriptor that can be read when there is something to report. To be closed by the process that has started it. */
  readonly report: number;
  /** What it has reported since the last call; undefined if nothing has come and the descriptor does not block. */
  told(): Told | undefined;
}

/**
 * Starts the image's command as a child. A chain of our own programs is computed here; where that fails or cannot be done,
 * the command is started as the kernel would start it and reports for itself.
 * @throws Failure 126 or 127 if the command itself cannot be executed, OsError if the system has no process to give
 */
export function spawnImage(
  os: StartPorts,
  search: Search,
  links: Links,
  image: ProcessImage,
  playing: Playing,
): SpawnedChild {
  const chain = followed(search, links, image);
  const runs = chain?.[0]?.by === undefined ? undefined : image.steps.length;
  const started = os.play(planOf(chain ?? [kernels(search, links, image)], playing, runs));
  return {
    pid: started.pid,
    report: started.report,
    told: () => told(os, search, image, started),
  };
}

/** The program of a chain, and those to be tried in its place; undefined if the chain is not for this process to follow. */
function followed(search: Search, links: Links, image: ProcessImage): Program[] | undefined {
  try {
    const programs: Program[] = [];
    for (let next: ProcessImage | undefined = image; next !== undefined; next = programs.at(-1)!.image.fallback) {
      const end = follow(search, links, next);
      // A chain that ends with nothing to run is for a process of its own to end.
      if (end.kind === "nothing") return undefined;
      programs.push(end);
    }
    return programs;
  } catch {
    return undefined;
  }
}

function kernels(search: Search, links: Links, image: ProcessImage): Program {
  try {
    return unfollowed(search, links, image);
  } catch (error) {
    if (!(error instanceof NeedsProcess)) throw error;
    const paths = candidates(image.file ?? image.argv[0] ?? "", image.searchPath ?? image.environment.get("PATH"));
    return { image, paths, ours: undefined, by: undefined };
  }
}

function told(os: StartPorts, search: Search, image: ProcessImage, started: Started): Told | undefined {
  const report = os.readReport(started);
  return report?.kind === "failed" ? { kind: "failed", error: failureOf(search, image, report) } : report;
}

type Failed = PlayerReport & { readonly kind: "failed" };

/** What a player's failure means for the process that started it. */
function failureOf(search: Search, image: ProcessImage, { operation, error }: Failed): Error {
  if (operation.do === "execute") {
    if (isErrno(error, "EAGAIN", "ENOMEM")) return error;
    const path = firstOf(search, image, operation);
    return unexecutable(search, image, operation.name, path, error);
  }
  if (operation.do === "open") {
    // As this process sees it, which has another working directory.
    const path = image.resolve(operation.path);
    return new LinkError(operation.by, error.about(error.action, path));
  }
  const isDenied = operation.do === "userId" && operation.denied !== undefined && error.errno === "EPERM";
  return new LinkError(operation.by, isDenied ? new Failure(EXIT.system, operation.denied!) : error);
}

/** The file among the candidates that is there: what is wrong is wrong with it. */
function firstOf(search: Search, image: ProcessImage, { candidates }: Operation & { do: "execute" }): string {
  const isThere = (path: string): boolean =>
    search.lookAt(image, path, (look, place) => look.find(place) !== undefined) ?? false;
  return candidates.find(isThere) ?? candidates[0] ?? "";
}
