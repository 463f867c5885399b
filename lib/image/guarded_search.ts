// How process 1 looks for the files that a chain names: only where no other process can hold it up, at its own programs
// and at the scripts that it starts. Everything else is left to the child, which tries the candidates as execvp does.

import type { ByteString } from "../bytes.ts";
import type { Door, FileStatus, Os, WritingDoor } from "../os/os.ts";
import { EXIT, Failure, isErrno, OsError, Reported, unlessRefused } from "../report.ts";
import type { ProcessImage } from "./image.ts";
import { explain } from "./explain.ts";
import { baseName, candidates, eachCandidate, type Located, type OwnFiles } from "./locate.ts";
import { type Look, NeedsProcess, type Search } from "./search.ts";
import { HEAD_SIZE } from "./shebang.ts";

/** What GuardedSearch looks with: the door, and descriptors of directories to release. */
type GuardedPorts = Pick<Os, "close" | "credentials"> & {
  readonly door: Pick<WritingDoor, "hold" | "find" | "mayExecute" | "readHead" | "readLink" | "readProgram">;
};

const MOST_LOOKED_AT = 16;
const WRITABLE_BY_OTHERS = 0o022;

/** The directory of a file cannot be held. */
class CannotHold extends Reported {
  constructor(readonly isMissing: boolean) {
    super();
  }
}

/** A name, and the held directory that it is in. */
type Entry = readonly [name: ByteString, directory: number];

/** What is looked at. */
interface Reached {
  /** Undefined where a link leads nowhere. */
  readonly itself: Entry | undefined;
  /** As it is named: itself, or a link to it. */
  readonly named: Entry;
  /** Its path, as this process has it. */
  readonly place: ByteString;
}

/** For process 1. */
export class GuardedSearch implements Search {
  /** The head of the file that has been located last, until it is asked for: one opening does for both. */
  private read: { readonly image: ProcessImage; readonly path: ByteString; readonly head: ByteString } | undefined;

  constructor(private readonly os: GuardedPorts, private readonly own: OwnFiles) {}

  locate(image: ProcessImage): Located {
    const name = image.file ?? image.argv[0] ?? "";
    const searched = image.searchPath ?? image.environment.get("PATH");
    const all = (): ByteString[] => candidates(name, searched);
    if (isInspected(image)) return this.inspected(image, name);
    if (!this.own.isName(baseName(name))) return { paths: all(), ours: undefined };
    let index = -1;
    for (const path of eachCandidate(name, searched)) {
      index++;
      if (!this.own.isUsual(path)) {
        // By a path that is given, this process knows none of our programs; by a search one might come first.
        if (name.includes("/")) return { paths: all(), ours: undefined };
        throw new NeedsProcess();
      }
      // Each link of a chain searches: a PATH may say the same place thousands of times.
      if (index === MOST_LOOKED_AT) throw new NeedsProcess();
      const status = this.find(path);
      if (status === undefined) continue;
      if (this.own.isOurs(path, status)) return { paths: [path], ours: baseName(path) };
      return { paths: all().slice(index), ours: undefined };
    }
    const standIn = this.own.standIn(name);
    return standIn === undefined ? { paths: all(), ours: undefined } : { paths: [standIn], ours: baseName(name) };
  }

  /** A script that this process is to start. What cannot be read is left to the child. */
  private inspected(image: ProcessImage, path: ByteString): Located {
    const verdict = this.verdict(image, path);
    if (verdict === undefined || verdict === "executable") return { paths: [path], ours: undefined };
    if (verdict === "plain" && image.insists) return { paths: [path], ours: undefined, plain: true };
    const code = verdict === "missing" ? EXIT.notFound : EXIT.cannotExecute;
    const reasons: Record<string, string> = { missing: "No such file or directory", plain: "Permission denied" };
    const why = this.lookAt(image, path, explain);
    const more = why === undefined ? "" : `: it ${why}`;
    throw new Failure(code, `unable to exec ${image.file ?? path}: ${reasons[verdict] ?? verdict}${more}`);
  }

  /** "executable", "plain", "missing", or the reason why it may not be executed; undefined if that is not known here. */
  private verdict(image: ProcessImage, path: ByteString): string | undefined {
    const { door } = this.os;
    this.read = undefined;
    try {
      return this.reach(image, path, ({ itself }) => {
        if (itself === undefined) return "missing";
        const read = this.readProgram(image, path, itself);
        if (read !== undefined) return read;
        const status = door.find(...itself);
        if (status === undefined) return "missing";
        if (status.kind !== "file") return "Permission denied";
        return door.mayExecute(...itself) ? "executable" : "plain";
      });
    } catch (error) {
      if (error instanceof OsError) return error.reason;
      throw error;
    }
  }

  /** Most can be read: then its head is known too. Undefined where it is to be looked at otherwise. */
  private readProgram(image: ProcessImage, path: ByteString, [name, directory]: Entry): string | undefined {
    const program = unlessRefused(() => this.os.door.readProgram(name, HEAD_SIZE, directory));
    if (program === undefined) return undefined;
    this.read = { image, path, head: program.head };
    return program.mayExecute ? "executable" : "plain";
  }

  head(image: ProcessImage, path: ByteString): ByteString {
    if (!isInspected(image)) return "";
    const { read } = this;
    this.read = undefined;
    if (read?.image === image && read.path === path) return read.head;
    return this.lookAt(image, path, (look, place) => look.readHead(place)) ?? "";
  }

  interpreter(_: ProcessImage, path: ByteString): "missing" | "ours" | "other" | "unknown" {
    if (!path.startsWith("/")) return "unknown";
    try {
      const status = this.os.door.find(path);
      if (status === undefined) return "missing";
      return this.own.isOurs(path, status) ? "ours" : "other";
    } catch (error) {
      if (error instanceof OsError) return "unknown";
      throw error;
    }
  }

  lookAt<T>(image: ProcessImage, path: ByteString, use: (look: Look, path: ByteString) => T): T | undefined {
    if (!isInspected(image)) return undefined;
    const { door } = this.os;
    return this.reach(image, path, ({ itself, named, place }) => {
      const isMissing = (wanted: ByteString): boolean => wanted === place && itself === undefined;
      const from = (wanted: ByteString): readonly [ByteString, number?] => wanted === place ? itself! : [wanted];
      return use({
        find: (wanted) => isMissing(wanted) ? undefined : door.find(...from(wanted)),
        mayExecute: (wanted) => !isMissing(wanted) && door.mayExecute(...from(wanted)),
        readHead: (wanted, size) => isMissing(wanted) ? "" : headThrough(door, size, ...from(wanted)),
        linkTarget: () => unlessRefused(() => door.readLink(...named)),
      }, place);
    });
  }

  /** Undefined where this process cannot look without being held up. */
  private reach<T>(image: ProcessImage, path: ByteString, use: (reached: Reached) => T): T | undefined {
    const place = image.resolve(path);
    const end = place.lastIndexOf("/");
    const held: number[] = [];
    try {
      const directory = this.hold(end < 0 ? "." : place.slice(0, end) || "/", held);
      const named: Entry = [place.slice(end + 1), directory];
      return use({ itself: this.followed(...named, held), named, place });
    } catch (error) {
      // Another file system, a lease, a kernel without the means to look safely.
      if (error instanceof CannotHold || isErrno(error, "EXDEV", "EAGAIN", "ENOSYS", "EPERM")) return undefined;
      throw error;
    } finally {
      for (const fd of held) this.os.close(fd);
    }
  }

  /**
   * The name and its directory. A link that root made, where no other user can make one, may lead to another file
   * system: such links stand in the scan directory for scripts that cannot be executed there. Undefined for one that
   * leads nowhere.
   */
  private followed(name: ByteString, directory: number, held: number[]): Entry | undefined {
    const { door } = this.os;
    const link = door.find(name, directory, { links: "refuse" });
    if (link?.kind !== "link" || !this.isTrusted(link) || !this.isTrusted(door.find(".", directory))) {
      return [name, directory];
    }
    const target = door.readLink(name, directory);
    const slash = target.lastIndexOf("/");
    if (!target.startsWith("/")) return [name, directory];
    try {
      return [target.slice(slash + 1), this.hold(target.slice(0, slash) || "/", held)];
    } catch (error) {
      if (error instanceof CannotHold && error.isMissing) return undefined;
      throw error;
    }
  }

  /** It is root's, or our own user's, and no other user can change it. The mode of a link means nothing. */
  private isTrusted(status: FileStatus | undefined): boolean {
    if (status === undefined) return false;
    const own = status.uid === 0 || status.uid === this.os.credentials().uid;
    return own && (status.kind === "link" || (status.mode & WRITABLE_BY_OTHERS) === 0);
  }

  private hold(directory: ByteString, held: number[]): number {
    try {
      const fd = this.os.door.hold(directory);
      held.push(fd);
      return fd;
    } catch (error) {
      if (error instanceof OsError) throw new CannotHold(isErrno(error, "ENOENT", "ENOTDIR"));
      throw error;
    }
  }

  private find(path: ByteString): FileStatus | undefined {
    try {
      return this.os.door.find(path);
    } catch (error) {
      if (error instanceof OsError) throw new NeedsProcess();
      throw error;
    }
  }
}

function headThrough(
  door: Pick<Door, "readHead">,
  size: number = HEAD_SIZE,
  path: ByteString,
  directory?: number,
): ByteString {
  return unlessRefused(() => door.readHead(path, size, directory)) ?? "";
}

function isInspected(image: ProcessImage): boolean {
  return image.isScript || image.insists === true;
}
