// Which generation of s6-overlay an image is made for, by what it defines: services in s6-rc.d are those of generation 3.

import type { ByteString } from "../../bytes.ts";
import type { Door, Os } from "../../os/os.ts";
import { ifThere, isErrno, OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { sourceOf } from "../boot/profile.ts";
import { MOST_ENTRIES } from "../boot/user_directories.ts";
import { SETTINGS, type Settings } from "../settings.ts";

export type GenerationOs = Pick<Os, "close"> & { readonly door: Pick<Door, "hold" | "find" | "list" | "readHead"> };

/** Where an image of generation 3 defines services, and which of them are started. */
export interface DefinitionPlaces {
  readonly sources: ByteString;
  readonly bundles: ByteString;
}

/** How much is read of what says of which type a source is. */
export const TYPE_SIZE = 64;

/** True if it says that the source is a bundle: a name for others. */
function isBundle(type: ByteString): boolean {
  return /^bundle\s*$/.test(type);
}

export function definitionPlaces(settings: Pick<Settings, "get">): DefinitionPlaces {
  return definitionPlacesIn(sourceOf(settings), settings.get("bundleDirectory"));
}

/** @param bundles where they are instead, unless it is empty */
export function definitionPlacesIn(source: ByteString, bundles: ByteString): DefinitionPlaces {
  const directory = `${source}/s6-overlay`;
  return { sources: `${directory}/s6-rc.d`, bundles: bundles === "" ? `${directory}/user-bundles.d` : bundles };
}

/** As the image has it now: a hook may have added definitions. */
export function generationOf(
  os: GenerationOs,
  settings: Pick<Settings, "get" | "refuse">,
  report: Reporter,
): 2 | 3 {
  const given = settings.get("generation");
  if (given === 2 || given === 3) return given;
  if (given !== 0) settings.refuse("generation", "there are the generations 2 and 3");
  const { sources, bundles } = definitionPlaces(settings);
  const mayHold = (directory: ByteString): boolean => {
    try {
      return holdsDefinition(os, directory);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      // What is on another file system may hold one: what reads it sees. What fails now may not fail then.
      if (!isErrno(error, "EXDEV")) {
        const cure = `set ${SETTINGS.generation.variable} to 2 where it is not`;
        report("warning", "s6-init", `${textOf(error)}: taking the image for one of generation 3 (${cure})`);
      }
      return true;
    }
  };
  return mayHold(sources) || mayHold(bundles) ? 3 : 2;
}

/** @throws OsError where it cannot be told */
export function holdsDefinition(os: GenerationOs, path: ByteString): boolean {
  const { door } = os;
  const directory = ifThere(() => door.hold(path, undefined, { mounts: "refuse" }), "ENOTDIR");
  if (directory === undefined) return false;
  try {
    return door.list(".", MOST_ENTRIES, directory).some((name) => isDefinition(door, name, directory));
  } finally {
    os.close(directory);
  }
}

/** A bundle without members, as the tarball has them, is no wish for anything. */
function isDefinition(door: GenerationOs["door"], name: ByteString, directory: number): boolean {
  if (name.startsWith(".")) return false;
  const has = (file: string): boolean =>
    ifThere(() => door.find(`${name}/${file}`, directory), "ENOTDIR") !== undefined;
  if (has("type") && !isBundle(door.readHead(`${name}/type`, TYPE_SIZE, directory))) return true;
  if (has("run") || has("up") || has("contents")) return true;
  const members = ifThere(() => door.list(`${name}/contents.d`, MOST_ENTRIES, directory), "ENOTDIR") ?? [];
  return members.some((member) => !member.startsWith("."));
}
