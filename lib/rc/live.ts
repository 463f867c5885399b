// The live directory: where a set of services stands now. `state` has one byte a service, `lock` keeps two changes apart,
// `compiled` leads to the database, `servicedirs` has the service directories that are supervised. What is in the files is read
// in bounded portions and checked: a file that is torn is a failure, and never more.

import { type ByteString, byteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { about, Failure, unlessRefused } from "../report.ts";
import { STATE_BIT } from "./change.ts";
import { BROKEN } from "./database_directory.ts";
import { takeLock } from "./lock.ts";
import { ONESHOT_RUNNER } from "./places.ts";
import { tellsReadiness } from "../supervise/readiness_files.ts";

const STATE_MODE = 0o644;
const KNOWN_BITS = STATE_BIT.up | STATE_BIT.wanted;
const LONGEST_PREFIX = 255;

export type LiveOs = Pick<Os, "open" | "close" | "read" | "replaceFile" | "writeFile" | "unlink" | "find" | "lock">;

export class LiveDirectory {
  constructor(private readonly os: LiveOs, readonly path: ByteString) {}

  get database(): ByteString {
    return `${this.path}/compiled`;
  }

  get runnerSocket(): ByteString {
    return `${this.serviceDirectory(ONESHOT_RUNNER)}/s`;
  }

  serviceDirectory(name: ByteString): ByteString {
    return `${this.path}/servicedirs/${name}`;
  }

  /**
   * Takes the locks for a change, until this process ends: no other one may change the same, or the database.
   * @throws OsError EBUSY if one does so and `wait` is not set
   */
  lockForChange(wait: boolean): void {
    about("take", "locks", () => {
      takeLock(this.os, this.path, { wait });
      takeLock(this.os, this.database, { shared: true, wait });
    });
  }

  /**
   * For a look. A change does not keep others from looking, unless they want to wait for its end: the state is replaced as a
   * whole. A user who may not open the lock may look too.
   */
  lockForLook(wait: boolean): void {
    unlessRefused(() => takeLock(this.os, this.path, { shared: true, wait }));
    about("take", "locks", () => takeLock(this.os, this.database, { shared: true, wait }));
  }

  /** By number; what a later s6-rc may have put beside the bits that we know is left out. */
  readState(services: number): Uint8Array {
    const path = `${this.path}/state`;
    const content = about("read", path, () => this.readAtMost(path, services));
    if (content.length < services) throw new Failure(BROKEN, `unable to read valid state in ${path}`);
    return content.map((bits) => bits & KNOWN_BITS);
  }

  writeState(state: Uint8Array): void {
    const path = `${this.path}/state`;
    about("write", path, () => this.os.replaceFile(path, byteString(state), STATE_MODE));
  }

  /** What the names of its services begin with in the scan directory. */
  readPrefix(): ByteString {
    const path = `${this.path}/prefix`;
    return about("read", path, () => byteString(this.readAtMost(path, LONGEST_PREFIX)));
  }

  /** A service can tell when it is ready. */
  notifies(name: ByteString): boolean {
    return tellsReadiness((file) => this.os.find(`${this.serviceDirectory(name)}/${file}`) !== undefined);
  }

  /** Makes that the service is up, or down, after a restart of its supervisor as well. */
  keep(name: ByteString, direction: "up" | "down"): void {
    const path = `${this.serviceDirectory(name)}/down`;
    if (direction === "up") this.os.unlink(path);
    else about("touch", path, () => this.os.writeFile(path, ""));
  }

  private readAtMost(path: ByteString, size: number): Uint8Array {
    const fd = this.os.open(path, ["read", "nonblocking"]);
    try {
      const content = new Uint8Array(new ArrayBuffer(size));
      let filled = 0;
      while (filled < size) {
        const got = this.os.read(fd, content.subarray(filled));
        if (got === 0) break;
        filled += got;
      }
      return content.subarray(0, filled);
    } finally {
      this.os.close(fd);
    }
  }
}
