// Our applets as the links of a chain: what lib/image follows, looked up in the phone book.

import type { ByteString } from "../lib/bytes.ts";
import { Budget } from "../lib/image/budget.ts";
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

  standIn(path: ByteString): ByteString | undefined {
    const name = baseName(path);
    const isOne = USUAL_PLACES.has(path.slice(0, -name.length)) && Object.hasOwn(applets, name) && name !== INIT;
    return isOne ? `${this.prefix}/launcher` : undefined;
  }

  /** The same links for a process that is not this one: what would print a warning there fails here. */
  readonly strict: Links = this.within(Budget.unlimited);

  /** As `strict`, for one evaluation that must not cost more than this: link throws LinkError with BudgetExceeded. */
  within(budget: Budget): Links {
    return {
      isOurs: this.isOurs,
      standIn: (path) => this.standIn(path),
      link: (name, image) => {
        const refuse = (by: string, text: string): never => {
          throw new LinkError(by, new Error(text));
        };
        return this.linkWith(name, image, refuse, budget);
      },
    };
  }

  link(name: string, image: ProcessImage): Link {
    if (image.isSettled) return this.linkWith(name, image, this.warn);
    try {
      return this.linkWith(name, image, () => {
        throw new TooEarly();
      });
    } catch (error) {
      // A warning goes where the steps before it say, so these come first, and then this link once more.
      if (error instanceof LinkError && error.cause instanceof TooEarly) return { kind: "end" };
      throw error;
    }
  }

  private linkWith(name: string, image: ProcessImage, warn: typeof this.warn, budget = Budget.unlimited): Link {
    const applet = this.get(name);
    if (applet?.kind !== "chain") return { kind: "end" };
    // What this process could read, the program might not, once it is another user; it may read what is yet to be made.
    if (applet.reads && (image.credentials !== undefined || image.makesFiles)) return { kind: "end" };
    try {
      budget.link();
      budget.words(image.argv.length);
      // Each link copies the words that are left a few times.
      budget.steps(1 + (image.argv.length >> 4));
      return { kind: "next", image: applet.next(image, callOf(applet, image), this.view(image, name, warn, budget)) };
    } catch (error) {
      throw error instanceof LinkError ? error : new LinkError(name, error, image);
    }
  }

  private view(image: ProcessImage, name: string, warn: typeof this.warn, budget: Budget): SystemView {
    const { word, expansion } = budget.most;
    // The variables that a program reads from files, all together.
    let read = 0;
    return {
      readFile: (path, most = word) => {
        const content = this.readWithin(image.resolve(path), most, budget);
        if (most === word && word !== Infinity) budget.expansion(read += content.length);
        return content;
      },
      listDirectory: (path) => {
        const names = this.os.listDirectory(image.resolve(path));
        budget.steps(1 + names.length);
        return names;
      },
      exists: (path) => {
        budget.steps(2);
        return this.os.find(image.resolve(path)) !== undefined;
      },
      isInherited: (fd) => this.os.isInherited(fd),
      accounts: { readFile: (path) => this.readWithin(path, expansion, budget) },
      warn: (text) => warn(name, text),
      budget,
    };
  }

  /** A file whose size is asked before it is read. */
  private readWithin(path: ByteString, most: number, budget: Budget): ByteString {
    budget.steps(1);
    const size = most === Infinity ? 0 : this.os.find(path)?.size ?? 0;
    if (size > most) throw new OsError("read", path, "EFBIG", "File too large");
    const content = this.os.readFile(path);
    budget.steps(content.length >> 8);
    return content;
  }
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
