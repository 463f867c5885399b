// What scripts in the manner of generation 3 find under /run: the scan directory by the names that it has there, the
// programs that stop the container, and the file for its exit code. As far as /run can be written; nothing in the
// overlay relies on it.

import { type ByteString, rawBytes } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import { isErrno, OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { PATHS } from "../paths.ts";

export type LaterNamesOs = Pick<
  Os,
  "find" | "makeDirectory" | "symlink" | "unlink" | "open" | "writeAll" | "close"
>;

const RUN = "/run";
const STATE = `${RUN}/s6`;
/** What is reached through /run/s6 where that is another program's directory. */
const REACHED = ["basedir", "container_environment", "db", "env-stage3", "etc", "legacy-services", "services"];

/** The programs are those of the tarball. The scan directory has all services, whatever they are made from. */
const LINKS: readonly (readonly [path: ByteString, target: ByteString])[] = [
  [PATHS.halting, PATHS.haltingPrograms],
  [`${PATHS.state}/legacy-services`, "services"],
];
const LINKS_IN_RUN: readonly (readonly [path: ByteString, target: ByteString])[] = [
  [`${RUN}/service`, "s6/services"],
  [`${RUN}/s6-rc/servicedirs`, "../s6/services"],
];

/** Makes what is missing. What cannot be made is reported, unless it is for want of a /run that we may write to. */
export function provideLaterNames(os: LaterNamesOs, report: Reporter): void {
  const attempt = (make: () => void): void => {
    try {
      make();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      const isUsual = isErrno(error, "EROFS", "EACCES", "EPERM", "ENOENT", "EEXIST", "EISDIR", "ENOTDIR", "ELOOP");
      if (!isUsual) report("warning", "s6-init", `${textOf(error)}: it is left out`);
    }
  };
  const link = ([path, target]: readonly [ByteString, ByteString]): void =>
    attempt(() => os.find(path) ?? os.symlink(target, path));
  const directory = (path: ByteString): void => attempt(() => os.find(path) ?? os.makeDirectory(path, 0o755));
  LINKS.forEach(link);
  directory(RUN);
  attempt(() => provideState(os, link));
  directory(`${RUN}/s6-rc`);
  LINKS_IN_RUN.forEach(link);
  directory(PATHS.results);
  attempt(() => layExitCode(os));
}

/** /run/s6 leads to the state directory, where /var/run is another directory than /run. */
function provideState(os: LaterNamesOs, link: (entry: readonly [ByteString, ByteString]) => void): void {
  const [there, state] = [os.find(STATE), os.find(PATHS.state)];
  if (there === undefined) return os.symlink(PATHS.state, STATE);
  if (there.inode === state?.inode && there.device === state.device) return;
  for (const name of REACHED) link([`${STATE}/${name}`, `${PATHS.state}/${name}`]);
}

/** Whatever lies there is replaced, not written to. */
function layExitCode(os: LaterNamesOs): void {
  if (os.find(PATHS.exitCode) !== undefined) os.unlink(PATHS.exitCode);
  const fd = os.open(PATHS.exitCode, ["write", "create", "exclusive"], 0o644);
  try {
    os.writeAll(fd, rawBytes("0"));
  } finally {
    os.close(fd);
  }
}
