// The modes that running the user's files needs, so that scripts may come without their executable bits, and root as
// their owner. A service's user may own the directory that they lie in, and put a link or another user's file there.

import type { ByteString } from "../../bytes.ts";
import type { Door, FileStatus, Os } from "../../os/os.ts";
import { isErrno, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { isElsewhere } from "./elsewhere.ts";
import { mayBeForeign } from "../attributes/foreign_link.ts";
import { type DirectoryOs, holdUserDirectory, type UserDirectory, visible, withHeld } from "./user_directories.ts";

export type ModesOs =
  & DirectoryOs
  & Pick<Os, "openAt" | "fstat" | "fchown" | "fchmod" | "credentials">
  & { readonly door: Pick<Door, "find" | "hold"> };

/** What of a service must be able to run. */
export const SERVICE_SCRIPTS: readonly ByteString[] = ["run", "finish", "log/run", "log/finish", "data/check"];

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

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Gives the files their modes and root as their owner.
 * @throws OsError EXDEV where a child has to do it
 */
export function ensureModes(os: ModesOs, report: Reporter): void {
  for (const { directory, below, mode } of MODES) {
    const held = holdUserDirectory(os, directory);
    if (held === undefined) continue;
    withHeld(os, held, ({ fd, path }) => {
      for (const name of entriesToldOf(() => visible(os, held), report)) {
        for (const rest of below) {
          const steps = [name, ...rest.split("/")].filter((step) => step !== "");
          attempt(() => ensureMode(os, fd, steps, mode), `${path}/${steps.join("/")}`, report);
        }
      }
    });
  }
}

function entriesToldOf(list: () => ByteString[], report: Reporter): ByteString[] {
  try {
    return list();
  } catch (error) {
    // What needs the entries says what is wrong.
    if (isErrno(error, "EFBIG", "EACCES")) return [];
    report("warning", "s6-init", textOf(error));
    return [];
  }
}

function attempt(change: () => void, path: ByteString, report: Reporter): void {
  try {
    change();
  } catch (error) {
    if (isElsewhere(error)) throw error;
    // What we may not change runs all the same; a loop of links is reported by what executes it.
    if (!isErrno(error, "EPERM", "EROFS", "ELOOP", "ENOENT", "ENOTDIR", "EACCES")) {
      report("warning", "s6-init", `${path}: ${textOf(error)}`);
    }
  }
}

function ensureMode(os: ModesOs, directory: number, [name = "", ...rest]: readonly ByteString[], mode: number): void {
  const status = os.door.find(name, directory, { links: "refuse" });
  if (status === undefined || (status.kind === "link" && !isTrusted(os, status, directory))) return;
  if (rest.length > 0) {
    const below = os.door.hold(name, directory);
    return withHeld(os, { fd: below, path: name }, () => ensureMode(os, below, rest, mode));
  }
  // Where it is a link, what it leads to on the file system: nothing else is opened.
  if (status.kind === "link" && os.door.find(name, directory) === undefined) return;
  const fd = os.openAt(directory, name, status.kind === "link" ? ["path"] : ["path", "nofollow"]);
  withHeld(os, { fd, path: name }, () => setMode(os, fd, os.fstat(directory), mode));
}

/** A link may be followed if only our own user or root could have put it there. */
function isTrusted(os: ModesOs, link: FileStatus, directory: number): boolean {
  const ours = (uid: number): boolean => uid === 0 || uid === os.credentials().uid;
  const above = os.fstat(directory);
  return ours(link.uid) && ours(above.uid) && (above.mode & WRITABLE_BY_OTHERS) === 0;
}

function setMode(os: ModesOs, fd: number, above: FileStatus, mode: number): void {
  const status = os.fstat(fd);
  // One that may be a second name of another user's file runs as it is.
  if (status.kind !== "file" || mayBeForeign(status, above)) return;
  if (status.mode !== mode) os.fchmod(fd, mode);
  if (status.uid !== 0 || status.gid !== 0) os.fchown(fd, 0, 0);
}
