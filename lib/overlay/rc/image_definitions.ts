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
import { SHIPPED_SOURCES } from "./places.ts";

/**
 * @param refused takes what is wrong with an entry of a directory; without it the first one is thrown
 * @param shipped definitions that count if the image names one of them that it does not define
 * @throws DefinitionFailure
 */
export function imageDefinitions(
  os: SourcePorts,
  places: DefinitionPlaces,
  progress: Progress,
  refused: RefusedEntry = refusedAtOnce,
  shipped: ByteString = SHIPPED_SOURCES,
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
  const defined = [...given, ...own];
  return [...shippedDefinitions(os, shipped, defined, progress), ...defined];
}

/** All of them but those that the image defines itself; none where it names none. */
function shippedDefinitions(
  os: SourcePorts,
  shipped: ByteString,
  defined: readonly Definition[],
  progress: Progress,
): readonly Definition[] {
  const names = namesOf(defined);
  const isMissing = defined.some((definition) => mentionsOf(definition).some(({ name }) => !names.has(name)));
  if (!isMissing || !isFilled(os, shipped)) return [];
  const more = readSources(os, [shipped], progress, [...names]);
  const others = namesOf(more);
  const isNamed = defined.some((definition) => mentionsOf(definition).some(({ name }) => others.has(name)));
  return isNamed ? more : [];
}

/** Pipelines are bundles, by the names that definitions of their last consumers give them. */
function namesOf(definitions: readonly Definition[]): ReadonlySet<ByteString> {
  const pipelines = definitions.flatMap((definition) =>
    definition.kind === "longrun" ? definition.pipelineName ?? [] : []
  );
  return new Set([...definitions, ...pipelines].map(({ name }) => name));
}

function mentionsOf(definition: Definition): readonly Mention[] {
  return definition.kind === "bundle" ? definition.contents : definition.dependencies;
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
