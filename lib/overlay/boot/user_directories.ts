// The four directories that an image's user provides, below /var/run/s6/etc: links to where they lie, or copies. They
// are held while something is done in them, and reached on the root file system only; what lies elsewhere a child
// reads.

import type { ByteString } from "../../bytes.ts";
import type { Environment } from "../../environment.ts";
import type { Door, Os } from "../../os/os.ts";
import { about, ifThere, textOf } from "../../report.ts";
import { haveDone, isElsewhere } from "./elsewhere.ts";
import { PATHS } from "../paths.ts";
import type { ScriptPorts } from "../scripts.ts";
import type { Steps } from "../steps.ts";

export type UserDirectory = "fix-attrs.d" | "cont-init.d" | "cont-finish.d" | "services.d";
export const USER_DIRECTORIES: readonly UserDirectory[] = ["fix-attrs.d", "cont-init.d", "cont-finish.d", "services.d"];

/** How many entries may be in one of them. */
export const MOST_ENTRIES = 4096;
const LONGEST_NAME = 255;

export type DirectoryOs =
  & Pick<Os, "here" | "close" | "readLinkAt">
  & { readonly door: Pick<Door, "hold" | "find" | "list"> };

/** A directory that is held, and its path for messages and links. */
export interface HeldDirectory {
  readonly fd: number;
  readonly path: ByteString;
}

/** Where the stages find a user's directory. */
export function userDirectory(directory: UserDirectory): ByteString {
  return `${PATHS.userFiles}/${directory}`;
}

/** One of the scripts there, by the path that its interpreter gets. */
export function scriptPath(os: Pick<Os, "actualPath">, directory: UserDirectory, name: ByteString): ByteString {
  return os.actualPath(`${userDirectory(directory)}/${name}`);
}

/**
 * Holds a user's directory; undefined if it is missing. To be closed.
 * @throws OsError EXDEV if it is on another file system than "/"
 */
export function holdUserDirectory(os: DirectoryOs, directory: UserDirectory): HeldDirectory | undefined {
  const path = userDirectory(directory);
  const target = linkTarget(os, path);
  return target === undefined ? hold(os, path, "cross") : hold(os, target, "refuse");
}

/** Holds a directory of the root file system; undefined if it is missing, or none. */
export function holdProvided(os: DirectoryOs, path: ByteString): HeldDirectory | undefined {
  return hold(os, path, "refuse");
}

function hold(os: DirectoryOs, path: ByteString, mounts: "cross" | "refuse"): HeldDirectory | undefined {
  return ifThere(() => ({ fd: os.door.hold(path, undefined, { mounts }), path }), "ENOTDIR");
}

/** Undefined for what is not a link. */
function linkTarget(os: DirectoryOs, path: ByteString): ByteString | undefined {
  const target = ifThere(() => os.readLinkAt(os.here, path), "EINVAL", "ENOTDIR");
  return target === undefined || target.startsWith("/") ? target : `${PATHS.userFiles}/${target}`;
}

/** Does something with a held directory, and lets it go. */
export function withHeld<T>(os: Pick<Os, "close">, held: HeldDirectory, use: (held: HeldDirectory) => T): T {
  try {
    return use(held);
  } finally {
    os.close(held.fd);
  }
}

/**
 * All entries of a held directory in the order of their bytes.
 * @throws OsError EFBIG if there are more than MOST_ENTRIES
 */
export function listed(os: DirectoryOs, { fd, path }: HeldDirectory): ByteString[] {
  return about("list", path, () => os.door.list(".", MOST_ENTRIES, fd)).sort();
}

/** As listed, without those that begin with a dot. */
export function visible(os: DirectoryOs, held: HeldDirectory): ByteString[] {
  return listed(os, held).filter((name) => !name.startsWith("."));
}

/** The entries of a user's directory; undefined if it is missing. */
export function visibleEntries(os: DirectoryOs, directory: UserDirectory): ByteString[] | undefined {
  const held = holdUserDirectory(os, directory);
  return held && withHeld(os, held, (held) => visible(os, held));
}

interface ListingPorts extends ScriptPorts {
  readonly os: ScriptPorts["os"] & ListingOs;
  /** The environment of the supervision tree. */
  readonly tree: Environment;
}

export type ListingOs = DirectoryOs & { readonly door: Pick<Door, "readWhole"> };

/**
 * The entries of a user's directory, listed by a child where it lies on another file system. Undefined if it is
 * missing; what cannot be listed is reported, and has none.
 * @param limit how long such a child may take, in milliseconds (0: as long as it takes)
 */
export function* entries(ports: ListingPorts, directory: UserDirectory, limit = 0): Steps<ByteString[] | undefined> {
  const { os, report, tree } = ports;
  try {
    return visibleEntries(os, directory);
  } catch (error) {
    if (!isElsewhere(error)) {
      report("warning", "s6-init", textOf(error));
      return [];
    }
  }
  if (!(yield* haveDone(ports, directory, "list", [directory], tree, limit))) return [];
  const listing = readListing(os);
  return listing === "" ? undefined : listing.split("\0").filter((name) => name !== "");
}

/** What the child writes: a NUL and names with NULs behind; nothing if the directory is missing. */
export function listingOf(names: readonly ByteString[] | undefined): ByteString {
  return names === undefined ? "" : ["", ...names, ""].join("\0");
}

export const LISTING = "listing";

function readListing(os: ListingOs): ByteString {
  const state = os.door.hold(PATHS.state);
  try {
    return os.door.readWhole(LISTING, MOST_ENTRIES * (LONGEST_NAME + 1), state);
  } finally {
    os.close(state);
  }
}
