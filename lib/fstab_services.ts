// Service definitions for s6-rc of what a table of file systems lists: a oneshot for each mount and each swap, with what it
// depends on, and bundles of them.

import type { ByteString } from "./bytes.ts";
import type { MountEntry } from "./mount_table.ts";
import { invalid } from "./report.ts";

export interface FstabWishes {
  /** Make services of what is marked noauto. */
  readonly withNoauto: boolean;
  /** The services run the programs of util-linux, which find devices by UUID and label. */
  readonly withUuid: boolean;
  /** The services are essential, and stay up. */
  readonly isEssential: boolean;
  readonly bundle: ByteString | undefined;
  /** The service that all others depend on. */
  readonly base: ByteString | undefined;
  readonly warn: (text: string) => void;
}

/** A directory of a source for s6-rc-compile. */
export interface ServiceSource {
  readonly name: ByteString;
  readonly directories: readonly ByteString[];
  readonly files: readonly (readonly [path: ByteString, content: ByteString])[];
}

/** Exit code for a table that is wrong. */
const WRONG_TABLE = 1;
/** Options for programs that read the table, not for the file system. */
const OF_THE_TABLE = /^(defaults|auto|noauto|user|nouser|users|owner|group|nofail|_netdev|sw|comment=.*|x-.*|X-.*)$/;

interface Mounted {
  readonly isSwap: boolean;
  readonly name: ByteString;
  readonly device: ByteString;
  /** The path that its place lies below, if that is one. */
  readonly place: ByteString;
  readonly type: ByteString;
  readonly options: ByteString;
  readonly isAutomatic: boolean;
  readonly mayFail: boolean;
}

/**
 * The services, in the order of the table, and the bundles.
 * @throws Failure with code 1 if a place is none, or is there twice
 */
export function servicesOfFstab(entries: readonly MountEntry[], wishes: FstabWishes): ServiceSource[] {
  const mounted = entries.map(mountedBy)
    .filter(({ isSwap, place, isAutomatic }) => (isSwap || place !== "/") && (wishes.withNoauto || isAutomatic));
  const byName = new Map<ByteString, Mounted>();
  for (const each of mounted) {
    if (byName.has(each.name)) throw invalid(`${each.place} is in the table twice`, WRONG_TABLE);
    byName.set(each.name, each);
    if (!wishes.withUuid && /^[A-Z]+=/.test(each.device)) {
      wishes.warn(`${each.device} is no device for s6-mount or s6-swapon: with -u the services know it`);
    }
  }
  return [...mounted.map((each) => sourceOf(each, byName, wishes)), ...bundlesOf(mounted, wishes.bundle)];
}

function mountedBy({ source, target, type, options }: MountEntry): Mounted {
  const isSwap = type === "swap";
  if (!isSwap && !target.startsWith("/")) {
    throw invalid(`${target} is no place to mount at: it is relative`, WRONG_TABLE);
  }
  const place = isSwap ? source : target.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
  const words = options.split(",").filter(Boolean);
  return {
    isSwap,
    name: `${isSwap ? "swap" : "mount"}-${place.replace(/^\//, "").replaceAll("/", ":")}`,
    device: source,
    place,
    type,
    options: words.filter((word) => !OF_THE_TABLE.test(word)).join(","),
    isAutomatic: !words.includes("noauto"),
    mayFail: words.includes("nofail"),
  };
}

function sourceOf(each: Mounted, byName: ReadonlyMap<ByteString, Mounted>, wishes: FstabWishes): ServiceSource {
  const dependency = mountBelow(each.place, byName) ?? wishes.base;
  const stays = wishes.isEssential && each.isAutomatic;
  const flag = wishes.isEssential ? "flag-essential" : "flag-recommended";
  const up = upCommand(each, wishes.withUuid);
  return {
    name: each.name,
    directories: ["dependencies.d"],
    files: [
      ["type", "oneshot\n"],
      ...(dependency === undefined ? [] : [[`dependencies.d/${dependency}`, ""] as const]),
      ...(each.isAutomatic ? [[flag, ""] as const] : []),
      ["up", each.mayFail ? whateverComesOf(up) : `${up}\n`],
      // What is unmounted already is no reason to stay up.
      ["down", stays ? "" : whateverComesOf(downCommand(each, wishes.withUuid))],
    ],
  };
}

/** The service that mounts what a place lies in: the nearest one. */
function mountBelow(place: ByteString, byName: ReadonlyMap<ByteString, Mounted>): ByteString | undefined {
  for (let end = place.lastIndexOf("/"); end > 0; end = place.lastIndexOf("/", end - 1)) {
    const name = `mount-${place.slice(1, end).replaceAll("/", ":")}`;
    if (byName.get(name)?.place === place.slice(0, end)) return name;
  }
  return undefined;
}

function whateverComesOf(command: ByteString): ByteString {
  return `foreground { ${command} }\nexit 0\n`;
}

function upCommand({ isSwap, device, place, type, options }: Mounted, withUuid: boolean): ByteString {
  const words = options === "" ? "" : ` -o ${scriptText(options)}`;
  const tag = withUuid ? tagged(device) : undefined;
  if (isSwap && !withUuid) return `s6-swapon -- ${scriptText(device)}`;
  if (isSwap) return `swapon${words} ${tag ?? `-- ${scriptText(device)}`}`;
  const program = withUuid ? "mount" : "s6-mount";
  return `${program} -t ${scriptText(type)}${words} ${tag ?? `-- ${scriptText(device)}`} ${scriptText(place)}`;
}

function downCommand({ isSwap, device, place }: Mounted, withUuid: boolean): ByteString {
  if (!isSwap) return `${withUuid ? "umount -l" : "s6-umount"} -- ${scriptText(place)}`;
  if (!withUuid) return `s6-swapoff -- ${scriptText(device)}`;
  return `swapoff ${tagged(device) ?? `-- ${scriptText(device)}`}`;
}

/** The option of util-linux for a device that the table has by UUID or label. */
function tagged(device: ByteString): ByteString | undefined {
  const [, tag, value] = /^(UUID|LABEL)=(.*)$/s.exec(device) ?? [];
  if (tag === undefined) return undefined;
  return `${tag === "UUID" ? "-U" : "-L"} ${scriptText(value!.replace(/^"(.*)"$/s, "$1"))}`;
}

/** A word of an execline script. */
function scriptText(word: ByteString): ByteString {
  return `"${word.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

function bundlesOf(mounted: readonly Mounted[], bundle: ByteString | undefined): ServiceSource[] {
  if (bundle === undefined) return [];
  if (bundle === "" || bundle.includes("/")) throw invalid(`a bundle cannot be named ${bundle}`);
  const automatic = mounted.filter(({ isAutomatic }) => isAutomatic);
  const [swaps, mounts] = [`${bundle}-swaps`, `${bundle}-mounts`];
  return [
    bundleSource(bundle, [mounts, swaps]),
    bundleSource(mounts, automatic.filter(({ isSwap }) => !isSwap).map(({ name }) => name)),
    bundleSource(swaps, automatic.filter(({ isSwap }) => isSwap).map(({ name }) => name)),
  ];
}

function bundleSource(name: ByteString, contents: readonly ByteString[]): ServiceSource {
  return {
    name,
    directories: ["contents.d"],
    files: [["type", "bundle\n"], ...contents.map((each) => [`contents.d/${each}`, ""] as const)],
  };
}
