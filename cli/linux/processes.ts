// The processes of the machine, as /proc tells of them. Follows proc(5).

import { parseGroup, parsePasswd } from "../../lib/accounts.ts";
import type { ByteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { pageSize, parseNumbers, type ProcessNumbers } from "../../lib/process_table.ts";
import { OsError } from "../../lib/report.ts";

type ReadPorts = Pick<Os, "readFile" | "listDirectory" | "find">;

/** One process. */
export interface Process extends ProcessNumbers {
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
