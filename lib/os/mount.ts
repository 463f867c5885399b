// Mounting file systems and swapping: mount(2), umount(2), pivot_root(2), swapon(2).

import type { ByteString } from "../bytes.ts";
import { checked, osError } from "./failed_call.ts";
import { cString, PLACE, syscall } from "./libc.ts";
import type { MountFlag, Mounts } from "./parts.ts";
import { SYS } from "./syscall_numbers.ts";

// MS_RDONLY, MS_NOSUID, ...
const FLAGS: Readonly<Record<MountFlag, number>> = {
  readOnly: 1 << 0,
  noSetId: 1 << 1,
  noDevices: 1 << 2,
  noExecution: 1 << 3,
  synchronous: 1 << 4,
  remount: 1 << 5,
  mandatoryLocks: 1 << 6,
  synchronousDirectories: 1 << 7,
  followNoLinks: 1 << 8,
  noAccessTimes: 1 << 10,
  noDirectoryAccessTimes: 1 << 11,
  bind: 1 << 12,
  move: 1 << 13,
  recursive: 1 << 14,
  silent: 1 << 15,
  unbindable: 1 << 17,
  private: 1 << 18,
  slave: 1 << 19,
  shared: 1 << 20,
  relativeAccessTimes: 1 << 21,
  strictAccessTimes: 1 << 24,
  lazyTimes: 1 << 25,
};

// The kernel reads one page and would go without the rest.
const LONGEST_DATA = 4095;
const INVALID = 22;

function mount(
  source: ByteString,
  target: ByteString,
  type: ByteString,
  flags: Iterable<MountFlag>,
  data: ByteString,
): void {
  const bits = [...flags].reduce((sum, flag) => sum | FLAGS[flag], 0);
  const from = cString(source, PLACE.path);
  const to = cString(target, PLACE.secondPath);
  const what = `${source} on ${target}`;
  if (data.length > LONGEST_DATA) throw osError("mount", what, INVALID);
  checked(syscall(SYS.mount, from, to, cString(type, PLACE.result), bits, cString(data, PLACE.buffer)), "mount", what);
}

export const mounts: Mounts = {
  mount,
  unmount: (target) => void checked(syscall(SYS.umount2, cString(target), 0), "umount", target),
  pivotRoot: (newRoot, oldPlace) => {
    const result = syscall(SYS.pivot_root, cString(newRoot), cString(oldPlace, PLACE.secondPath));
    checked(result, "pivot root to", `${newRoot} and put the old one in ${oldPlace}`);
  },
  swapOn: (path) => void checked(syscall(SYS.swapon, cString(path), 0), "swapon", path),
  swapOff: (path) => void checked(syscall(SYS.swapoff, cString(path)), "swapoff", path),
};
