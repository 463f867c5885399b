// The overlay's own small files below /run, which root's scripts may write as well: read and written by process 1
// without waiting, whatever lies in their place.

import type { ByteString } from "../bytes.ts";
import type { Os, WritingDoor } from "../os/os.ts";
import { about } from "../report.ts";

export type OwnFilesOs = Pick<Os, "close"> & {
  readonly door: Pick<WritingDoor, "hold" | "find" | "list" | "readWhole" | "replace">;
};

/** More than an environment variable can hold. */
const MOST_BYTES: number = 256 * 1024;
/** Of accounts there may be many. */
export const MOST_ACCOUNT_BYTES: number = 8 * 1024 * 1024;
const MOST_NAMES = 4096;

/** The calls under their usual names. What is not a regular file, or too large, is an OsError EINVAL or EFBIG. */
export function ownFiles(os: OwnFilesOs): Pick<Os, "readFile" | "writeFile" | "listDirectory" | "find"> {
  const within = <T>(action: string, path: ByteString, use: (name: ByteString, directory: number) => T): T =>
    about(action, path, () => {
      const slash = path.lastIndexOf("/");
      const directory = os.door.hold(path.slice(0, slash));
      try {
        return use(path.slice(slash + 1), directory);
      } finally {
        os.close(directory);
      }
    });
  return {
    readFile: (path) => within("read", path, (name, directory) => os.door.readWhole(name, MOST_BYTES, directory)),
    writeFile: (path, content, mode) =>
      within("write", path, (name, directory) => os.door.replace(name, content, directory, mode)),
    find: (path) => within("look at", path, (name, directory) => os.door.find(name, directory, { links: "refuse" })),
    listDirectory: (path) =>
      within("list", `${path}/.`, (name, directory) => os.door.list(name, MOST_NAMES, directory)),
  };
}

/** Files of the image on its root file system, such as /etc/passwd, read by process 1 without waiting. */
export function imageFiles(
  os: { readonly door: Pick<WritingDoor, "readWhole" | "list"> },
): Pick<Os, "readFile" | "listDirectory"> {
  return {
    readFile: (path) => os.door.readWhole(path, MOST_ACCOUNT_BYTES),
    listDirectory: (path) => os.door.list(path, MOST_NAMES),
  };
}
