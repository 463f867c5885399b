// Links that COPY has destroyed: a directory of the build that has the name of a link in the image takes the link's place,
// and with it everything that was found through it.

import type { ByteString } from "../../bytes.ts";
import { COMMANDS } from "../boot/search_path.ts";
import { PATHS } from "../paths.ts";
import type { ImageRule } from "./ignored_rules.ts";
import type { ImageTree } from "./image_tree.ts";
import type { LintedImage, LintFault } from "./linted_image.ts";

/** Links into /usr in a merged image, with what /usr always has there; of sbin there is no telling. */
const MERGED: Readonly<Record<string, RegExp | undefined>> = {
  bin: /^sh$/,
  sbin: undefined,
  lib: /^(?:ld-|libc\.|(?:x86_64|aarch64)-linux-)/,
  lib64: /^ld-/,
};
const MOST_NAMES = 16_384;
const MOST_SHOWN = 5;

function* replacedLink({ tree, survey }: LintedImage): Generator<LintFault> {
  if (!survey.isWhole) return;
  for (const [name, always] of Object.entries(MERGED)) {
    if (!isReplaced(tree, name, always)) continue;
    yield {
      severity: "error",
      path: `/${name}`,
      text: `is a directory, where the image had a link to usr/${name}: what is in /usr/${name} is not found here`,
      cure: `put what is in it into /usr/${name}, as COPY of a directory ${name} takes the place of the link`,
    };
  }
}

function isLinkIntoUsr(tree: ImageTree, name: string): boolean {
  return /^\/?usr\//.test(tree.linkTarget(`/${name}`) ?? "");
}

/** A directory without what /usr has: without a shell at all, or in an image that has links beside it. */
function isReplaced(tree: ImageTree, name: string, always: RegExp | undefined): boolean {
  if (tree.entry(`/${name}`)?.kind !== "directory" || tree.find(`/usr/${name}`)?.kind !== "directory") return false;
  const isLink = (other: string): boolean => isLinkIntoUsr(tree, other);
  const [here, usr] = [tree.list(`/${name}`, MOST_NAMES), tree.list(`/usr/${name}`, MOST_NAMES)];
  if (always === undefined) return here.length < usr.length && isLink("bin") && isLink("lib");
  const has = (names: readonly ByteString[]): boolean => names.some((entry) => always.test(entry));
  return has(usr) && !has(here) && (name === "bin" || Object.keys(MERGED).some(isLink));
}

/** Where the way into the overlay may lie by another name. */
const ENTRANCES = ["/", "/sbin", "/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin"];

function* entrance({ tree, survey, own }: LintedImage): Generator<LintFault> {
  if (!survey.isWhole) return;
  const launcher = tree.find(PATHS.launcher);
  if (launcher === undefined) {
    const cure = "ADD s6-overlay-amd64.tar.gz / (or that of the image's architecture)";
    return yield {
      severity: "error",
      path: PATHS.launcher,
      text: "is missing: the image does not have the overlay",
      cure,
    };
  }
  const leads = (path: ByteString): boolean => {
    const status = tree.find(path);
    return status?.inode === launcher.inode && status.device === launcher.device;
  };
  if (leads("/init") || entrancesBesides(tree, own.names).some(leads)) return;
  const kind = tree.find("/init")?.kind;
  yield {
    severity: kind === undefined ? "error" : "warning",
    path: "/init",
    text: kind === undefined
      ? "is missing"
      : `is a ${kind} that is not the overlay's: it must end in the overlay's init`,
    cure: 'ADD the tarball behind what removes or replaces it, and leave ENTRYPOINT ["/init"]',
  };
}

/** Links that are not called as one of our programs: an image has renamed /init. */
function entrancesBesides(tree: ImageTree, names: readonly string[]): ByteString[] {
  return ENTRANCES.flatMap((directory) =>
    tree.list(directory, MOST_NAMES).filter((name) => !names.includes(name)).map((name) => `${directory}/${name}`)
      .filter((path) => tree.entry(path)?.kind === "link")
  );
}

function* commandLinks({ tree, survey, own }: LintedImage): Generator<LintFault> {
  if (!survey.isWhole || tree.find(PATHS.launcher) === undefined) return;
  const missing = own.names.filter((name) => tree.find(`${COMMANDS}/${name}`) === undefined);
  if (missing.length === 0) return;
  const isAll = missing.length === own.names.length;
  const some = missing.slice(0, MOST_SHOWN).join(", ") + (missing.length > MOST_SHOWN ? ", ..." : "");
  yield {
    severity: "error",
    path: COMMANDS,
    text: isAll ? "has none of the overlay's programs" : `does not have ${some}`,
    cure: "ADD the tarball behind what removes or replaces them",
  };
}

export const LAYOUT_RULES: Readonly<Record<string, ImageRule>> = {
  "replaced-link": replacedLink,
  "entrance": entrance,
  "command-links": commandLinks,
};
