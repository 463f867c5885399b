// The conditions of services in s6-rc.d: a child of process 1 takes them from the definitions, and lays them down beside the
// database, where process 1 reads each when the service's turn comes.

import type { ByteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import { type Definition, DefinitionFailure } from "../../rc/definition.ts";
import type { DefinitionPorts } from "../../rc/definition_file.ts";
import { ifThere, OsError } from "../../report.ts";
import { CONDITIONS_FILE } from "../conditions_file.ts";
import { CONDITION_FORMS, LONGEST_CONDITIONS, parseConditions, unmetCondition } from "../conditions.ts";
import { ownFiles, type OwnFilesOs } from "../own_files.ts";
import { CONDITIONS } from "./places.ts";

type DefinedOs = Pick<Os, "readFile" | "lstat"> & Pick<DefinitionPorts, "lacks">;

/** The file and the directories that lead to it, from the service's directory on. */
const STEPS = CONDITIONS_FILE.split("/").map((_, at, words) => words.slice(0, at + 1).join("/"));

/** The text of each service's file, by the service's name; of those that have one. @throws DefinitionFailure */
export function readConditions(
  os: DefinedOs,
  definitions: readonly Definition[],
): ReadonlyMap<ByteString, ByteString> {
  const found = new Map<ByteString, ByteString>();
  for (const { kind, name, directory } of definitions) {
    const path = `${directory}/${CONDITIONS_FILE}`;
    if (kind === "bundle" || !directory.startsWith("/")) continue;
    if (STEPS.some((step) => os.lacks?.(`${directory}/${step}`)) || !isThere(os, path)) continue;
    if (!isPlain(os, directory)) {
      throw new DefinitionFailure(
        `${path} is no list of conditions`,
        `it is a file with ${CONDITION_FORMS} in each line, and no link leads to it`,
      );
    }
    const text = os.readFile(path);
    const parsed = parseConditions(text);
    if ("wrong" in parsed) {
      throw new DefinitionFailure(`invalid ${path}: "${parsed.wrong}"`, `a condition is ${CONDITION_FORMS}`);
    }
    if (parsed.conditions.length > 0) found.set(name, text);
  }
  return found;
}

function isThere(os: DefinedOs, path: ByteString): boolean {
  return !os.lacks?.(path) && ifThere(() => os.lstat(path), "ENOTDIR") !== undefined;
}

/** Below the service's directory no link is followed: what is wrong there is printed, and is not to be another file. */
function isPlain(os: DefinedOs, directory: ByteString): boolean {
  return STEPS.every((step, at) => {
    const { kind, size } = os.lstat(`${directory}/${step}`);
    return at < STEPS.length - 1 ? kind === "directory" : kind === "file" && size <= LONGEST_CONDITIONS;
  });
}

/** Where there are none there is no directory. */
export function layConditions(
  os: Pick<Os, "makeDirectory" | "writeFile">,
  conditions: ReadonlyMap<ByteString, ByteString>,
): void {
  if (conditions.size === 0) return;
  os.makeDirectory(CONDITIONS, 0o755);
  for (const [name, text] of conditions) os.writeFile(`${CONDITIONS}/${name}`, text, 0o644);
}

/** Whether any service has some. What cannot be inspected may be there: reading it says what is wrong. */
export function haveConditions(os: OwnFilesOs): boolean {
  try {
    return ownFiles(os).find(CONDITIONS) !== undefined;
  } catch (error) {
    if (error instanceof OsError) return true;
    throw error;
  }
}

/** Why a service is not to be started now; undefined if it is. */
export function whyDisabled(
  os: OwnFilesOs,
  name: ByteString,
  lookUp: () => (variable: ByteString) => ByteString | undefined,
): ByteString | undefined {
  const text = ifThere(() => ownFiles(os).readFile(`${CONDITIONS}/${name}`));
  const parsed = text === undefined ? undefined : parseConditions(text);
  return parsed !== undefined && "conditions" in parsed ? unmetCondition(parsed.conditions, lookUp()) : undefined;
}
