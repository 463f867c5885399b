// Which services of services.d s6-rc has started: it does so by a child, and process 1, which takes them down at the end, is
// to know.

import type { ByteString } from "../../bytes.ts";
import { ifThere } from "../../report.ts";
import { ownFiles, type OwnFilesOs } from "../own_files.ts";
import { PATHS } from "../paths.ts";

/** Undefined where s6-rc has neither started nor stopped any. @throws OsError */
export function readStartedServices(os: OwnFilesOs): readonly ByteString[] | undefined {
  const text = ifThere(() => ownFiles(os).readFile(PATHS.startedServices));
  return text?.split("\0").filter((name) => name !== "");
}

/** @throws OsError */
export function writeStartedServices(os: OwnFilesOs, names: readonly ByteString[]): void {
  ownFiles(os).writeFile(PATHS.startedServices, names.map((name) => `${name}\0`).join(""), 0o644);
}
