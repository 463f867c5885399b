// Whole directory trees: copying and removing. Links are copied and removed as links, never followed.

import type { ByteString } from "./bytes.ts";
import type { FileStatus, Os } from "./os/os.ts";
import { isErrno } from "./report.ts";

export type RemovePorts = Pick<Os, "lstat" | "unlink" | "removeDirectory" | "listDirectory">;
export type CopyPorts =
  & Pick<Os, "lstat" | "find" | "listDirectory" | "makeDirectory" | "makeFifo" | "chmod" | "lchown" | "credentials">
  & Pick<Os, "readLink" | "symlink" | "open" | "read" | "writeAll" | "close" | "fchmod">;

/** Removes a file or a directory with all that is in it; that nothing is there is no error. */
export function removeTree(os: RemovePorts, path: ByteString): void {
  try {
    if (os.lstat(path).kind !== "directory") return os.unlink(path);
    for (const name of os.listDirectory(path)) removeTree(os, `${path}/${name}`);
    os.removeDirectory(path);
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
}

/** Copies a file or a directory with all that is in it; modes are kept, owners where we may set them. */
export function copyTree(os: CopyPorts, from: ByteString, to: ByteString): void {
  const owner = os.credentials();
  const copy = (source: ByteString, target: ByteString): void => {
    const status = os.lstat(source);
    copyOne(os, source, target, status);
    if (status.uid !== owner.uid || status.gid !== owner.gid) own(os, target, status);
    if (status.kind !== "directory") return;
    for (const name of os.listDirectory(source)) copy(`${source}/${name}`, `${target}/${name}`);
  };
  copy(from, to);
}

function copyOne(os: CopyPorts, source: ByteString, target: ByteString, status: FileStatus): void {
  if (status.kind === "link") return os.symlink(os.readLink(source), target);
  if (status.kind === "directory") return makeDirectory(os, target, status.mode);
  if (status.kind === "fifo") {
    os.makeFifo(target, status.mode);
    return os.chmod(target, status.mode);
  }
  // Sockets and devices have no business in a service directory.
  if (status.kind === "file") copyFile(os, source, target, status.mode);
}

function makeDirectory(os: CopyPorts, path: ByteString, mode: number): void {
  if (os.find(path)?.kind !== "directory") os.makeDirectory(path, mode);
  os.chmod(path, mode);
}

function copyFile(os: CopyPorts, source: ByteString, target: ByteString, mode: number): void {
  const from = os.open(source, ["read"]);
  try {
    const to = os.open(target, ["write", "create", "truncate", "nofollow"], mode & 0o700);
    try {
      const buffer = new Uint8Array(new ArrayBuffer(65536));
      for (let got = os.read(from, buffer); got > 0; got = os.read(from, buffer)) {
        os.writeAll(to, buffer.subarray(0, got));
      }
      os.fchmod(to, mode);
    } finally {
      os.close(to);
    }
  } finally {
    os.close(from);
  }
}

function own(os: CopyPorts, path: ByteString, status: FileStatus): void {
  try {
    os.lchown(path, status.uid, status.gid);
    // A change of owner takes the set-id bits away.
    if (status.kind !== "link" && (status.mode & 0o6000) !== 0) os.chmod(path, status.mode);
  } catch (error) {
    if (!isErrno(error, "EPERM")) throw error;
  }
}
