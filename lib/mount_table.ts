// Tables of file systems, /etc/fstab and /proc/mounts, and the words of their options. Follows fstab(5) and s6-mount(8).

import type { ByteString } from "./bytes.ts";
import type { MountFlag } from "./os/parts.ts";

export interface MountEntry {
  readonly source: ByteString;
  readonly target: ByteString;
  readonly type: ByteString;
  /** Words between commas. */
  readonly options: ByteString;
}

/** The entries of a table; lines without a place are left out. */
export function parseMountTable(text: ByteString): MountEntry[] {
  return text.split("\n").flatMap((line) => {
    const [source, target, type = "none", options = "defaults"] = line.split(/[ \t]+/).filter(Boolean).map(unescaped);
    return source === undefined || source.startsWith("#") || target === undefined
      ? []
      : [{ source, target, type, options }];
  });
}

/** The mount that a path without links lies on. A later one at the same place covers the earlier one. */
export function mountAbove(mounts: readonly MountEntry[], path: ByteString): MountEntry | undefined {
  let found: MountEntry | undefined;
  for (const mount of mounts) {
    const { target } = mount;
    const isAbove = target === "/" || path === target || path.startsWith(`${target}/`);
    if (isAbove && target.length >= (found?.target.length ?? 0)) found = mount;
  }
  return found;
}

/** The paths of a table of swaps as /proc/swaps has it, below its heading. */
export function parseSwaps(text: ByteString): ByteString[] {
  return text.split("\n").slice(1).filter(Boolean).map((line) => unescaped(line.split(/[ \t]+/)[0]!));
}

/** Blanks and the like in a field are written as three octal digits. */
function unescaped(field: ByteString): ByteString {
  return field.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

/** Words that ask for something of every file system, and what; what begins with "-" is asked not to be. */
const WORDS: Readonly<Record<string, readonly (MountFlag | `-${MountFlag}`)[]>> = {
  defaults: [],
  ro: ["readOnly"],
  rw: ["-readOnly"],
  remount: ["remount"],
  sync: ["synchronous"],
  async: ["-synchronous"],
  dirsync: ["synchronousDirectories"],
  nodev: ["noDevices"],
  dev: ["-noDevices"],
  noexec: ["noExecution"],
  exec: ["-noExecution"],
  nosuid: ["noSetId"],
  suid: ["-noSetId"],
  nosymfollow: ["followNoLinks"],
  symfollow: ["-followNoLinks"],
  noatime: ["noAccessTimes"],
  atime: ["-noAccessTimes"],
  nodiratime: ["noDirectoryAccessTimes"],
  diratime: ["-noDirectoryAccessTimes"],
  relatime: ["relativeAccessTimes"],
  norelatime: ["-relativeAccessTimes"],
  strictatime: ["strictAccessTimes"],
  nostrictatime: ["-strictAccessTimes"],
  lazytime: ["lazyTimes"],
  nolazytime: ["-lazyTimes"],
  mand: ["mandatoryLocks"],
  nomand: ["-mandatoryLocks"],
  silent: ["silent"],
  loud: ["-silent"],
  bind: ["bind"],
  nobind: ["-bind"],
  rbind: ["bind", "recursive"],
  move: ["move"],
  nomove: ["-move"],
  private: ["private"],
  rprivate: ["private", "recursive"],
  shared: ["shared"],
  rshared: ["shared", "recursive"],
  slave: ["slave"],
  rslave: ["slave", "recursive"],
  unbindable: ["unbindable"],
  runbindable: ["unbindable", "recursive"],
};

/** What options ask for: of every file system, and, as its own words, of this one. */
export class MountOptions {
  readonly flags: ReadonlySet<MountFlag>;
  readonly data: ByteString;

  /** @param lists words between commas; later ones count */
  constructor(lists: readonly ByteString[]) {
    const flags = new Set<MountFlag>();
    const data: ByteString[] = [];
    for (const word of lists.join(",").split(",").filter(Boolean)) {
      const known = Object.hasOwn(WORDS, word) ? WORDS[word]! : undefined;
      if (known === undefined) data.push(word);
      for (const flag of known ?? []) {
        if (flag.startsWith("-")) flags.delete(flag.slice(1) as MountFlag);
        else flags.add(flag as MountFlag);
      }
    }
    this.flags = flags;
    this.data = data.join(",");
  }
}

/** What a bind mount takes over from what it shows, unless it is mounted once more. */
const OF_A_PLACE: readonly MountFlag[] = [
  "readOnly",
  "noSetId",
  "noDevices",
  "noExecution",
  "followNoLinks",
  "noAccessTimes",
  "noDirectoryAccessTimes",
  "relativeAccessTimes",
  "strictAccessTimes",
];

/** The flags of the second mount that a bind mount needs to be as it was asked to be; undefined if it needs none. */
export function secondMount(flags: ReadonlySet<MountFlag>): readonly MountFlag[] | undefined {
  const wanted = OF_A_PLACE.filter((flag) => flags.has(flag));
  if (!flags.has("bind") || flags.has("remount") || wanted.length === 0) return undefined;
  return ["remount", "bind", ...wanted];
}
