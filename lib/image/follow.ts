// Following a chain: from a command to the program it comes down to. Names are found as exec would find them; a script
// is replaced by its interpreter's command; one of our programs that chains is computed, not run. The walk ends at the
// first program that is not ours, or that is ours but does something.

import type { ByteString } from "../bytes.ts";
import { Failure, Reported } from "../report.ts";
import type { ProcessImage } from "./image.ts";
import type { Located, OwnFiles } from "./locate.ts";
import type { Search } from "./search.ts";
import { interpreted, parseShebang, type Shebang, wordsOfEnv } from "./shebang.ts";

/** What one of our own programs does with an image. */
export type Link =
  | { readonly kind: "next"; readonly image: ProcessImage }
  /** It is not a chain program: it has to be run. */
  | { readonly kind: "end" };

/** Our own programs, as far as following a chain goes. */
export interface Links extends OwnFiles {
  /**
   * The link for our program of that name.
   * @throws LinkError with whatever the program itself would fail with
   */
  link(name: string, image: ProcessImage): Link;
}

/** One of our programs in a chain failed: what it would have printed, and its name. */
export class LinkError extends Reported {
  /** @param image the process that it found: what the programs before it have asked for is still to be done */
  constructor(readonly by: string, override readonly cause: unknown, readonly image?: ProcessImage) {
    super(`${by} failed`);
  }
}

/** A file to execute. */
export interface Program {
  readonly image: ProcessImage;
  /** The files to try, in order. */
  readonly paths: readonly ByteString[];
  /** Which of our programs it is; undefined if it is not our launcher. */
  readonly ours: string | undefined;
  /** The last chain program passed, if any. */
  readonly by: string | undefined;
}

export type Destination =
  /** The command is empty: a chain that has nothing left to run has succeeded. */
  | { readonly kind: "nothing"; readonly image: ProcessImage }
  | { readonly kind: "program" } & Program;

// The kernel follows at most four interpreters that are scripts themselves; our own scripts may call each other more.
const MOST_SCRIPTS = 16;

/** @throws LinkError, Failure 126/127 if a command cannot be found, NeedsProcess or BudgetExceeded if it is not to be done here */
export function follow(search: Search, links: Links, start: ProcessImage): Destination {
  let image = start;
  let by: string | undefined;
  let scripts = 0;
  for (;;) {
    if (image.argv.length === 0) return { kind: "nothing", image };
    const found = find(search, image, by);
    if (found === undefined) {
      image = image.fallback!;
      continue;
    }
    const { paths, ours } = found;
    if (image.elsewhere) return { kind: "program", paths, ours: undefined, image, by };
    if (ours !== undefined) {
      const link = links.link(ours, image);
      if (link.kind === "end") return { kind: "program", paths, ours, image, by };
      by = ours;
      image = link.image;
      continue;
    }
    const next = scripts++ < MOST_SCRIPTS ? script(search, links, image, found, "also ours") : undefined;
    if (next === undefined) return { kind: "program", paths, ours: undefined, image, by };
    image = next;
  }
}

/**
 * The image that has a file to execute as the kernel executes it, and that file. Only scripts that the kernel would not
 * run are replaced by the commands they stand for.
 * @throws Failure 126/127 if a command cannot be found
 */
export function unfollowed(search: Search, links: OwnFiles, start: ProcessImage): Program {
  let image = start;
  for (let scripts = 0;; scripts++) {
    const found = search.locate(image);
    const next = found.ours === undefined && scripts < MOST_SCRIPTS
      ? script(search, links, image, found, "the kernel's failures")
      : undefined;
    if (next === undefined) return { paths: found.paths, ours: found.ours, image, by: undefined };
    image = next;
  }
}

/** If the file is a script that is for us to run, the command it stands for: the kernel cannot, or its interpreter is ours. */
function script(
  search: Search,
  links: OwnFiles,
  image: ProcessImage,
  { paths: [path = ""], plain }: Located,
  which: "the kernel's failures" | "also ours",
): ProcessImage | undefined {
  const shebang = parseShebang(search.head(image, path));
  if (shebang === undefined) return undefined;
  const command = image.run(interpreted(shebang, path, image.argv));
  const interpreter = search.interpreter(image, shebang.interpreter);
  if (interpreter === "missing") return withoutInterpreter(links, image, shebang, path) ?? (plain && command);
  return plain || (which === "also ours" && interpreter === "ours") ? command : undefined;
}

/** The command of a script whose interpreter is not there, but one of our programs has its name. */
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

/** The file of the image's command; undefined if there is none but another command to run then. */
function find(search: Search, image: ProcessImage, by: string | undefined): Located | undefined {
  try {
    return search.locate(image);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (image.otherwise !== undefined) return undefined;
    // That there is none is the failure of the program before it.
    throw by === undefined ? error : new LinkError(by, error, image);
  }
}
