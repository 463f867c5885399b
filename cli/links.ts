// Our applets as the links of a chain: what lib/image follows, looked up in the phone book.

import type { ByteString } from "../lib/bytes.ts";
import { type Link, LinkError, type Links } from "../lib/image/follow.ts";
import { baseName, type IsOurs } from "../lib/image/locate.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import type { FileStatus, Os } from "../lib/os/os.ts";
import { OsError, UsageError } from "../lib/report.ts";
import type { Applet, Call, SystemView } from "./applet.ts";
import { parse } from "./getopt.ts";
import { applets } from "./index.ts";

export type LinkPorts = Pick<Os, "find" | "readFile" | "listDirectory" | "isInherited">;

/** Where earlier overlays and distributions have had the programs that are ours. */
const USUAL_PLACES: ReadonlySet<ByteString> = new Set([
  "/command/",
  "/bin/",
  "/sbin/",
  "/usr/bin/",
  "/usr/sbin/",
  "/usr/local/bin/",
]);
/** A container has one already, and whoever names another one means that of a distribution. */
const INIT = "init";

/** There is something to warn of, but standard error may not be in place yet. */
class TooEarly extends Error {}

/** The longest file that process 1 reads for a chain: as long as a script may be. */
const LONGEST_FILE = 256 * 1024;
/** The most files of a directory that it reads. */
const MOST_ENTRIES = 4096;
const WRITABLE_BY_OTHERS = 0o022;

/** What process 1 reads for the programs of a chain: only files and directories that root, or its own user, alone can change. */
export function guardedReading(os: Pick<Os, "door" | "close" | "isInherited" | "credentials">): LinkPorts {
  const { uid } = os.credentials();
  const trusted = (status: FileStatus, path: ByteString): void => {
    const own = status.uid === 0 || status.uid === uid;
    if (own && (status.mode & WRITABLE_BY_OTHERS) === 0) return;
    throw new OsError("read", path, "EPERM", "it can be changed by others");
  };
  return {
    find: (path) => os.door.find(path),
    isInherited: (fd) => os.isInherited(fd),
    readFile: (path) => {
      const { content, status } = os.door.readOwned(path, LONGEST_FILE);
      trusted(status, path);
      return content;
    },
    listDirectory: (path) => {
      const directory = os.door.hold(path);
      try {
        trusted(os.door.find(".", directory)!, path);
        return os.door.list(".", MOST_ENTRIES, directory);
      } finally {
        os.close(directory);
      }
    },
  };
}

/** Our applets, their modules loaded when they are first asked for, and where the launcher lies. */
export class LoadedApplets implements Links {
  private readonly loaded = new Map<string, Applet>();
  private launcher: FileStatus | undefined;

  /**
   * @param prefix the directory of the launcher
   * @param warn prints a warning of the named program
   */
  constructor(
    private readonly os: LinkPorts,
    private readonly prefix: ByteString,
    private readonly warn: (by: string, text: string) => void,
  ) {}

  /** The applet of that name; undefined if there is none. */
  get(name: string): Applet | undefined {
    if (!this.loaded.has(name) && Object.hasOwn(applets, name)) {
      // Under our loader (load.ts) this calls back at once. Nothing that supervises may have to wait for a module.
      applets[name]!().then((applet) => this.loaded.set(name, applet));
    }
    return this.loaded.get(name);
  }

  readonly isOurs: IsOurs = (path, status) => {
    if (!Object.hasOwn(applets, baseName(path))) return false;
    const launcher = this.launcher ??= this.os.find(`${this.prefix}/launcher`);
    return status.inode === launcher?.inode && status.device === launcher.device;
  };

  isName(name: string): boolean {
    return Object.hasOwn(applets, name);
  }

  isUsual(path: ByteString): boolean {
    return USUAL_PLACES.has(path.slice(0, -baseName(path).length)) || path.startsWith(`${this.prefix}/`);
  }

  standIn(path: ByteString): ByteString | undefined {
    const name = baseName(path);
    const isOne = USUAL_PLACES.has(path.slice(0, -name.length)) && this.isName(name) && name !== INIT;
    return isOne ? `${this.prefix}/launcher` : undefined;
  }

  /** The same links for a process that is not this one: what would print a warning there fails here. */
  get strict(): Links {
    return this.strictWith(this.os);
  }

  /** The same for process 1, which reads nothing but what cannot hold it up. */
  guarded(reading: LinkPorts): Links {
    return this.strictWith(reading);
  }

  private strictWith(reading: LinkPorts): Links {
    return {
      isOurs: this.isOurs,
      isName: (name) => this.isName(name),
      isUsual: (path) => this.isUsual(path),
      standIn: (path) => this.standIn(path),
      link: (name, image) =>
        this.linkWith(name, image, reading, (by, text) => {
          throw new LinkError(by, new Error(text));
        }),
    };
  }

  link(name: string, image: ProcessImage): Link {
    if (image.isSettled) return this.linkWith(name, image, this.os, this.warn);
    try {
      return this.linkWith(name, image, this.os, () => {
        throw new TooEarly();
      });
    } catch (error) {
      // A warning goes where the steps before it say, so these come first, and then this link once more.
      if (error instanceof LinkError && error.cause instanceof TooEarly) return { kind: "end" };
      throw error;
    }
  }

  private linkWith(name: string, image: ProcessImage, reading: LinkPorts, warn: typeof this.warn): Link {
    const applet = this.get(name);
    if (applet?.kind !== "chain") return { kind: "end" };
    // What this process could read, the program might not, once it is another user; it may read what is yet to be made.
    if (applet.reads && (image.credentials !== undefined || image.makesFiles)) return { kind: "end" };
    try {
      return { kind: "next", image: applet.next(image, callOf(applet, image), view(image, name, reading, warn)) };
    } catch (error) {
      throw error instanceof LinkError ? error : new LinkError(name, error, image);
    }
  }
}

function view(
  image: ProcessImage,
  name: string,
  reading: LinkPorts,
  warn: (by: string, text: string) => void,
): SystemView {
  return {
    readFile: (path) => reading.readFile(image.resolve(path)),
    listDirectory: (path) => reading.listDirectory(image.resolve(path)),
    exists: (path) => reading.find(image.resolve(path)) !== undefined,
    isInherited: (fd) => reading.isInherited(fd),
    accounts: reading,
    warn: (text) => warn(name, text),
  };
}

/** The only word is --help, for a program that would call it wrong: it asks for the manual. */
export class HelpWanted extends UsageError {}

/**
 * The applet's command line from the words of an image.
 * @throws UsageError
 */
export function callOf(applet: Applet, image: ProcessImage): Call {
  try {
    const call = parse(applet.options, image.argv.slice(1));
    if (call.args.length < applet.least) throw new UsageError();
    return call;
  } catch (error) {
    throw error instanceof UsageError && asksForHelp(image) ? new HelpWanted() : error;
  }
}

/** True if the only word is --help. */
export function asksForHelp({ argv }: ProcessImage): boolean {
  return argv.length === 2 && argv[1] === "--help";
}
