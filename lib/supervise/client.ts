// Talking to a supervisor or scanner from outside, through the files it keeps: its lock says that it lives, its status
// file what it does, and its control fifo takes commands. The same files that s6's own supervisors have.

import { type ByteString, rawBytes } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { about, EXIT, Failure, ifThere, isErrno, unsuitable } from "../report.ts";
import { decodeStatus, type Status } from "./status.ts";

/** True if a supervisor works on the service directory. */
export function isSupervised(os: Pick<Os, "open" | "close" | "lockOwner">, directory: ByteString): boolean {
  return about("check", directory, () => {
    const fd = ifThere(() => os.open(`${directory}/supervise/lock`, ["read", "nonblocking"]));
    if (fd === undefined) return false;
    try {
      return os.lockOwner(fd) !== undefined;
    } finally {
      os.close(fd);
    }
  });
}

/** What the supervisor last wrote about its service. It may be dead by now: ask isSupervised first. */
export function readServiceStatus(os: Pick<Os, "readFile">, directory: ByteString): Status {
  const content = about("read status for", directory, () => os.readFile(`${directory}/supervise/status`));
  const status = decodeStatus(content);
  if (status === undefined) throw unsuitable("read status for", directory, "the status file is too short");
  return status;
}

/** The exit code where nothing listens: as that of s6-svc from 2.14 on, and that of s6-svscanctl. */
const DEAF = { supervise: 102, ".s6-svscan": EXIT.usage } as const;

/**
 * Writes command letters to a control directory: "web/supervise" for the supervisor of web, "scan/.s6-svscan".
 * `subject` is the directory that people know: web, scan.
 * @throws Failure if no supervisor listens: 102 for a service, 100 for a scan directory; OsError
 */
export function sendCommands(
  os: Pick<Os, "open" | "close" | "writeAll" | "find">,
  subject: ByteString,
  controlDirectory: "supervise" | ".s6-svscan",
  letters: ByteString,
): void {
  about("control", subject, () => {
    let fd: number;
    try {
      fd = os.open(`${subject}/${controlDirectory}/control`, ["write", "nonblocking"]);
    } catch (error) {
      // No fifo, or a fifo without a reader; but a directory that is not there at all is another mistake.
      const deaf = isErrno(error, "ENXIO") || isErrno(error, "ENOENT") && os.find(subject) !== undefined;
      if (deaf) throw new Failure(DEAF[controlDirectory], `unable to control ${subject}: supervisor not listening`);
      throw error;
    }
    try {
      if (letters !== "") os.writeAll(fd, rawBytes(letters));
    } finally {
      os.close(fd);
    }
  });
}
