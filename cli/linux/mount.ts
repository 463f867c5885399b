// File systems and swap: s6-mount, s6-umount, s6-swapon and s6-swapoff. From s6-linux-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { type MountEntry, MountOptions, parseMountTable, parseSwaps, secondMount } from "../../lib/mount_table.ts";
import type { Mounts } from "../../lib/os/parts.ts";
import { Failure, isErrno, OsError, textOf, UsageError } from "../../lib/report.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { NO_OPTIONS, type Option } from "../getopt.ts";

const FSTAB = "/etc/fstab";
const BUSY = 1;
const MOST_FAILURES = 99;

export const mount: Applet = utility({
  name: "s6-mount",
  usage: "-a [ -z fstab ] | s6-mount [ -n ] [ -r | -w ] [ -t type ] [ -o option[,option...] ]... device mountpoint",
  summary: "mount a file system, or all of fstab, or print what is mounted",
  help: {
    a: "mount all of fstab",
    z: "read this file instead of /etc/fstab",
    n: "accepted, and means nothing",
    r: "read-only",
    w: "writable",
    t: "the type of the file system (default none)",
    o: "options, separated by commas",
  },
  exits: { 1: "busy" },
  options: "naz:rwt:o:",
  least: 0,
  run: async (context, { options, args }) => {
    const mounts = await context.part("mounts");
    if (options.has("a")) {
      const entries = parseMountTable(context.os.readFile(options.value("z") ?? FSTAB)).filter(isForAll);
      return failuresOf(context, entries, (entry) => mountEntry(mounts, entry));
    }
    const [source, target] = args;
    if (source === undefined) {
      context.print(context.os.readFile("/proc/mounts"));
      return 0;
    }
    if (target === undefined) throw new UsageError();
    const entry = { source, target, type: options.value("t") ?? "none", options: optionWords(options.list) };
    return orBusy(() => mountEntry(mounts, entry));
  },
});

/** -r, -w and -o in their order. */
function optionWords(list: readonly Option[]): ByteString {
  const words = { r: "ro", w: "rw" } as const;
  return list.map(({ letter, value }) => letter === "o" ? value : words[letter as "r" | "w"] ?? "").join(",");
}

/** Neither swap nor left out on purpose. */
function isForAll({ type, options }: MountEntry): boolean {
  return type !== "swap" && !options.split(",").includes("noauto");
}

function mountEntry(mounts: Mounts, { source, target, type, options }: MountEntry): void {
  const { flags, data } = new MountOptions([options]);
  mounts.mount(source, target, type, flags, data);
  const second = secondMount(flags);
  if (second === undefined) return;
  try {
    mounts.mount(source, target, type, second, "");
  } catch (error) {
    // What was to be read-only, for example, must not stay there writable.
    mounts.unmount(target);
    throw error;
  }
}

function orBusy(work: () => void): number {
  try {
    work();
    return 0;
  } catch (error) {
    throw isErrno(error, "EBUSY") ? new Failure(BUSY, textOf(error)) : error;
  }
}

export const umount: Applet = utility({
  name: "s6-umount",
  usage: "[ -a | mountpoint ]",
  summary: "unmount a file system, or all of them",
  options: NO_OPTIONS,
  least: 1,
  run: async (context, { args: [target = ""] }) => {
    const mounts = await context.part("mounts");
    const unmount = (path: ByteString): void => mounts.unmount(path);
    if (target !== "-a") return succeeded(() => unmount(target));
    // The last one first, as it may lie on another.
    const all = parseMountTable(context.os.readFile("/proc/mounts")).reverse();
    return failuresOf(context, all, (entry) => unmount(entry.target));
  },
});

export const swapon: Applet = utility({
  name: "s6-swapon",
  usage: "[ -a | device ]",
  summary: "swap to a device, or to all of fstab",
  options: NO_OPTIONS,
  least: 1,
  run: async (context, { args: [device = ""] }) => {
    const mounts = await context.part("mounts");
    if (device !== "-a") return succeeded(() => mounts.swapOn(device));
    const all = parseMountTable(context.os.readFile(FSTAB)).filter(({ type }) => type === "swap");
    return failuresOf(context, all, ({ source }) => mounts.swapOn(source));
  },
});

export const swapoff: Applet = utility({
  name: "s6-swapoff",
  usage: "[ -a | device ]",
  summary: "swap no more to a device, or to any",
  options: NO_OPTIONS,
  least: 1,
  run: async (context, { args: [device = ""] }) => {
    const mounts = await context.part("mounts");
    if (device !== "-a") return succeeded(() => mounts.swapOff(device));
    return failuresOf(context, parseSwaps(context.os.readFile("/proc/swaps")), (path) => mounts.swapOff(path));
  },
});

function succeeded(work: () => void): 0 {
  work();
  return 0;
}

/** Does it to each, warns of those with which it fails, and returns how many these are. */
function failuresOf<T>(context: Context, all: readonly T[], work: (each: T) => void): number {
  const failed = all.filter((each) => {
    try {
      work(each);
      return false;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      context.warn(textOf(error));
      return true;
    }
  });
  return Math.min(failed.length, MOST_FAILURES);
}
