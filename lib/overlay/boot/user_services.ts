// Services of the image, copied to where they run, with scripts that can run. A copy appears there as a whole, and what is too
// large for process 1 to copy is refused.

import type { ByteString } from "../../bytes.ts";
import { copyInSlices, TooMuch } from "../../copy.ts";
import type { Door, Os } from "../../os/os.ts";
import { ifThere, isErrno, OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { type RemovePorts, removeTree } from "../../tree.ts";
import { type CopiedOs, type OptionsOf, serviceOptions } from "./copied_files.ts";
import { isElsewhere } from "./elsewhere.ts";
import { convertLineEnds, hasForeignLineEnds, MOST_CONVERTED, scriptHead } from "./line_ends.ts";
import { PATHS } from "../paths.ts";
import { type DirectoryOs, type HeldDirectory, withHeld } from "./user_directories.ts";
import { SERVICE_SCRIPTS } from "./user_modes.ts";

export type ServicesOs =
  & CopiedOs
  & RemovePorts
  & DirectoryOs
  & Pick<Os, "rename" | "replaceFile" | "fchmod">
  & { readonly door: Pick<Door, "hold" | "find" | "list" | "readHead" | "readWhole"> };

/** No scanner reads it, as its name begins with a dot. */
const UNFINISHED = `${PATHS.services}/.copy`;

/** Of some entries of a user's services.d those that are services. */
export interface Provided {
  readonly names: readonly ByteString[];
  /** Those that a child has to read. */
  readonly elsewhere: readonly ByteString[];
}

/**
 * Copies services to where they run, yielding now and then. What fails is reported and left out.
 * @param source the held directory of services
 * @param shown where the user has that directory, for messages
 */
export function* provideServices(
  os: ServicesOs,
  source: HeldDirectory,
  shown: ByteString,
  names: readonly ByteString[],
  report: Reporter,
): Generator<void, Provided> {
  const optionsOf = serviceOptions(os, report);
  const [provided, elsewhere]: ByteString[][] = [[], []];
  for (const name of names) {
    try {
      const kind = os.door.find(name, source.fd)?.kind;
      if (kind === undefined) {
        const target = os.readLinkAt(source.fd, name);
        report(
          "warning",
          "services.d",
          `${shown}/${name} is a link to ${target}, which does not exist: it is left out`,
        );
      }
      if (kind !== "directory") continue;
      yield* provide(os, source, optionsOf, name, `${shown}/${name}`, report);
      provided!.push(name);
    } catch (error) {
      if (isElsewhere(error)) elsewhere!.push(name);
      else if (error instanceof TooMuch) report("warning", "services.d", `${name}: ${refusal(error)}`);
      else report("warning", "services.d", `${name}: ${textOf(error)}${ownerOf(os, source, error)}`);
    }
  }
  return { names: provided!, elsewhere: elsewhere! };
}

/** Whose the file is that may not be read, as the owner is what has to change. */
function ownerOf({ door }: ServicesOs, { fd }: HeldDirectory, error: unknown): string {
  if (!isErrno(error, "EACCES", "EPERM")) return "";
  try {
    const status = door.find(error.object, fd);
    if (status === undefined) return "";
    const mode = status.mode.toString(8).padStart(4, "0");
    return `: it belongs to user ${status.uid} and has mode ${mode}, and is not for this user to read ` +
      "(chmod 755 it; root without the capability DAC_OVERRIDE is like any other user)";
  } catch (failure) {
    if (failure instanceof OsError) return "";
    throw failure;
  }
}

function refusal({ message }: TooMuch): string {
  return `${message}, and is not started: leave in services.d what starts it, and put the rest elsewhere in the image`;
}

function* provide(
  os: ServicesOs,
  source: HeldDirectory,
  optionsOf: OptionsOf,
  name: ByteString,
  shown: ByteString,
  report: Reporter,
): Generator<void> {
  const to = `${PATHS.services}/${name}`;
  // One that was put there by a script is completed in its place.
  const place = isThere(os, to) ? to : UNFINISHED;
  if (place === UNFINISHED) removeTree(os, UNFINISHED);
  try {
    yield* copyInSlices(os, name, place, optionsOf(source, name));
    makeRunnable(os, source, name, place, shown, report);
    if (os.lstat(place).kind === "directory" && !isThere(os, `${place}/run`)) {
      report(
        "warning",
        "services.d",
        `${shown} has no run, which is what is started: ` +
          "put the program or a script there under that name, or remove the directory",
      );
    }
    if (place === UNFINISHED) os.rename(UNFINISHED, to);
  } catch (error) {
    if (place === UNFINISHED) removeTree(os, UNFINISHED);
    throw error;
  }
}

function isThere(os: Pick<Os, "lstat">, path: ByteString): boolean {
  return ifThere(() => os.lstat(path)) !== undefined;
}

function makeRunnable(
  os: ServicesOs,
  source: HeldDirectory,
  name: ByteString,
  place: ByteString,
  shown: ByteString,
  report: Reporter,
): void {
  // A link to a directory is one here as well: what it leads to stays as it is.
  if (os.lstat(place).kind !== "directory") return;
  withHeld(os, { fd: os.door.hold(place), path: place }, (copy) => {
    for (const script of SERVICE_SCRIPTS) {
      const directory = script.slice(0, Math.max(0, script.lastIndexOf("/")));
      if (directory !== "" && os.door.find(directory, copy.fd, { links: "refuse" })?.kind !== "directory") continue;
      const original = `${name}/${script}`;
      if (hasForeignLineEnds(scriptHead(os, original, source.fd))) {
        const content = os.door.readWhole(original, MOST_CONVERTED, source.fd);
        convertLineEnds(os, content, `${place}/${script}`, `${shown}/${script}`, report);
      } else makeExecutable(os, copy.fd, script);
    }
  });
}

function makeExecutable(os: ServicesOs, directory: number, script: ByteString): void {
  const status = os.door.find(script, directory, { links: "refuse" });
  if (status?.kind !== "file" || (status.mode & 0o111) !== 0) return;
  const fd = os.openAt(directory, script, ["path", "nofollow"]);
  try {
    os.fchmod(fd, 0o755);
  } catch (error) {
    if (!isErrno(error, "EPERM", "EROFS")) throw error;
  } finally {
    os.close(fd);
  }
}
