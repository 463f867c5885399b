// What is left of an original that the overlay was installed over: files that nothing leads to any more, and programs that are
// found in /bin where the overlay has its own in /command and /usr/bin.

import type { ByteString } from "../../bytes.ts";
import { COMMANDS } from "../boot/search_path.ts";
import { PATHS } from "../paths.ts";
import type { ImageRule } from "./ignored_rules.ts";
import type { LintedImage, LintFault } from "./linted_image.ts";

const MOST_NAMES = 16_384;
const MOST_SHOWN = 5;
/** How much of a script is searched for what it calls. */
const SEARCHED = 64 * 1024;

/** Where generation 3 installs its packages, each in a directory with its version, which a link without it leads to. */
const PACKAGES = "/package/admin";
const PACKAGE_NAME =
  /^(execline|s6|s6-rc|s6-linux-init|s6-portable-utils|s6-linux-utils|s6-dns|s6-networking|s6-overlay|s6-overlay-helpers)-\d/;
/** What only images of generation 2 have. */
const OF_GENERATION_2 = ["/bin/s6-overlay-preinit", "/etc/s6/init-catchall", "/etc/s6/init-no-catchall"];

/** True where the overlay is: without it, it is for others to say what is left over. */
function hasOverlay({ tree, survey }: LintedImage): boolean {
  return survey.isWhole && tree.find(PATHS.launcher) !== undefined;
}

function* packages(image: LintedImage): Generator<LintFault> {
  const { tree } = image;
  if (!hasOverlay(image)) return;
  const found = tree.list(PACKAGES, MOST_NAMES).flatMap((name) => {
    const [, product] = PACKAGE_NAME.exec(name) ?? [];
    return product !== undefined && tree.entry(`${PACKAGES}/${name}`)?.kind === "directory" ? [{ name, product }] : [];
  });
  if (found.length === 0) return;
  const uses = usesOf(image);
  for (const { name, product } of found) {
    const paths = [`${PACKAGES}/${name}/`, `${PACKAGES}/${product}/`].map((path) => path.slice(1));
    if (uses.some((text) => paths.some((path) => text.includes(path)))) continue;
    yield {
      severity: "hint",
      path: `${PACKAGES}/${name}`,
      text: "is left of another installation, and nothing in the image leads there",
      cure: "remove it where it was installed, as a later layer makes no image smaller",
    };
  }
}

/** Where links to programs lead, and what scripts say. */
function usesOf({ tree, survey }: LintedImage): readonly ByteString[] {
  const links = [COMMANDS, "/usr/bin", "/bin"].flatMap((directory) =>
    tree.list(directory, MOST_NAMES).map((name) => tree.linkTarget(`${directory}/${name}`) ?? "")
  );
  return [...links, ...survey.scripts.map(({ path }) => tree.readHead(path, SEARCHED))];
}

function* shadowedPrograms(image: LintedImage): Generator<LintFault> {
  const { tree, own } = image;
  if (!hasOverlay(image) || !OF_GENERATION_2.some((path) => tree.entry(path) !== undefined)) return;
  // Where /bin is a link, what it shows is that of another directory.
  if (tree.entry("/bin")?.kind !== "directory") return;
  const names = own.names.filter((name) => tree.entry(`/bin/${name}`)?.kind === "file");
  if (names.length === 0) return;
  const some = names.slice(0, MOST_SHOWN).join(", ") + (names.length > MOST_SHOWN ? ", ..." : "");
  yield {
    severity: "hint",
    path: "/bin",
    text: `has ${names.length} programs that the overlay has in ${COMMANDS}, too, as left of generation 2: ${some}`,
    cure: "remove them where they were installed; scripts that begin with #!/bin/ and such a name run them, not ours",
  };
}

export const LEFTOVER_RULES: Readonly<Record<string, ImageRule>> = {
  "leftover-package": packages,
  "leftover-programs": shadowedPrograms,
};
