// The four directories that an image's user provides: made available under /var/run/s6/etc, with the modes that
// running them needs, so that scripts may come without their executable bits.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { isErrno, textOf } from "../report.ts";
import { type CopyPorts, copyTree, type RemovePorts, removeTree } from "../tree.ts";
import { PATHS } from "./paths.ts";

export type UserFilesOs =
  & CopyPorts
  & RemovePorts
  & Pick<Os, "find" | "listDirectory" | "makeDirectory" | "symlink" | "chown" | "chmod">;

export type UserDirectory = "fix-attrs.d" | "cont-init.d" | "cont-finish.d" | "services.d";
const DIRECTORIES: readonly UserDirectory[] = ["fix-attrs.d", "cont-init.d", "cont-finish.d", "services.d"];

/** What must be able to run, below the user's directories, and the modes that v2 gives. */
const MODES: readonly {
  readonly directory: UserDirectory;
  readonly below: readonly string[];
  readonly mode: number;
}[] = [
  { directory: "fix-attrs.d", below: [""], mode: 0o644 },
  { directory: "cont-init.d", below: [""], mode: 0o755 },
  { directory: "cont-finish.d", below: [""], mode: 0o755 },
  {
    directory: "services.d",
    below: ["/run", "/finish", "/log/run", "/log/finish", "/data/check"],
    mode: 0o755,
  },
];

/** Where the stages find a user's directory. */
export function userDirectory(directory: UserDirectory): ByteString {
  return `${PATHS.userFiles}/${directory}`;
}

/** The entries of a user's directory in the order of their bytes, without those that begin with a dot; none if it is missing. */
export function entries(os: Pick<Os, "find" | "listDirectory">, directory: UserDirectory): ByteString[] | undefined {
  const path = userDirectory(directory);
  if (os.find(path)?.kind !== "directory") return undefined;
  return os.listDirectory(path).filter((name) => !name.startsWith(".")).sort();
}

/** Links, or copies, the directories that exist in `source`. */
export function makeAvailable(os: UserFilesOs, source: ByteString, copy: boolean): void {
  removeTree(os, PATHS.userFiles);
  os.makeDirectory(PATHS.userFiles, 0o755);
  for (const directory of DIRECTORIES) {
    const from = `${source}/${directory}`;
    if (os.find(from)?.kind !== "directory") continue;
    if (copy) copyTree(os, from, userDirectory(directory));
    else os.symlink(from, userDirectory(directory));
  }
}

/** Gives the files their modes and root as their owner; what cannot be changed is complained of and left. */
export function ensureModes(os: UserFilesOs, complain: (line: ByteString) => void): void {
  for (const { directory, below, mode } of MODES) {
    for (const name of entries(os, directory) ?? []) {
      for (const rest of below) ensureMode(os, `${userDirectory(directory)}/${name}${rest}`, mode, complain);
    }
  }
}

function ensureMode(os: UserFilesOs, path: ByteString, mode: number, complain: (line: ByteString) => void): void {
  try {
    const status = os.find(path);
    if (status === undefined || status.kind !== "file") return;
    if (status.uid !== 0 || status.gid !== 0) os.chown(path, 0, 0);
    if (status.mode !== mode) os.chmod(path, mode);
  } catch (error) {
    // A loop of links: whoever executes it says so.
    if (!isErrno(error, "ELOOP")) complain(`s6-init: warning: ${textOf(error)}`);
  }
}
