// The runtime starts with copies of standard output and error for itself (Deno 2.9: two; 2.4: three, with standard input).
// Nothing here uses them, and a pipe would stay open by them after a script has closed its end, or moved it elsewhere.

import { base, cString, PLACE, syscall, view } from "./libc.ts";
import { MODE_IN_STAT } from "./plain_status.ts";
import { SYS } from "./syscall_numbers.ts";

const GET_FLAGS = 1; // F_GETFD
const CLOSE_ON_EXEC = 1;
const EMPTY_PATH = 0x1000;
/** Copies get the lowest free numbers, and between them lies what the runtime has closed by now. */
const MOST_GAPS = 6;

/** Closes each copy. To be called before we open anything: what is passed on to programs is not close-on-exec. */
export function closeRuntimeCopies(): void {
  const standard = new Set([0, 1, 2].map(fileOf).filter((file) => file !== undefined));
  for (let fd = 3, gaps = 0; gaps < MOST_GAPS; fd++) {
    const flags = syscall(SYS.fcntl, fd, GET_FLAGS);
    if (flags < 0) gaps++;
    else if (flags === CLOSE_ON_EXEC && standard.has(fileOf(fd) ?? "")) syscall(SYS.close, fd);
  }
}

/**
 * Device and inode, which struct stat begins with on both architectures; undefined where there is nothing to tell. What
 * is not a file (an epoll, an eventfd) has no type, and one inode for all of them: the runtime's own would be taken for
 * copies.
 */
function fileOf(fd: number): string | undefined {
  const result = syscall(SYS.newfstatat, fd, cString(""), base + PLACE.result, EMPTY_PATH);
  const words = [0, 8, 12].map((at) => view.getUint32(PLACE.result + at, true));
  const type = view.getUint32(PLACE.result + MODE_IN_STAT, true) >> 12;
  return result < 0 || type === 0 ? undefined : words.join(" ");
}
