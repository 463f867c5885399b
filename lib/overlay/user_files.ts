// The four directories that an image's user provides: made available under /var/run/s6/etc, with the modes that
// running them needs, so that scripts may come without their executable bits, and services copied to where they run.

import type { ByteString } from "../bytes.ts";
import { headOf, readHead } from "../image/search.ts";
import type { Os } from "../os/os.ts";
import { isErrno, textOf } from "../report.ts";
import { type CopyOptions, type CopyPorts, copyTree, type RemovePorts, removeTree } from "../tree.ts";
import { convertLineEnds, hasForeignLineEnds, type LineEndPorts } from "./line_ends.ts";
import { PATHS } from "./paths.ts";

export type UserFilesOs =
  & CopyPorts
  & RemovePorts
  & LineEndPorts
  & Pick<Os, "find" | "listDirectory" | "makeDirectory" | "symlink" | "chown" | "chmod" | "mayExecute" | "writeFile">;

export type UserDirectory = "fix-attrs.d" | "cont-init.d" | "cont-finish.d" | "services.d";
const DIRECTORIES: readonly UserDirectory[] = ["fix-attrs.d", "cont-init.d", "cont-finish.d", "services.d"];
type Complain = (line: ByteString) => void;

/** What of a service must be able to run. */
const SERVICE_SCRIPTS = ["/run", "/finish", "/log/run", "/log/finish", "/data/check"];

/** What must be able to run, below the user's directories, and the modes that v2 gives. */
const MODES: readonly {
  readonly directory: UserDirectory;
  readonly below: readonly string[];
  readonly mode: number;
}[] = [
  { directory: "fix-attrs.d", below: [""], mode: 0o644 },
  { directory: "cont-init.d", below: [""], mode: 0o755 },
  { directory: "cont-finish.d", below: [""], mode: 0o755 },
  { directory: "services.d", below: SERVICE_SCRIPTS, mode: 0o755 },
];

/** Where the stages find a user's directory. */
export function userDirectory(directory: UserDirectory): ByteString {
  return `${PATHS.userFiles}/${directory}`;
}

/** The entries of a user's directory in the order of their bytes, without those that begin with a dot; none if it is missing. */
export function entries(os: Pick<Os, "find" | "listDirectory">, directory: UserDirectory): ByteString[] | undefined {
  const path = userDirectory(directory);
  return os.find(path)?.kind === "directory" ? visible(os, path) : undefined;
}

function visible(os: Pick<Os, "listDirectory">, path: ByteString): ByteString[] {
  return os.listDirectory(path).filter((name) => !name.startsWith(".")).sort();
}

/** Links, or copies, the directories that exist in `source`. Scripts that are to be converted need a copy. */
export function makeAvailable(os: UserFilesOs, source: ByteString, copy: boolean, complain: Complain): void {
  removeTree(os, PATHS.userFiles);
  os.makeDirectory(PATHS.userFiles, 0o755);
  for (const directory of DIRECTORIES) {
    const from = `${source}/${directory}`;
    if (os.find(from)?.kind !== "directory") continue;
    const foreign = directory === "cont-init.d" || directory === "cont-finish.d" ? foreignScripts(os, from) : [];
    if (copy || foreign.length > 0) copyTree(os, from, userDirectory(directory), copyOptions(os)(from));
    else os.symlink(from, userDirectory(directory));
    for (const name of foreign) {
      convertLineEnds(os, `${from}/${name}`, `${userDirectory(directory)}/${name}`, `${from}/${name}`, complain);
    }
  }
}

function foreignScripts(os: UserFilesOs, directory: ByteString): ByteString[] {
  return visible(os, directory).filter((name) => hasForeignLineEnds(readHead(os, `${directory}/${name}`)));
}

/** Gives the files their modes and root as their owner. */
export function ensureModes(os: UserFilesOs, complain: Complain): void {
  for (const { directory, below, mode } of MODES) {
    for (const name of entries(os, directory) ?? []) {
      for (const rest of below) ensureMode(os, `${userDirectory(directory)}/${name}${rest}`, mode, complain);
    }
  }
}

function ensureMode(os: UserFilesOs, path: ByteString, mode: number, complain: Complain): void {
  try {
    const status = os.find(path);
    if (status === undefined || status.kind !== "file") return;
    if (status.mode !== mode) os.chmod(path, mode);
    if (status.uid !== 0 || status.gid !== 0) os.chown(path, 0, 0);
  } catch (error) {
    // What is not ours to change runs all the same; a loop of links is told of by whoever executes it.
    if (!isErrno(error, "EPERM", "EROFS", "ELOOP")) complain(`s6-init: warning: ${textOf(error)}`);
  }
}

/** Copies services to where they run, with scripts that can run. `source` is where the user has his directories. */
export function provideServices(
  os: UserFilesOs,
  source: ByteString,
  names: readonly ByteString[],
  complain: Complain,
): void {
  const options = copyOptions(os);
  for (const name of names) {
    const to = `${PATHS.services}/${name}`;
    try {
      const from = `${userDirectory("services.d")}/${name}`;
      copyTree(os, from, to, options(from));
      for (const script of SERVICE_SCRIPTS) {
        ensureRunnable(os, to + script, `${source}/services.d/${name}${script}`, complain);
      }
    } catch (error) {
      complain(`services.d: warning: ${name}: ${textOf(error)}`);
    }
  }
}

function ensureRunnable(os: UserFilesOs, path: ByteString, shown: ByteString, complain: Complain): void {
  try {
    const status = os.find(path);
    if (status?.kind !== "file") return;
    if (hasForeignLineEnds(readHead(os, path))) convertLineEnds(os, path, path, shown, complain);
    else if ((status.mode & 0o111) === 0) os.chmod(path, 0o755);
  } catch (error) {
    if (!isErrno(error, "EPERM", "EROFS", "ELOOP")) throw error;
  }
}

/** How to copy a directory so that what can be executed in it can be executed in the copy. */
function copyOptions(os: UserFilesOs): (from: ByteString) => CopyOptions {
  return allowsExecution(os) ? () => ({}) : (from) => ({ instead: linkTo(os, from) });
}

/** False where /run is mounted noexec. */
function allowsExecution(os: UserFilesOs): boolean {
  const probe = `${PATHS.state}/.executable`;
  os.writeFile(probe, "", 0o700);
  const allowed = os.mayExecute(probe);
  os.unlink(probe);
  return allowed;
}

/** Puts links in the place of programs and scripts: the kernel executes them where they lead to. */
function linkTo(os: UserFilesOs, from: ByteString): NonNullable<CopyOptions["instead"]> {
  return ({ fd, status, path }, directory, name) => {
    if ((status.mode & 0o111) === 0) return false;
    const head = headOf(os, fd);
    os.seek(fd, 0n);
    if (!/^(#!|\x7fELF)/.test(head) || hasForeignLineEnds(head)) return false;
    os.symlinkAt(`${from}/${path}`, directory, name);
    return true;
  };
}
