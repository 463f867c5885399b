// Which file a command's name stands for, exactly as execvp finds it: a name with a slash is a path, any other is
// searched in the PATH of the image's own environment; files that may not be executed are skipped but remembered.

import type { ByteString } from "../bytes.ts";
import type { FileStatus, Os } from "../os/os.ts";
import { EXIT, Failure, OsError } from "../report.ts";
import type { ProcessImage } from "./image.ts";

/** What is searched when PATH is not set: as the container builds of the skarnet programs have it. */
const DEFAULT_PATH = "/command:/usr/bin:/bin";

type LocatePorts = Pick<Os, "find" | "mayExecute">;

/** True if executing the file of this path and status starts our launcher. */
export type IsOurs = (path: ByteString, status: FileStatus) => boolean;

/** Our own programs, as far as finding them goes. */
export interface OwnFiles {
  readonly isOurs: IsOurs;
  /** True for the name of one of our programs. */
  isName(name: string): boolean;
  /** True for a path where our programs, and those of distributions, usually lie. */
  isUsual(path: ByteString): boolean;
  /**
   * What to execute for our program of that name: for a path where nothing is but where it is usually found, and for a name
   * that no directory of PATH has. What `docker exec`, cron and health checks run has the image's PATH, without ours.
   */
  standIn(path: ByteString): ByteString | undefined;
}

export interface Located {
  /** The files to try, in order, relative to the image's directory. */
  readonly paths: readonly ByteString[];
  /** The name that it has among our programs. */
  readonly ours: string | undefined;
  /** It may not be executed: the image insists on it. */
  readonly plain?: true;
}

/** The paths to try for a command name, in order. An empty element of PATH is the current directory. */
export function candidates(name: ByteString, path: ByteString | undefined): ByteString[] {
  return Array.from(eachCandidate(name, path));
}

/** The same, one by one: what is looked for is usually among the first, and PATH may be as long as a variable can be. */
export function* eachCandidate(name: ByteString, path: ByteString = DEFAULT_PATH): Generator<ByteString> {
  if (name.includes("/")) return yield name;
  for (let at = 0; at <= path.length;) {
    const colon = path.indexOf(":", at);
    const end = colon < 0 ? path.length : colon;
    yield end === at ? name : `${path.slice(at, end)}/${name}`;
    at = end + 1;
  }
}

/**
 * The file that argv[0] of the image (or its own `file`) would execute.
 * @throws Failure 127 if there is none, 126 if there is one that may not be executed
 */
export function locate(os: LocatePorts, image: ProcessImage, own: OwnFiles): Located {
  const name = image.file ?? image.argv[0] ?? "";
  let refused: string | undefined;
  for (const path of eachCandidate(name, image.searchPath ?? image.environment.get("PATH"))) {
    const found = probe(os, image.resolve(path), own.isOurs);
    if (found === "missing") continue;
    // By the file, not by argv[0], which exec -a makes up.
    if (found === "ours") return { paths: [path], ours: baseName(path) };
    if (found === "executable") return { paths: [path], ours: undefined };
    if (found === "plain" && image.insists) return { paths: [path], ours: undefined, plain: true };
    refused ??= found === "plain" ? "Permission denied" : found;
  }
  if (refused !== undefined) throw new Failure(EXIT.cannotExecute, `unable to exec ${name}: ${refused}`);
  const standIn = own.standIn(name);
  if (standIn !== undefined) return { paths: [standIn], ours: baseName(name) };
  throw new Failure(EXIT.notFound, `unable to exec ${name}: No such file or directory`);
}

/** The last component of a path. */
export function baseName(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** "ours", "executable", "plain" (a file that is not executable), "missing", or the reason why it may not be executed. */
function probe(os: LocatePorts, path: ByteString, isOurs: IsOurs): string {
  try {
    const status = os.find(path);
    if (status === undefined) return "missing";
    if (isOurs(path, status)) return "ours";
    if (status.kind !== "file") return "Permission denied";
    return os.mayExecute(path) ? "executable" : "plain";
  } catch (error) {
    if (error instanceof OsError) return error.reason;
    throw error;
  }
}
