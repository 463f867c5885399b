// Notifications of what happens in a directory (inotify), instead of polling.

import { type ByteString, byteString } from "../bytes.ts";
import { checked, osError } from "./failed_call.ts";
import { base, BUFFER_SIZE, cString, memory, PLACE, syscall, view } from "./libc.ts";
import { OPEN } from "./open_flags.ts";
import type { DirectoryChange, DirectoryWatches } from "./parts.ts";
import { SYS } from "./syscall_numbers.ts";

const MODIFY = 0x2;
const MOVED_FROM = 0x40;
const MOVED_TO = 0x80;
const CREATE = 0x100;
const DELETE = 0x200;
const ONLY_DIRECTORIES = 0x01000000;
const QUEUE_OVERFLOW = 0x4000;
const WATCH_IS_GONE = 0x8000; // IN_IGNORED: the directory does not exist any more
// struct inotify_event: watch 4, mask 4, cookie 4, length of the name with its padding 4, name
const HEADER = 16;

function watchDirectory(path: ByteString): number {
  const fd = checked(syscall(SYS.inotify_init1, OPEN.closeOnExec | OPEN.nonblocking), "create an inotify");
  const events = MODIFY | MOVED_FROM | MOVED_TO | CREATE | DELETE | ONLY_DIRECTORIES;
  const result = syscall(SYS.inotify_add_watch, fd, cString(path), events);
  if (result >= 0) return fd;
  syscall(SYS.close, fd);
  throw osError("watch directory", path, -result);
}

function kindOf(mask: number): DirectoryChange["kind"] {
  if (mask & (QUEUE_OVERFLOW | WATCH_IS_GONE)) return "lost";
  if (mask & (CREATE | MOVED_TO)) return "appeared";
  return mask & (DELETE | MOVED_FROM) ? "disappeared" : "changed";
}

function readChanges(fd: number): DirectoryChange[] {
  const changes: DirectoryChange[] = [];
  for (;;) {
    const got = syscall(SYS.read, fd, base + PLACE.buffer, BUFFER_SIZE);
    if (got === -11) return changes; // EAGAIN
    checked(got, "read what has happened");
    for (let at = PLACE.buffer; at < PLACE.buffer + got;) {
      const room = view.getUint32(at + 12, true);
      const name = byteString(memory.subarray(at + HEADER, at + HEADER + room)).replace(/\0[^]*$/, "");
      changes.push({ kind: kindOf(view.getUint32(at + 4, true)), name });
      at += HEADER + room;
    }
  }
}

export const directoryWatches: DirectoryWatches = { watchDirectory, readChanges };
