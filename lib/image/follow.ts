// Following a chain: from a command to the program it comes down to. Names are found as exec would find them; a script
// is replaced by its interpreter's command; a program of ours that chains is computed, not run. The walk ends at the
// first program that is not ours, or that is ours but does something.

import { type ByteString, byteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { Failure, isErrno } from "../report.ts";
import type { ProcessImage } from "./image.ts";
import { locate, type Located, type LocatePorts, type OwnFiles } from "./locate.ts";
import { HEAD_SIZE, interpreted, parseShebang, type Shebang, wordsOfEnv } from "./shebang.ts";

export type FollowPorts = LocatePorts & Pick<Os, "open" | "read" | "close">;

/** What one of our own programs does with an image. */
export type Link =
  | { readonly kind: "next"; readonly image: ProcessImage }
  /** It is no chain program: it has to be run. */
  | { readonly kind: "end" };

/** Our own programs, as far as following a chain goes. */
export interface Links extends OwnFiles {
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
    if (image.elsewhere) return { kind: "program", path, ours: undefined, image, by };
    if (ours !== undefined) {
      const link = links.link(ours, image);
      if (link.kind === "end") return { kind: "program", path, ours, image, by };
      by = ours;
      image = link.image;
      continue;
    }
    const next = scripts++ < MOST_SCRIPTS ? script(os, links, image, found, "also ours") : undefined;
    if (next === undefined) return { kind: "program", path, ours: undefined, image, by };
    image = next;
  }
}

/**
 * The image that has a file to execute as the kernel executes it, and that file. Only scripts that the kernel would not
 * run are replaced by the commands they stand for.
 * @throws Failure 126/127 if a command cannot be found
 */
export function unfollowed(
  os: FollowPorts,
  links: OwnFiles,
  start: ProcessImage,
): { readonly path: ByteString; readonly image: ProcessImage } {
  let image = start;
  for (let scripts = 0;; scripts++) {
    const found = locate(os, image, links);
    const next = found.ours === undefined && scripts < MOST_SCRIPTS
      ? script(os, links, image, found, "the kernel's failures")
      : undefined;
    if (next === undefined) return { path: found.path, image };
    image = next;
  }
}

/** If the file is a script that is for us to run, the command it stands for: the kernel cannot, or its interpreter is ours. */
function script(
  os: FollowPorts,
  links: OwnFiles,
  image: ProcessImage,
  { path, plain }: Located,
  which: "the kernel's failures" | "also ours",
): ProcessImage | undefined {
  const shebang = parseShebang(readHead(os, image.resolve(path)));
  if (shebang === undefined) return undefined;
  const command = image.run(interpreted(shebang, path, image.argv));
  const interpreter = image.resolve(shebang.interpreter);
  const status = os.find(interpreter);
  if (status === undefined) return withoutInterpreter(links, image, shebang, path) ?? (plain && command);
  return plain || (which === "also ours" && links.isOurs(interpreter, status)) ? command : undefined;
}

/** The command of a script whose interpreter is not there, but a program of ours that goes by the same name. */
function withoutInterpreter(
  links: OwnFiles,
  image: ProcessImage,
  shebang: Shebang,
  path: ByteString,
): ProcessImage | undefined {
  const words = wordsOfEnv(shebang);
  if (words !== undefined) return image.run([...words, path, ...image.argv.slice(1)]);
  if (links.standIn(shebang.interpreter) === undefined) return undefined;
  return image.run(interpreted(shebang, path, image.argv));
}

/** The first bytes of a file; empty if it cannot be read (it may still be executed). */
export function readHead(os: Pick<Os, "open" | "read" | "close">, path: ByteString): ByteString {
  try {
    const fd = os.open(path, ["read", "nonblocking"]);
    try {
      return headOf(os, fd);
    } finally {
      os.close(fd);
    }
  } catch (error) {
    if (isErrno(error, ...UNREADABLE)) return "";
    throw error;
  }
}

const UNREADABLE = ["EACCES", "EPERM", "ENOENT", "ENOTDIR", "EISDIR", "ELOOP", "ENXIO", "ETXTBSY"];

/** The first bytes from a descriptor. */
export function headOf(os: Pick<Os, "read">, fd: number): ByteString {
  const head = new Uint8Array(new ArrayBuffer(HEAD_SIZE));
  return byteString(head.subarray(0, os.read(fd, head)));
}

/** The file of the image's command; undefined if there is none but another command to run then. */
function find(os: FollowPorts, links: Links, image: ProcessImage, by: string | undefined): Located | undefined {
  try {
    return locate(os, image, links);
  } catch (error) {
    if (image.otherwise !== undefined && error instanceof Failure) return undefined;
    // That there is none is the failure of the program before it.
    throw by === undefined ? error : new LinkError(by, error, image);
  }
}
