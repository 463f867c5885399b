// Following a chain: from a command to the program it comes down to. Names are found as exec would find them; a script
// is replaced by its interpreter's command; a program of ours that chains is computed, not run. The walk ends at the
// first program that is not ours, or that is ours but does something.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { Failure, isErrno } from "../report.ts";
import type { ProcessImage } from "./image.ts";
import { type IsOurs, locate, type Located, type LocatePorts } from "./locate.ts";
import { HEAD_SIZE, interpreted, parseShebang } from "./shebang.ts";

export type FollowPorts = LocatePorts & Pick<Os, "open" | "read" | "close">;

/** What one of our own programs does with an image. */
export type Link =
  | { readonly kind: "next"; readonly image: ProcessImage }
  /** It is no chain program: it has to be run. */
  | { readonly kind: "end" };

/** Our own programs, as far as following a chain goes. */
export interface Links {
  readonly isOurs: IsOurs;
  /**
   * The link for our program of that name.
   * @throws LinkError with whatever the program itself would fail with
   */
  link(name: string, image: ProcessImage): Link;
}

/** A program of ours in a chain failed: what it would have printed, and its name. */
export class LinkError extends Error {
  /** @param image the process that it found: what the programs before it have asked for is still to be done */
  constructor(readonly by: string, override readonly cause: unknown, readonly image?: ProcessImage) {
    super(`${by} failed`);
  }
}

export type Destination =
  /** The command is empty: a chain that has nothing left to run has succeeded. */
  | { readonly kind: "nothing"; readonly image: ProcessImage }
  /** A file to execute. `by` is the last chain program passed, if any. */
  | {
    readonly kind: "program";
    readonly path: ByteString;
    /** The program of ours that it is; undefined if it is not our launcher. */
    readonly ours: string | undefined;
    readonly image: ProcessImage;
    readonly by: string | undefined;
  };

// The kernel follows at most four interpreters that are scripts themselves; scripts of ours may call each other more.
const MOST_SCRIPTS = 16;

/** @throws LinkError, or Failure 126/127 if a command cannot be found */
export function follow(os: FollowPorts, links: Links, start: ProcessImage): Destination {
  let image = start;
  let by: string | undefined;
  let scripts = 0;
  for (;;) {
    if (image.argv.length === 0) return { kind: "nothing", image };
    const found = find(os, links, image, by);
    if (found === undefined) {
      image = image.fallback!;
      continue;
    }
    const { path, ours } = found;
    if (ours) {
      // By the file, not by argv[0], which exec -a makes up.
      const name = baseName(path);
      const link = links.link(name, image);
      if (link.kind === "end") return { kind: "program", path, ours: name, image, by };
      by = name;
      image = link.image;
      continue;
    }
    const next = scripts++ < MOST_SCRIPTS ? ownScript(os, links, image, path) : undefined;
    if (next === undefined) return { kind: "program", path, ours: undefined, image, by };
    image = next;
  }
}

/** If the file is a script whose interpreter is ours, the command it stands for. */
function ownScript(os: FollowPorts, links: Links, image: ProcessImage, path: ByteString): ProcessImage | undefined {
  const shebang = parseShebang(readHead(os, image.resolve(path)));
  if (shebang === undefined) return undefined;
  const interpreter = image.resolve(shebang.interpreter);
  const status = os.find(interpreter);
  if (status === undefined || !links.isOurs(interpreter, status)) return undefined;
  return image.run(interpreted(shebang, path, image.argv));
}

/** The first bytes of a file; empty if it cannot be read (it may still be executed). */
export function readHead(os: Pick<Os, "open" | "read" | "close">, path: ByteString): ByteString {
  const head = new Uint8Array(new ArrayBuffer(HEAD_SIZE));
  let fd: number;
  try {
    fd = os.open(path, ["read", "nonblocking"]);
  } catch (error) {
    if (isErrno(error, "EACCES", "EPERM", "ENOENT", "ENXIO", "ETXTBSY")) return "";
    throw error;
  }
  try {
    return String.fromCharCode(...head.subarray(0, os.read(fd, head)));
  } finally {
    os.close(fd);
  }
}

/** The file of the image's command; undefined if there is none but another command to run then. */
function find(os: FollowPorts, links: Links, image: ProcessImage, by: string | undefined): Located | undefined {
  try {
    return locate(os, image, links.isOurs);
  } catch (error) {
    if (image.otherwise !== undefined && error instanceof Failure) return undefined;
    // That there is none is the failure of the program before it.
    throw by === undefined ? error : new LinkError(by, error, image);
  }
}

/** The last component of a path. */
export function baseName(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf("/") + 1);
}
