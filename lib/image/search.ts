// How the files that a chain names are looked for. A process of its own looks wherever exec would; for process 1 see
// guarded_search.ts.

import { type ByteString, byteString } from "../bytes.ts";
import type { FileStatus, Os } from "../os/os.ts";
import { Reported } from "../report.ts";
import { isErrno, unlessRefused } from "../report.ts";
import type { ProcessImage } from "./image.ts";
import { locate, type Located, type OwnFiles } from "./locate.ts";
import { HEAD_SIZE } from "./shebang.ts";

/** The chain cannot be followed here: a process of its own does it. */
export class NeedsProcess extends Reported {}

/** Reading files, by paths as this process has them. */
export interface Look {
  find(path: ByteString): FileStatus | undefined;
  mayExecute(path: ByteString): boolean;
  /**
   * The first bytes of a file, HEAD_SIZE or the given number of them; empty if it cannot be read (it may still be
   * executed).
   */
  readHead(path: ByteString, size?: number): ByteString;
  /** Where a link leads; undefined for what is none. */
  linkTarget(path: ByteString): ByteString | undefined;
}

export interface Search {
  /**
   * The files that the image's command may stand for.
   * @throws Failure 126 or 127 if there is none, NeedsProcess if that is not for this process to find out
   */
  locate(image: ProcessImage): Located;
  /** The first bytes of the image's file; empty if it cannot be read. */
  head(image: ProcessImage, path: ByteString): ByteString;
  /** The interpreter of a script; "unknown" if it cannot be read. */
  interpreter(image: ProcessImage, path: ByteString): "missing" | "ours" | "other" | "unknown";
  /** For reading the image's file; undefined if that is not for this process to do. */
  lookAt<T>(image: ProcessImage, path: ByteString, use: (look: Look, path: ByteString) => T): T | undefined;
}

export type LookPorts = Pick<Os, "find" | "mayExecute" | "open" | "read" | "close" | "readLink">;

const UNREADABLE = ["EACCES", "EPERM", "ENOENT", "ENOTDIR", "EISDIR", "ELOOP", "ENXIO", "ETXTBSY", "EAGAIN"];

/** The first bytes of a file; empty if it cannot be read (it may still be executed). */
export function readHead(
  os: Pick<Os, "open" | "read" | "close">,
  path: ByteString,
  size: number = HEAD_SIZE,
): ByteString {
  try {
    const fd = os.open(path, ["read", "nonblocking"]);
    try {
      return headOf(os, fd, size);
    } finally {
      os.close(fd);
    }
  } catch (error) {
    if (isErrno(error, ...UNREADABLE)) return "";
    throw error;
  }
}

/** The first bytes from a descriptor. */
export function headOf(os: Pick<Os, "read">, fd: number, size: number = HEAD_SIZE): ByteString {
  const head = new Uint8Array(new ArrayBuffer(size));
  return byteString(head.subarray(0, os.read(fd, head)));
}

/** For a process that no other process depends on. */
export class OwnSearch implements Search {
  private readonly look: Look;

  constructor(os: LookPorts, private readonly own: OwnFiles) {
    this.look = {
      find: (path) => os.find(path),
      mayExecute: (path) => os.mayExecute(path),
      readHead: (path, size) => readHead(os, path, size),
      linkTarget: (path) => unlessRefused(() => os.readLink(path)),
    };
  }

  locate(image: ProcessImage): Located {
    return locate(this.look, image, this.own);
  }

  head(image: ProcessImage, path: ByteString): ByteString {
    return this.look.readHead(image.resolve(path));
  }

  interpreter(image: ProcessImage, path: ByteString): "missing" | "ours" | "other" {
    const place = image.resolve(path);
    const status = this.look.find(place);
    if (status === undefined) return "missing";
    return this.own.isOurs(place, status) ? "ours" : "other";
  }

  lookAt<T>(image: ProcessImage, path: ByteString, use: (look: Look, path: ByteString) => T): T {
    return use(this.look, image.resolve(path));
  }
}
