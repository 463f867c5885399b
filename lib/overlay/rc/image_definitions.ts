// All that an image of generation 3 defines: its own services, the bundles that say which of them are started, and what every
// image has. For a child of process 1, as it reads what users have put there.

import type { ByteString } from "../../bytes.ts";
import { type Definition, DefinitionFailure, type Mention } from "../../rc/definition.ts";
import { hasDefinitionFile, readKind, readNames } from "../../rc/definition_file.ts";
import type { Progress } from "../../rc/progress.ts";
import {
  readSources,
  refusedAtOnce,
  type RefusedEntry,
  refuseDuplicate,
  type SourcePorts,
  unlessWrong,
} from "../../rc/source.ts";
import { unlessRefused } from "../../report.ts";
import { BUILT_IN, USER_BUNDLES } from "./built_in_definitions.ts";
import type { DefinitionPlaces } from "./generation.ts";

/** @param refused takes what is wrong with an entry of a directory; without it the first one is thrown */
export function imageDefinitions(
  os: SourcePorts,
  places: DefinitionPlaces,
  progress: Progress,
  refused: RefusedEntry = refusedAtOnce,
): Definition[] {
  const there = [places.sources, places.bundles].filter((directory) => isFilled(os, directory));
  const given = readSources(os, there, progress, USER_BUNDLES, refused);
  const bundles = USER_BUNDLES.flatMap((name) => {
    const directory = `${there[0]}/${name}`;
    return unlessWrong(refused, directory, name, () => userBundle(os, there, name, progress)) ?? [];
  });
  const own = [...bundles, ...BUILT_IN];
  const byName = new Map(given.map((definition) => [definition.name, definition]));
  for (const { name } of own) {
    const first = byName.get(name);
    unlessWrong(refused, first?.directory ?? name, name, () => refuseDuplicate(first, name, "s6-overlay itself"));
  }
  return [...given, ...own];
}

/** One that is missing defines nothing; of one that cannot be read the reading says so. */
function isFilled(os: SourcePorts, directory: ByteString): boolean {
  if (unlessRefused(() => os.find(directory)) === undefined) return false;
  return unlessRefused(() => os.listDirectory(directory))?.some((name) => !name.startsWith(".")) ?? true;
}

/** The bundle as the image has it in both places, old and new; in neither it is empty. A type is not asked for. */
function userBundle(os: SourcePorts, places: readonly ByteString[], name: ByteString, progress: Progress): Definition {
  const directories = places.map((place) => `${place}/${name}`).filter((path) => os.find(path) !== undefined);
  const contents = new Map<ByteString, Mention>();
  for (const directory of directories) {
    if (hasDefinitionFile(os, directory, "type", "read") && readKind(os, directory) !== "bundle") {
      const cure = "the boot starts what is in it: give the service another name, and name it in the bundle";
      throw new DefinitionFailure(`${directory} is not a bundle, and ${name} is one`, cure, 1, {
        file: `${directory}/type`,
      });
    }
    for (const mention of readNames(os, { name, directory }, "contents", progress) ?? []) {
      if (!contents.has(mention.name)) contents.set(mention.name, mention);
    }
  }
  return {
    kind: "bundle",
    name,
    directory: directories[0] ?? "s6-overlay internals",
    essential: directories.some((directory) => hasDefinitionFile(os, directory, "flag-essential", "read")),
    recommended: false,
    contents: [...contents.values()],
  };
}
