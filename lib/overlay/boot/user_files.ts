// Making the directories that an image's user provides available under /var/run/s6/etc: as links, or as copies where
// something in them has to be changed.

import type { ByteString } from "../../bytes.ts";
import { copyInSlices, TooMuch } from "../../copy.ts";
import type { Door, Os } from "../../os/os.ts";
import { isErrno, OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { removeTree } from "../../tree.ts";
import { scriptOptions, serviceOptions } from "./copied_files.ts";
import { isElsewhere } from "./elsewhere.ts";
import { convertLineEnds, hasForeignLineEnds, MOST_CONVERTED, scriptHead } from "./line_ends.ts";
import { PATHS } from "../paths.ts";
import {
  type HeldDirectory,
  holdProvided,
  listed,
  USER_DIRECTORIES,
  type UserDirectory,
  userDirectory,
  visible,
} from "./user_directories.ts";
import type { ModesOs } from "./user_modes.ts";
import type { ServicesOs } from "./user_services.ts";

export type UserFilesOs =
  & ServicesOs
  & ModesOs
  & Pick<Os, "makeDirectory" | "symlink">
  & { readonly door: Pick<Door, "hold" | "find" | "list" | "readHead" | "readWhole"> };

/**
 * Links, or copies, the directories that exist in `source`, yielding now and then. Scripts to be converted need a copy.
 * @throws OsError EXDEV where a child has to do it
 */
export function* makeAvailable(
  os: UserFilesOs,
  source: ByteString,
  copy: boolean,
  report: Reporter,
): Generator<void> {
  removeTree(os, PATHS.userFiles);
  os.makeDirectory(PATHS.userFiles, 0o755);
  for (const directory of USER_DIRECTORIES) {
    const held = holdProvided(os, `${source}/${directory}`);
    if (held === undefined) continue;
    try {
      yield* provide(os, held, directory, copy, report);
    } finally {
      os.close(held.fd);
    }
  }
}

function* provide(
  os: UserFilesOs,
  held: HeldDirectory,
  directory: UserDirectory,
  copy: boolean,
  report: Reporter,
): Generator<void> {
  const to = userDirectory(directory);
  const scripts = directory === "cont-init.d" || directory === "cont-finish.d";
  const foreign = scripts ? foreignScripts(os, held) : [];
  if (!copy && foreign.length === 0) return os.symlink(held.path, to);
  os.makeDirectory(to, 0o755);
  yield* copyEntries(os, held, directory, report);
  for (const name of foreign) {
    const content = os.door.readWhole(name, MOST_CONVERTED, held.fd);
    convertLineEnds(os, content, `${to}/${name}`, `${held.path}/${name}`, report);
  }
}

/** None where they cannot be listed: what is to run them says why. */
function foreignScripts(os: UserFilesOs, held: HeldDirectory): ByteString[] {
  let names: ByteString[];
  try {
    names = visible(os, held);
  } catch (error) {
    if (!(error instanceof OsError) || isElsewhere(error)) throw error;
    return [];
  }
  return names.filter((name) => hasForeignLineEnds(scriptHead(os, name, held.fd)));
}

function* copyEntries(
  os: UserFilesOs,
  held: HeldDirectory,
  directory: UserDirectory,
  report: Reporter,
): Generator<void> {
  const optionsOf = directory === "services.d" ? serviceOptions(os, report) : scriptOptions(os, report);
  for (const name of listed(os, held)) {
    const to = `${userDirectory(directory)}/${name}`;
    try {
      yield* copyInSlices(os, name, to, optionsOf(held, name));
    } catch (error) {
      const isUnreadable = isErrno(error, "EACCES", "EPERM");
      if (!(error instanceof TooMuch) && !isUnreadable) throw error;
      removeTree(os, to);
      report("warning", "s6-init", `${held.path}/${name}: ${textOf(error)}, and is left out`);
    }
  }
}
