// Where programs are looked for. Ours come first, as in generation 3; but where an image of earlier generations has a
// program of its own with one of these names, it wins, as it does there: by the order of PATH, or as it has
// replaced ours.

import type { ByteString } from "../../bytes.ts";
import type { OwnFiles } from "../../image/locate.ts";
import type { Door, Os } from "../../os/os.ts";
import { unlessRefused } from "../../report.ts";
import { type GenerationOs, holdsDefinition } from "../rc/generation.ts";
import { PATHS } from "../paths.ts";

type SearchOs = GenerationOs & Pick<Os, "readLinkAt"> & {
  readonly door: Pick<Door, "find" | "hold" | "listHead" | "mayExecute">;
};

/** Whose programs are found first, where both have one of a name. */
export type Precedence = "ours" | "the image's";

/** Where programs are looked for when the container does not say. */
export const USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** What the supervision tree has for PATH, whatever the container says, besides our commands. */
const TREE_PATH = "/usr/bin:/usr/sbin:/bin:/sbin";
export const COMMANDS = "/command";

const LOCAL = ["/usr/local/bin", "/usr/local/sbin"];
/** Where ours are installed, but for the words that distributions have there: what else has such a name is the image's. */
const SYSTEM = ["/usr/bin", "/bin"];
const MOST_PROGRAMS = 16_384;

const LATER = "/etc/s6-overlay";
/** The tarball has these directories, without a definition in them. */
const LATER_SERVICES = ["s6-rc.d", "user-bundles.d"];

/** The PATH of the supervision tree. */
export function treePath(first: Precedence): ByteString {
  return withCommands(TREE_PATH, first);
}

/** The container's PATH with our commands in it. */
export function containerPath(given: ByteString = USUAL_PATH, first: Precedence): ByteString {
  return given.split(":").includes(COMMANDS) ? given : withCommands(given, first);
}

function withCommands(path: ByteString, first: Precedence): ByteString {
  return first === "ours" ? `${COMMANDS}:${path}` : `${PATHS.words}:${path}:${COMMANDS}`;
}

/**
 * What the image asks for. A directory that cannot be inspected, or is on another file system, counts as if it were
 * missing.
 */
export function precedenceOf(os: SearchOs, own: Pick<OwnFiles, "isName" | "isOurs">): Precedence {
  const isLater = (): boolean =>
    entries(os, LATER).some((name) => !LATER_SERVICES.includes(name)) ||
    LATER_SERVICES.some((name) => unlessRefused(() => holdsDefinition(os, `${LATER}/${name}`)) === true);
  // What takes longer comes last.
  return !isLater() && hasPrograms(os, own) ? "the image's" : "ours";
}

function hasPrograms(os: SearchOs, own: Pick<OwnFiles, "isName" | "isOurs">): boolean {
  if (LOCAL.some((directory) => holdsImages(os, own, directory, []))) return true;
  const words = [...entries(os, PATHS.words), "init"];
  return SYSTEM.some((directory) => !isLink(os, directory) && holdsImages(os, own, directory, words));
}

/** True if the directory has a program of the image with one of our names, these words apart. */
function holdsImages(
  os: SearchOs,
  own: Pick<OwnFiles, "isName" | "isOurs">,
  directory: ByteString,
  words: readonly ByteString[],
): boolean {
  const named = entries(os, directory).filter((name) => own.isName(name) && !words.includes(name));
  if (named.length === 0) return false;
  const isTheImages = (path: ByteString): boolean => {
    const status = os.door.find(path);
    return status?.kind === "file" && !own.isOurs(path, status) && os.door.mayExecute(path);
  };
  const fd = unlessRefused(() => os.door.hold(directory));
  if (fd === undefined) return false;
  try {
    return named.some((name) =>
      !isLaid(os, fd, name) && unlessRefused(() => isTheImages(`${directory}/${name}`)) === true
    );
  } finally {
    os.close(fd);
  }
}

/**
 * True for a link as the tarball has it, which leads to ours if anywhere. There are 200 of them in /usr/bin, and each boot
 * comes by here: one look at the link's text takes a third of what following it does.
 */
function isLaid(os: SearchOs, directory: number, name: ByteString): boolean {
  return unlessRefused(() => os.readLinkAt(directory, name)) === `../..${COMMANDS}/${name}`;
}

/** Of a directory with more names the first ones. */
function entries({ door }: SearchOs, directory: ByteString): readonly ByteString[] {
  return unlessRefused(() => door.listHead(directory, MOST_PROGRAMS)) ?? [];
}

/** /bin leads to /usr/bin in most images. */
function isLink({ door }: SearchOs, path: ByteString): boolean {
  return unlessRefused(() => door.find(path, undefined, { links: "refuse" })?.kind === "link") ?? true;
}
