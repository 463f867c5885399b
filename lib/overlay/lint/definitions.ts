// What an image of generation 3 defines, read as the boot does it: what the boot would refuse is kept instead of ending it.

import type { ByteString } from "../../bytes.ts";
import { compileDefinitions } from "../../rc/compile.ts";
import type { Definition, DefinitionPlace, LongrunDefinition, OneshotDefinition } from "../../rc/definition.ts";
import { DefinitionFailure } from "../../rc/definition.ts";
import type { Graph } from "../../rc/graph.ts";
import { type Progress, VERBOSITY } from "../../rc/progress.ts";
import { type Failure, OsError } from "../../report.ts";
import { TOP } from "../rc/built_in_definitions.ts";
import type { DefinitionPlaces } from "../rc/generation.ts";
import { imageDefinitions } from "../rc/image_definitions.ts";
import { DefinitionFiles } from "./definition_files.ts";
import type { ImageTree } from "./image_tree.ts";

/** What the boot says of it, and where it is. */
export interface RefusedDefinition {
  readonly place: DefinitionPlace;
  readonly text: ByteString;
  readonly cure: ByteString;
}

export interface LintedDefinitions {
  readonly places: DefinitionPlaces;
  /** Those of the image itself. */
  readonly oneshots: readonly OneshotDefinition[];
  readonly longruns: readonly LongrunDefinition[];
  readonly refused: readonly RefusedDefinition[];
  /** Directories whose definition cannot be read, by the names of the services. */
  readonly unread: ReadonlyMap<ByteString, ByteString>;
  /** The services that the boot brings up. */
  readonly started: ReadonlySet<ByteString>;
}

/** Undefined where the image defines nothing. */
export function definitionsOf(tree: ImageTree, places: DefinitionPlaces): LintedDefinitions | undefined {
  if ([places.sources, places.bundles].every((path) => tree.find(path)?.kind !== "directory")) return undefined;
  const refused: RefusedDefinition[] = [];
  const unread = new Map<ByteString, ByteString>();
  const progress: Progress = (from, level, text) => {
    const isTold = level === "warning" && from <= VERBOSITY.warnings && text.includes("will be ignored");
    if (isTold) refused.push({ place: { file: text.split(" ", 1)[0]! }, text, cure: "remove it" });
  };
  const definitions = imageDefinitions(new DefinitionFiles(tree), places, progress, (error, directory, name) => {
    unread.set(name, directory);
    refused.push(refusalOf(error, directory));
  });
  const { graph } = compileDefinitions(definitions, progress, (failure) => {
    const isKnown = failure.place?.name !== undefined && unread.has(failure.place.name);
    if (!isKnown) refused.push(refusalOf(failure, places.sources));
  });
  const own = definitions.filter(({ directory }) => directory.startsWith("/"));
  const ofKind = <K extends Definition["kind"]>(kind: K): Extract<Definition, { kind: K }>[] =>
    own.filter((definition): definition is Extract<Definition, { kind: K }> => definition.kind === kind);
  return {
    places,
    oneshots: ofKind("oneshot"),
    longruns: ofKind("longrun"),
    refused,
    unread,
    started: startedIn(graph),
  };
}

function refusalOf(error: Failure | OsError, directory: ByteString): RefusedDefinition {
  if (error instanceof DefinitionFailure) {
    return { place: error.place ?? { file: directory }, text: error.message, cure: error.cure ?? "" };
  }
  const isOwn = error instanceof OsError && error.object.startsWith(`${directory}/`);
  return { place: { file: isOwn ? error.object : directory }, text: error.message, cure: "" };
}

/** What the bundle of the boot has, and all that this needs. */
function startedIn({ services, bundles }: Graph): ReadonlySet<ByteString> {
  const open = [...bundles.get(TOP) ?? []];
  const numbers = new Set(open);
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    for (const needed of services[number]!.needs) {
      if (!numbers.has(needed)) open.push(needed);
      numbers.add(needed);
    }
  }
  return new Set([...numbers].map((number) => services[number]!.name));
}
