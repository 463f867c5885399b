// The conditions of services in s6-rc.d: a child of process 1 takes them from the definitions, and lays them down beside the
// database, where process 1 reads each when the service's turn comes.

import type { ByteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import { type Definition, DefinitionFailure } from "../../rc/definition.ts";
import { ifThere } from "../../report.ts";
import { CONDITIONS_FILE } from "../conditions_file.ts";
import { CONDITION_FORMS, LONGEST_CONDITIONS, parseConditions, unmetCondition } from "../conditions.ts";
import { ownFiles, type OwnFilesOs } from "../own_files.ts";
import { CONDITIONS } from "./places.ts";

type DefinedOs = Pick<Os, "readFile" | "lstat">;

/** The text of each service's file, by the service's name; of those that have one. @throws DefinitionFailure */
export function readConditions(
  os: DefinedOs,
  definitions: readonly Definition[],
): ReadonlyMap<ByteString, ByteString> {
  const found = new Map<ByteString, ByteString>();
  for (const { kind, name, directory } of definitions) {
    const path = `${directory}/${CONDITIONS_FILE}`;
    if (kind === "bundle" || !directory.startsWith("/") || !isThere(os, path)) continue;
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
  return ifThere(() => os.lstat(path), "ENOTDIR") !== undefined;
}

/** Below the service's directory no link is followed: what is wrong there is printed, and is not to be another file. */
function isPlain(os: DefinedOs, directory: ByteString): boolean {
  const steps = CONDITIONS_FILE.split("/");
  return steps.every((_, at) => {
    const { kind, size } = os.lstat(`${directory}/${steps.slice(0, at + 1).join("/")}`);
    return at < steps.length - 1 ? kind === "directory" : kind === "file" && size <= LONGEST_CONDITIONS;
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
