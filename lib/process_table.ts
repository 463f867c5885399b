// The processes of the machine in numbers, as /proc/PID/stat tells of them. Follows proc(5).

import type { ByteString } from "./bytes.ts";
import type { Os } from "./os/os.ts";
import { statWords } from "./process_stat.ts";
import { unlessRefused } from "./report.ts";

/** One process. Sizes are in bytes, times in ticks, `started` in ticks since the machine was. */
export interface ProcessNumbers {
  readonly pid: number;
  readonly name: ByteString;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly terminal: number;
  readonly foreground: number;
  readonly faults: {
    readonly minor: number;
    readonly childMinor: number;
    readonly major: number;
    readonly childMajor: number;
  };
  readonly ticks: {
    readonly user: number;
    readonly system: number;
    readonly childUser: number;
    readonly childSystem: number;
  };
  readonly priority: number;
  readonly nice: number;
  readonly threads: number;
  readonly started: number;
  readonly size: number;
  /** Pages in memory. */
  readonly resident: number;
  readonly residentLimit: bigint;
  /** The kernel function that it sleeps in; 0 is none. */
  readonly sleepsAt: bigint;
  readonly processor: number;
  readonly realTimePriority: number;
  readonly policy: number;
}

/** Reads the file /proc/PID/stat. */
export function parseNumbers(text: ByteString): ProcessNumbers {
  const { pid, name, letter, word } = statWords(text);
  const field = (at: number): number => Number(word(at));
  const large = (at: number): bigint => BigInt(word(at) ?? 0);
  return {
    pid,
    name,
    state: letter,
    parent: field(4),
    group: field(5),
    session: field(6),
    terminal: field(7),
    foreground: field(8),
    faults: { minor: field(10), childMinor: field(11), major: field(12), childMajor: field(13) },
    ticks: { user: field(14), system: field(15), childUser: field(16), childSystem: field(17) },
    priority: field(18),
    nice: field(19),
    threads: field(20),
    started: field(22),
    size: field(23),
    resident: field(24),
    residentLimit: large(25),
    sleepsAt: large(35),
    processor: field(39),
    realTimePriority: field(40),
    policy: field(41),
  };
}

/**
 * All processes that can be seen; undefined where there is no /proc, or there are more than can be read in the time.
 * @param most milliseconds
 */
export function readProcessNumbers(
  os: Pick<Os, "listDirectory" | "monotonic" | "readFile">,
  most: number,
): ProcessNumbers[] | undefined {
  const deadline = os.monotonic() + most;
  const names = unlessRefused(() => os.listDirectory("/proc"))?.filter((name) => /^[0-9]+$/.test(name)) ?? [];
  const found: ProcessNumbers[] = [];
  for (const name of names) {
    if (os.monotonic() > deadline) return undefined;
    // It may have ended meanwhile.
    const text = unlessRefused(() => os.readFile(`/proc/${name}/stat`));
    if (text !== undefined) found.push(parseNumbers(text));
  }
  return found.length === 0 ? undefined : found;
}

/** The size of a page of memory, in bytes. */
export function readPageSize(os: Pick<Os, "readFile">): number {
  return pageSize(unlessRefused(() => os.readFile("/proc/self/auxv")) ?? "");
}

const PAGE_SIZE = 6; // AT_PAGESZ
const USUAL_PAGE_SIZE = 4096;

/** From the auxiliary vector: pairs of a key and a value, 8 bytes each. */
export function pageSize(vector: ByteString): number {
  const bytes = Uint8Array.from(vector, (char) => char.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    if (view.getBigUint64(at, true) === BigInt(PAGE_SIZE)) return Number(view.getBigUint64(at + 8, true));
  }
  return USUAL_PAGE_SIZE;
}
