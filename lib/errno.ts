// Error numbers of Linux (the same on x86_64 and aarch64 for these) as names and the C library's texts.

import type { ByteString } from "./bytes.ts";
import { OsError } from "./report.ts";

/** By number: the name, a space, the text. */
export const ERRORS: Readonly<Record<number, string>> = {
  1: "EPERM Operation not permitted",
  2: "ENOENT No such file or directory",
  3: "ESRCH No such process",
  4: "EINTR Interrupted system call",
  5: "EIO Input/output error",
  6: "ENXIO No such device or address",
  7: "E2BIG Argument list too long",
  8: "ENOEXEC Exec format error",
  9: "EBADF Bad file descriptor",
  10: "ECHILD No child processes",
  11: "EAGAIN Resource temporarily unavailable",
  12: "ENOMEM Cannot allocate memory",
  13: "EACCES Permission denied",
  14: "EFAULT Bad address",
  15: "ENOTBLK Block device required",
  16: "EBUSY Device or resource busy",
  17: "EEXIST File exists",
  18: "EXDEV Invalid cross-device link",
  19: "ENODEV No such device",
  20: "ENOTDIR Not a directory",
  21: "EISDIR Is a directory",
  22: "EINVAL Invalid argument",
  23: "ENFILE Too many open files in system",
  24: "EMFILE Too many open files",
  25: "ENOTTY Inappropriate ioctl for device",
  26: "ETXTBSY Text file busy",
  27: "EFBIG File too large",
  28: "ENOSPC No space left on device",
  29: "ESPIPE Illegal seek",
  30: "EROFS Read-only file system",
  31: "EMLINK Too many links",
  32: "EPIPE Broken pipe",
  36: "ENAMETOOLONG File name too long",
  38: "ENOSYS Function not implemented",
  39: "ENOTEMPTY Directory not empty",
  40: "ELOOP Too many levels of symbolic links",
  71: "EPROTO Protocol error",
  88: "ENOTSOCK Socket operation on non-socket",
  91: "EPROTOTYPE Protocol wrong type for socket",
  95: "EOPNOTSUPP Operation not supported",
  97: "EAFNOSUPPORT Address family not supported by protocol",
  98: "EADDRINUSE Address already in use",
  99: "EADDRNOTAVAIL Cannot assign requested address",
  104: "ECONNRESET Connection reset by peer",
  107: "ENOTCONN Transport endpoint is not connected",
  109: "ETOOMANYREFS Too many references: cannot splice",
  110: "ETIMEDOUT Connection timed out",
  111: "ECONNREFUSED Connection refused",
  122: "EDQUOT Disk quota exceeded",
};

/** The symbolic name of an error number, and its text. */
export function reasonOf(number: number): readonly [errno: string, reason: string] {
  const [name = "", ...words] = (ERRORS[number] ?? `E${number} Error number ${number}`).split(" ");
  return [name, words.join(" ")];
}

/**
 * The error that the system itself would give, where we refuse something for its reason.
 * @param errno the symbolic name: "EBUSY"
 * @param reason the text, if it says more than the system's
 */
export function systemError(action: string, object: ByteString, errno: string, reason?: string): OsError {
  const known = Object.values(ERRORS).find((error) => error.startsWith(`${errno} `));
  return new OsError(action, object, errno, reason ?? known?.slice(errno.length + 1) ?? errno);
}

/** The number of a symbolic name: "EBUSY" is 16. One that is not known here counts as EIO. */
export function errorNumber(errno: string): number {
  const known = Object.entries(ERRORS).find(([, error]) => error.startsWith(`${errno} `));
  return Number(known?.[0] ?? 5);
}
