// Which directories a logger writes to: by the files that its process has open; where that may not be seen, by the
// command line of its process; where it does not run, by its run script, as far as that is plain.

import { type ByteString, byteString } from "../../bytes.ts";
import type { Door, FileStatus, Os } from "../../os/os.ts";
import { unlessRefused } from "../../report.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import type { ServiceSnapshot } from "../journal/snapshot.ts";
import { PATHS } from "../paths.ts";

export type FindingPorts =
  & Pick<Os, "close" | "open" | "read" | "readEntries" | "readLink" | "stat">
  & { readonly door: Pick<Door, "hold" | "readHead"> };

export interface LogPlace {
  readonly path: ByteString;
  /** The file that the logger has locked there, where that is known: the directory that has it is the right one. */
  readonly lock: Pick<FileStatus, "device" | "inode"> | undefined;
}

const LOCK = "/lock";
/** A logger has fewer descriptors, and shorter files of words. */
const MOST_DESCRIPTORS = 1024;
const MOST_BYTES = 65536;
const LOGGERS = new Set(["s6-log", "multilog", "svlogd", "logutil-service", "logutil-service-main"]);

/** What has to be known of a logger. */
type Logger = Pick<ServiceSnapshot, "pid" | "directory">;

/** Where the logger writes; empty where that cannot be told. */
export function logDirectoriesOf(os: FindingPorts, { pid, directory }: Logger): readonly LogPlace[] {
  const open = pid === null ? [] : unlessRefused(() => lockedBy(os, pid)) ?? [];
  if (open.length > 0) return open;
  const words = pid === null ? [] : unlessRefused(() => wordsOfProcess(os, pid)) ?? [];
  const paths = directoriesInWords(words, directory);
  const plain = paths.length > 0 ? paths : directoriesInScript(unlessRefused(() => runHead(os, directory)) ?? "");
  return plain.map((path) => ({ path, lock: undefined }));
}

/** Where the catch-all logger writes, or has written: one that does not run any more is not among the services. */
export function catchAllDirectories(
  os: FindingPorts,
  services: readonly (Logger & Pick<ServiceSnapshot, "name">)[],
): readonly LogPlace[] {
  const logger = services.find(({ name }) => name === CATCH_ALL);
  const found = logger === undefined ? [] : logDirectoriesOf(os, logger);
  return found.length > 0 ? found : [{ path: PATHS.uncaughtLogs, lock: undefined }];
}

/** The directories whose lock the process has open. */
function lockedBy(os: FindingPorts, pid: number): LogPlace[] {
  return locksOf(os, pid).flatMap(({ place, path }) => {
    const lock = unlessRefused(() => os.stat(place));
    return lock?.kind === "file" ? [{ path, lock }] : [];
  });
}

/** The same by their names alone, without links: no file system is asked, as some never answer. */
export function lockedDirectoriesOf(os: FindingPorts, pid: number): ByteString[] {
  return (unlessRefused(() => locksOf(os, pid)) ?? []).map(({ path }) => path);
}

function locksOf(os: FindingPorts, pid: number): { readonly place: ByteString; readonly path: ByteString }[] {
  const descriptors = `/proc/${pid}/fd`;
  return descriptorsIn(os, descriptors).flatMap((fd) => {
    const place = `${descriptors}/${fd}`;
    const target = unlessRefused(() => os.readLink(place));
    const isLock = target !== undefined && target.startsWith("/") && target.endsWith(LOCK);
    return isLock ? [{ place, path: target.slice(0, -LOCK.length) }] : [];
  });
}

function descriptorsIn(os: FindingPorts, path: ByteString): ByteString[] {
  const fd = os.open(path, ["read", "directory"]);
  try {
    const names: ByteString[] = [];
    while (names.length < MOST_DESCRIPTORS) {
      const entries = os.readEntries(fd);
      if (entries === undefined) break;
      for (const name of entries.names) names.push(name);
    }
    return names;
  } finally {
    os.close(fd);
  }
}

function wordsOfProcess(os: FindingPorts, pid: number): ByteString[] {
  return readBegin(os, `/proc/${pid}/cmdline`).split("\0");
}

/** The beginning of a file that the kernel makes up. */
function readBegin(os: FindingPorts, path: ByteString): ByteString {
  const fd = os.open(path, ["read"]);
  try {
    const room = new Uint8Array(new ArrayBuffer(MOST_BYTES));
    return byteString(room.subarray(0, os.read(fd, room)));
  } finally {
    os.close(fd);
  }
}

/** The beginning of the script that is started. */
export function runHead(os: FindingPorts, directory: ByteString): ByteString {
  const held = os.door.hold(directory);
  try {
    return os.door.readHead("run", MOST_BYTES, held);
  } finally {
    os.close(held);
  }
}

/**
 * The directories in the command line of a logger: each word of theirs that begins as a path does is one.
 * @param from where the process was started
 */
export function directoriesInWords(words: readonly ByteString[], from: ByteString): ByteString[] {
  const [program = "", ...rest] = words;
  if (!isLogger(program)) return [];
  return rest.filter((word) => word.startsWith("/") || word.startsWith("./"))
    .map((word) => word.startsWith("/") ? word : from + word.slice(1));
}

/** The last absolute path in a script that runs a logger, if it is plain: nothing that a shell would replace. */
export function directoriesInScript(script: ByteString): ByteString[] {
  const words = script.split("\n").filter((line) => !/^\s*#/.test(line)).join(" ").split(/\s+/);
  const logger = words.findLastIndex(isLogger);
  const last = logger < 0 ? undefined : words.slice(logger + 1).findLast((word) => /^["']?\//.test(word));
  const [, path] = /^(?:"([^]*)"|'([^]*)'|([^]*))$/.exec(last ?? "")?.filter((part) => part !== undefined) ?? [];
  return path !== undefined && /^\/[\w.,:@%+/-]+$/.test(path) ? [path] : [];
}

function isLogger(word: ByteString): boolean {
  return LOGGERS.has(word.slice(word.lastIndexOf("/") + 1));
}
