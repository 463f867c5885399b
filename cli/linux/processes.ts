// The processes of the machine, as /proc tells of them. Follows proc(5).

import { parseGroup, parsePasswd } from "../../lib/accounts.ts";
import type { ByteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { OsError } from "../../lib/report.ts";

type ReadPorts = Pick<Os, "readFile" | "listDirectory" | "find">;

/** Ticks of the clock that processes are measured by, in a second; the same on every machine. */
export const TICKS = 100;

/** One process. Sizes are in bytes, times in ticks, `started` in ticks since the machine was. */
export interface Process {
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
  readonly uid: number;
  readonly gid: number;
  /** Words that end in NUL; undefined if we may not read them. */
  readonly commandLine: ByteString | undefined;
  readonly environment: ByteString | undefined;
  /** The name of that function, if the kernel tells. */
  readonly sleepsIn: ByteString | undefined;
}

/** What is read besides what there is in the file of numbers. */
interface Extent {
  readonly environment: boolean;
  readonly sleepsIn: boolean;
}

/** All processes, by their pids. */
export function readProcesses(os: ReadPorts, extent: Extent): Process[] {
  const pids = os.listDirectory("/proc").filter((name) => /^[0-9]+$/.test(name)).map(Number);
  return pids.sort((a, b) => a - b).flatMap((pid) => readProcess(os, pid, extent) ?? []);
}

function readProcess(os: ReadPorts, pid: number, extent: Extent): Process | undefined {
  const place = `/proc/${pid}`;
  const read = (file: string): ByteString | undefined => readIfAllowed(os, `${place}/${file}`);
  const owner = os.find(place);
  const numbers = read("stat");
  // It has ended meanwhile, or is none of our business.
  if (owner === undefined || numbers === undefined) return undefined;
  return {
    ...parseNumbers(numbers),
    uid: owner.uid,
    gid: owner.gid,
    commandLine: read("cmdline"),
    environment: extent.environment ? read("environ") : undefined,
    sleepsIn: extent.sleepsIn ? read("wchan") : undefined,
  };
}

function readIfAllowed(os: ReadPorts, path: ByteString): ByteString | undefined {
  try {
    return os.readFile(path);
  } catch (error) {
    if (error instanceof OsError) return undefined;
    throw error;
  }
}

type Numbers = Omit<Process, "uid" | "gid" | "commandLine" | "environment" | "sleepsIn">;

/** Reads the file /proc/PID/stat. */
export function parseNumbers(text: ByteString): Numbers {
  // A name may hold everything, blanks and parentheses too.
  const [opening, closing] = [text.indexOf("("), text.lastIndexOf(")")];
  const words = text.slice(closing + 2).trimEnd().split(" ");
  // Counted as in proc(5), where the state is field 3.
  const field = (at: number): number => Number(words[at - 3]);
  const large = (at: number): bigint => BigInt(words[at - 3] ?? 0);
  return {
    pid: Number(text.slice(0, opening)),
    name: text.slice(opening + 1, closing),
    state: words[0]!,
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

/** The machine that the processes run on. */
export interface MachineFacts {
  /** Nanoseconds since 1970, as are all points in time here. */
  readonly now: bigint;
  readonly booted: bigint;
  /** Bytes. */
  readonly memory: number;
  readonly pageSize: number;
  userName(uid: number): ByteString | undefined;
  groupName(gid: number): ByteString | undefined;
  /** The name in /dev of the terminal with that number, if there is one. */
  terminalName(number: number): ByteString | undefined;
}

/** @param upTime nanoseconds since the boot */
export function readMachine(os: ReadPorts & Pick<Os, "now">, upTime: bigint): MachineFacts {
  const { seconds, nanoseconds } = os.now();
  const now = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  const users = new Map(accounts(os, "/etc/passwd", parsePasswd).map(({ uid, name }) => [uid, name]));
  const groups = new Map(accounts(os, "/etc/group", parseGroup).map(({ gid, name }) => [gid, name]));
  return {
    now,
    booted: now - upTime,
    memory: 1024 * Number(/^MemTotal: *([0-9]+)/m.exec(readIfAllowed(os, "/proc/meminfo") ?? "")?.[1] ?? 0),
    pageSize: pageSize(readIfAllowed(os, "/proc/self/auxv") ?? ""),
    userName: (uid) => users.get(uid),
    groupName: (gid) => groups.get(gid),
    terminalName: (number) => terminalName(os, number),
  };
}

/** The accounts of a file, the first of several with one number last, so that it is the one that counts. */
function accounts<T>(os: ReadPorts, path: string, parse: (text: ByteString) => Iterable<T>): T[] {
  return [...parse(readIfAllowed(os, path) ?? "")].reverse();
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

/** Major and minor number of a device as the kernel packs them for the file of numbers. */
export function deviceNumbers(number: number): { readonly major: number; readonly minor: number } {
  return { major: number >>> 8 & 0xfff, minor: number & 0xff | number >>> 12 & 0xfff00 };
}

const FIRST_PTS = 136;
const LAST_PTS = 143;

function terminalName(os: ReadPorts, number: number): ByteString | undefined {
  const { major, minor } = deviceNumbers(number);
  const device = readIfAllowed(os, `/sys/dev/char/${major}:${minor}/uevent`);
  const name = major >= FIRST_PTS && major <= LAST_PTS
    ? `pts/${(major - FIRST_PTS) * 2 ** 20 + minor}`
    : /^DEVNAME=(.+)$/m.exec(device ?? "")?.[1];
  return name !== undefined && os.find(`/dev/${name}`)?.kind === "character" ? name : undefined;
}
