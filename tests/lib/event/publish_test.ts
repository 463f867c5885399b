import { deepEqual, equal } from "node:assert/strict";
import { byteString } from "../../../lib/bytes.ts";
import { isListener, publish } from "../../../lib/event/publish.ts";
import { OsError } from "../../../lib/report.ts";

const name = (end: string): string => `ftrig1:@40000000000000000000000a:${end}`;

Deno.test("a listener is a fifo of a certain name and length", () => {
  equal(isListener(name("abcdef")), true);
  for (const other of [name("abcde"), name("abcdefg"), `.${name("abcdef")}`, "control"]) {
    equal(isListener(other), false);
  }
});

Deno.test("every listener gets the whole string in one write, stale fifos go, full ones miss it", () => {
  const errors: Record<string, string> = { "event/dead": "ENXIO", "event/full": "EAGAIN", "event/shut": "EPIPE" };
  const names = ["alive1", "dead01", "full01", "shut01", "alive2"];
  const opened: string[] = [];
  const written: string[] = [];
  const removed: string[] = [];
  let closed = 0;
  const failing = (path: string): string | undefined =>
    Object.entries(errors).find(([start]) => path.slice(-6).startsWith(start.slice(6)))?.[1];
  const os = {
    listDirectory: () => ["other", ...names.map(name)],
    open: (path: string) => {
      if (failing(path) === "ENXIO") throw new OsError("open", path, "ENXIO", "");
      return opened.push(path) - 1;
    },
    write: (fd: number, from: Uint8Array) => {
      const errno = failing(opened[fd]!);
      if (errno !== undefined) throw new OsError("write", "", errno, "");
      return written.push(byteString(from)) && from.length;
    },
    close: () => void closed++,
    unlink: (path: string) => void removed.push(path.slice(-6)),
  };
  equal(publish(os, "event", "OD"), 2);
  deepEqual(written, ["OD", "OD"]);
  deepEqual(removed, ["dead01", "shut01"]);
  equal(closed, opened.length);
});
