// Files in memory, for what reads and writes a few of them.

import type { DefinitionPorts } from "../../../lib/rc/definition_file.ts";
import type { DatabaseWriting } from "../../../lib/rc/database_directory.ts";
import { systemError } from "../../../lib/errno.ts";

/** Content by path; directories are there by what is in them. */
export type DiskFiles = Map<string, Uint8Array<ArrayBuffer>>;

type Ports = DefinitionPorts & DatabaseWriting;

/** A disk with these files. */
export function diskWith(files: Readonly<Record<string, string>>): DiskFiles {
  return new Map(
    Object.entries(files).map(([path, text]) => [path, Uint8Array.from(text, (char) => char.charCodeAt(0))]),
  );
}

export function filesIn(disk: DiskFiles): Ports {
  const open = new Map<number, { path: string; at: number }>();
  const status = (path: string): ReturnType<Ports["stat"]> | undefined => {
    const isDirectory = [...disk.keys()].some((name) => name.startsWith(`${path}/`));
    if (!isDirectory && !disk.has(path)) return undefined;
    const found = { kind: isDirectory ? "directory" : "file", size: disk.get(path)?.length ?? 0 };
    return found as ReturnType<Ports["stat"]>;
  };
  const require = (action: string, path: string): ReturnType<Ports["stat"]> => {
    const found = status(path);
    if (found === undefined) throw systemError(action, path, "ENOENT");
    return found;
  };
  return {
    open: (path, flags) => {
      if (flags.includes("create")) disk.set(path, new Uint8Array());
      require("open", path);
      open.set(open.size + 3, { path, at: 0 });
      return open.size + 2;
    },
    read: (fd, into) => {
      const file = open.get(fd)!;
      const content = disk.get(file.path);
      if (content === undefined) throw systemError("read", file.path, "EISDIR");
      const part = content.subarray(file.at, file.at + into.length);
      into.set(part);
      file.at += part.length;
      return part.length;
    },
    writeAll: (fd, from) => void disk.set(open.get(fd)!.path, from.slice()),
    close: () => {},
    fstat: (fd) => require("fstat", open.get(fd)!.path),
    stat: (path) => require("stat", path),
    find: status,
    listDirectory: (path) => {
      const found = require("open", path);
      if (found.kind !== "directory") throw systemError("open", path, "ENOTDIR");
      const below = [...disk.keys()].filter((name) => name.startsWith(`${path}/`));
      return [...new Set(below.map((name) => name.slice(path.length + 1).split("/", 1)[0]!))];
    },
  };
}
