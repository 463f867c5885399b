// Which file a command's name stands for, exactly as execvp finds it: a name with a slash is a path, any other is
// searched in the PATH of the image's own environment; files that may not be executed are skipped but remembered.

import type { ByteString } from "../bytes.ts";
import type { FileStatus, Os } from "../os/os.ts";
import { EXIT, Failure, OsError } from "../report.ts";
import type { ProcessImage } from "./image.ts";

/** What is searched when PATH is not set: as the container builds of the skarnet programs have it. */
const DEFAULT_PATH = "/command:/usr/bin:/bin";

export type LocatePorts = Pick<Os, "find" | "mayExecute">;

/** True if executing the file of this path and status starts our launcher. */
export type IsOurs = (path: ByteString, status: FileStatus) => boolean;

export interface Located {
  /** The file, relative to the image's directory. */
  readonly path: ByteString;
  readonly ours: boolean;
}

/** The paths to try for a command name, in order. An empty element of PATH is the current directory. */
export function candidates(name: ByteString, path: ByteString | undefined): ByteString[] {
  if (name.includes("/")) return [name];
  return (path ?? DEFAULT_PATH).split(":").map((directory) => directory === "" ? name : `${directory}/${name}`);
}

/**
 * The file that argv[0] of the image (or its own `file`) would execute.
 * @throws Failure 127 if there is none, 126 if there is one that may not be executed
 */
export function locate(os: LocatePorts, image: ProcessImage, isOurs: IsOurs = () => false): Located {
  const name = image.file ?? image.argv[0] ?? "";
  let refused: string | undefined;
  for (const path of candidates(name, image.searchPath ?? image.environment.get("PATH"))) {
    const found = probe(os, image.resolve(path), isOurs);
    if (found === "missing") continue;
    if (found === "executable" || found === "ours") return { path, ours: found === "ours" };
    refused ??= found;
  }
  if (refused !== undefined) throw new Failure(EXIT.cannotExecute, `unable to exec ${name}: ${refused}`);
  throw new Failure(EXIT.notFound, `unable to exec ${name}: No such file or directory`);
}

/** "ours", "executable", "missing", or the system's reason why the file may not be executed. */
function probe(os: LocatePorts, path: ByteString, isOurs: IsOurs): string {
  try {
    const status = os.find(path);
    if (status === undefined) return "missing";
    if (isOurs(path, status)) return "ours";
    return status.kind === "file" && os.mayExecute(path) ? "executable" : "Permission denied";
  } catch (error) {
    if (error instanceof OsError) return error.reason;
    throw error;
  }
}
