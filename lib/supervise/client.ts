// Talking to a supervisor or scanner from outside, through the files it keeps: its lock says that it lives, its status
// file what it does, and its control fifo takes commands. The same files that s6's own supervisors have.

import { type ByteString, byteString, rawBytes } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { about, EXIT, Failure, ifThere, isErrno, unsuitable } from "../report.ts";
import { decodeStatus, type Status, STATUS_SIZE } from "./status.ts";

type LockOs = Pick<Os, "open" | "close" | "lockOwner">;

/** The pid of the process whose supervisor works on the service directory; undefined if none does. */
export function supervisorOf(os: LockOs, directory: ByteString): number | undefined {
  return about("check", directory, () => {
    const fd = ifThere(() => os.open(`${directory}/supervise/lock`, ["read", "nonblocking"]));
    if (fd === undefined) return undefined;
    try {
      return os.lockOwner(fd);
    } finally {
      os.close(fd);
    }
  });
}

/** True if a supervisor works on the service directory. */
export function isSupervised(os: LockOs, directory: ByteString): boolean {
  return supervisorOf(os, directory) !== undefined;
}

type StatusFileOs = Pick<Os, "open" | "read" | "close">;

/**
 * What the supervisor last wrote about its service. It may be dead by now: ask isSupervised first. The directory may be
 * another user's, who may have put a fifo there: nothing is waited for.
 */
export function readServiceStatus(os: StatusFileOs, directory: ByteString): Status {
  const content = about("read status for", directory, () => {
    const fd = os.open(`${directory}/supervise/status`, ["read", "nonblocking"]);
    try {
      const room = new Uint8Array(STATUS_SIZE);
      return byteString(room.subarray(0, os.read(fd, room)));
    } finally {
      os.close(fd);
    }
  });
  return statusIn(content, directory);
}

/** @throws OsError if it is too short */
export function statusIn(content: ByteString, directory: ByteString): Status {
  const status = decodeStatus(content);
  if (status === undefined) throw unsuitable("read status for", directory, "the status file is too short");
  return status;
}

/** The exit code where nothing listens: as that of s6-svc from 2.14 on, and that of s6-svscanctl. */
const DEAF = { supervise: 102, ".s6-svscan": EXIT.usage } as const;

/**
 * Writes command letters to a control directory: "web/supervise" for the supervisor of web, "scan/.s6-svscan".
 * `subject` is the directory that people know: web, scan. The control directory may be another user's: what is there in
 * the place of the fifo is not followed if it is a link, and not waited for.
 * @throws Failure if no supervisor listens: 102 for a service, 100 for a scan directory; OsError
 */
export function sendCommands(
  os: Pick<Os, "open" | "close" | "write" | "find">,
  subject: ByteString,
  controlDirectory: "supervise" | ".s6-svscan",
  letters: ByteString,
): void {
  about("control", subject, () => {
    let fd: number;
    try {
      fd = os.open(`${subject}/${controlDirectory}/control`, ["write", "nonblocking", "nofollow"]);
    } catch (error) {
      // No fifo, or a fifo without a reader; but a directory that is not there at all is another mistake.
      const deaf = isErrno(error, "ENXIO") || isErrno(error, "ENOENT") && os.find(subject) !== undefined;
      if (deaf) throw new Failure(DEAF[controlDirectory], `unable to control ${subject}: supervisor not listening`);
      throw error;
    }
    try {
      if (letters !== "") os.write(fd, rawBytes(letters));
    } finally {
      os.close(fd);
    }
  });
}
