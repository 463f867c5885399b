// Whom the kernel ends first when memory runs out: by default the largest process, which is process 1 where services are
// small, and with it the whole container. A higher oom_score_adj of its children makes up for its size.

import { type ByteString, byteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import type { OwnMemory } from "../os/parts.ts";
import { OsError } from "../report.ts";

/** The scale of oom_score_adj: the whole memory that there is. */
const WHOLE = 1000;
const GROUPS = "/sys/fs/cgroup";
/** Milliseconds until it is computed again, as its size and the limit change. */
const LOOK_AGAIN = 60_000;
const LONGEST_FILE = 4096;

/**
 * The score of a child.
 * @param own that of process 1 @param resident its size @param limit what the container may have, both in bytes
 */
export function childScore(own: number, resident: number, limit: number): number {
  return Math.min(WHOLE, own + Math.ceil(WHOLE * resident / limit));
}

interface OomScorePorts {
  readonly os: Pick<Os, "find" | "open" | "read" | "close" | "monotonic">;
  readonly memory: Pick<OwnMemory, "sizes" | "ofMachine">;
  /** Takes a line for people. */
  readonly info: (text: string) => void;
}

export class OomScore {
  private score: number | undefined;
  private lookedAt = -Infinity;
  private isTold = false;

  constructor(private readonly ports: OomScorePorts) {}

  /** What oom_score_adj of a child is to be now; undefined where it cannot be known. Never throws. */
  current(): number | undefined {
    const now = this.ports.os.monotonic();
    if (now - this.lookedAt < LOOK_AGAIN) return this.score;
    this.lookedAt = now;
    return this.score = this.look();
  }

  private look(): number | undefined {
    const own = this.read("/proc/self/oom_score_adj") ?? "";
    const resident = this.ports.memory.sizes()?.resident;
    if (resident === undefined || !/^-?[0-9]+$/.test(own)) return undefined;
    const groups = this.groups();
    if (!this.isTold && groups.some((group) => this.read(`${group}/memory.oom.group`) === "1")) {
      this.isTold = true;
      this.ports.info("memory.oom.group is set: where memory runs out, all processes of the container end together");
    }
    return childScore(
      Number(own),
      resident,
      groups.reduce((least, group) => Math.min(least, this.limit(group)), this.ports.memory.ofMachine()),
    );
  }

  /** The control groups for memory that this process is in, as far up as they can be seen. */
  private groups(): ByteString[] {
    const lines = (this.read("/proc/self/cgroup") ?? "").split("\n");
    return lines.flatMap((line) => {
      const [, controllers = "", path = ""] = /^[0-9]+:([^:]*):(\/.*)$/.exec(line) ?? [];
      const root = controllers === "" ? GROUPS : `${GROUPS}/memory`;
      if (controllers !== "" && !controllers.split(",").includes("memory")) return [];
      const names = path.split("/").filter((name) => name !== "");
      return Array.from(
        { length: names.length + 1 },
        (_, up) => [root, ...names.slice(0, names.length - up)].join("/"),
      );
    }).filter((group) => this.exists(group));
  }

  /** Above a container's own group there is often nothing to be seen: what is not there need not be looked into. */
  private exists(group: ByteString): boolean {
    try {
      return this.ports.os.find(group) !== undefined;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      return false;
    }
  }

  private limit(group: ByteString): number {
    const word = this.read(`${group}/memory.max`) ?? this.read(`${group}/memory.limit_in_bytes`) ?? "max";
    return /^[0-9]+$/.test(word) ? Math.max(1, Number(word)) : Infinity;
  }

  /** A small file of the kernel; undefined where it cannot be read. */
  private read(path: ByteString): ByteString | undefined {
    const { os } = this.ports;
    let fd: number | undefined;
    try {
      fd = os.open(path, ["read", "nonblocking"]);
      const bytes = new Uint8Array(new ArrayBuffer(LONGEST_FILE));
      return byteString(bytes.subarray(0, os.read(fd, bytes))).trimEnd();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      return undefined;
    } finally {
      if (fd !== undefined) os.close(fd);
    }
  }
}
