// Chains of our applets over a made-up file system, evaluated as process 1 would, without a process.

import { applets as registry } from "../../../cli/index.ts";
import { LoadedApplets } from "../../../cli/links.ts";
import { ownReading } from "../../../cli/view.ts";
import { rawBytes } from "../../../lib/bytes.ts";
import { Environment } from "../../../lib/environment.ts";
import { Budget } from "../../../lib/image/budget.ts";
import { type Destination, follow } from "../../../lib/image/follow.ts";
import { type LookPorts, OwnSearch } from "../../../lib/image/search.ts";
import { ProcessImage } from "../../../lib/image/image.ts";
import type { FileStatus } from "../../../lib/os/os.ts";
import { OsError } from "../../../lib/report.ts";

const LAUNCHER = "/prefix/launcher";

/** What is in a file; a list is a directory. Our programs are in /command, and /bin/true and false are others'. */
type Files = Readonly<Record<string, string | readonly string[]>>;

/** The ports over these files, and how many bytes were read through them. */
class Disk {
  read = 0;
  private readonly opened: string[] = [];

  constructor(private readonly files: Files) {}

  private content(path: string): string | readonly string[] | undefined {
    if (path === "/bin/true" || path === "/bin/false") return "\x7fELF";
    return Object.hasOwn(this.files, path) ? this.files[path] : undefined;
  }

  private text(path: string): string {
    const content = this.content(path);
    if (typeof content !== "string") throw new OsError("open", path, "ENOENT", "No such file or directory");
    this.read += content.length;
    return content;
  }

  private status(path: string): FileStatus | undefined {
    const ours = path === LAUNCHER || (path.startsWith("/command/") && Object.hasOwn(registry, path.slice(9)));
    const content = ours ? "" : this.content(path);
    if (content === undefined) return undefined;
    const kind = typeof content === "string" ? "file" as const : "directory" as const;
    const times = { modified: 0n, accessed: 0n };
    return {
      kind,
      mode: 0o755,
      uid: 0,
      gid: 0,
      size: content.length,
      links: 1,
      device: 1,
      inode: ours ? 1 : 2,
      ...times,
    };
  }

  readonly ports: Parameters<typeof ownReading>[0] & LookPorts = {
    find: (path) => this.status(path),
    mayExecute: () => true,
    isInherited: () => false,
    credentials: () => ({ uid: 0, gid: 0, groups: [] }),
    readFile: (path) => this.text(path),
    listDirectory: (path) => {
      const content = this.content(path);
      if (content === undefined || typeof content === "string") throw new Error(`cannot list ${path}`);
      return [...content];
    },
    open: (path) => this.opened.push(this.text(path)) - 1,
    read: (fd, into) => {
      const head = rawBytes(this.opened[fd]!.slice(0, into.length));
      into.set(head);
      return head.length;
    },
    close: () => {},
    readLink: (path) => {
      throw new OsError("read link", path, "EINVAL", "Invalid argument");
    },
    openAt: () => noStore(),
    fstat: () => noStore(),
    readEntries: () => noStore(),
  };
}

function noStore(): never {
  throw new OsError("open", "the store", "ENOENT", "No such file or directory");
}

export interface ChainWorld {
  readonly files?: Files;
  readonly environment?: readonly string[];
}

/** Loads all chain programs, as the program's loader does it in no time. */
async function loaded(disk: Disk): Promise<LoadedApplets> {
  const applets = new LoadedApplets(disk.ports, "/prefix", () => {});
  for (const name of Object.keys(registry)) {
    applets.get(name);
    await registry[name]!();
  }
  return applets;
}

/** Where a chain leads, how much of its budget it took, and how many bytes were read. */
export async function evaluated(
  argv: readonly string[],
  budget: Budget,
  { files = {}, environment = [] }: ChainWorld = {},
): Promise<{ readonly end: Destination; readonly read: number }> {
  const disk = new Disk(files);
  const applets = await loaded(disk);
  const image = ProcessImage.of(argv, Environment.of(["PATH=/command:/bin", ...environment]));
  const end = follow(new OwnSearch(disk.ports, applets), applets.guarded(ownReading(disk.ports), budget), image);
  return { end, read: disk.read };
}
