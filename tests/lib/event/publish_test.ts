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
  const opening: Readonly<Record<string, string>> = { dead01: "ENXIO", link01: "ELOOP", file01: "EINVAL" };
  const writing: Readonly<Record<string, string>> = { full01: "EAGAIN", shut01: "EPIPE" };
  const names = ["alive1", "dead01", "link01", "full01", "shut01", "file01", "alive2"];
  const opened: string[] = [];
  const written: string[] = [];
  const removed: string[] = [];
  let closed = 0;
  const fail = (errors: Readonly<Record<string, string>>, path: string): void => {
    const errno = errors[path.slice(-6)];
    if (errno !== undefined) throw new OsError("open", path, errno, "");
  };
  const os = {
    door: {
      listHead: () => ["other", ...names.map(name)],
      openFifo: (path: string) => {
        fail(opening, path);
        return opened.push(path) - 1;
      },
      remove: (path: string) => void removed.push(path.slice(-6)),
    },
    write: (fd: number, from: Uint8Array) => {
      fail(writing, opened[fd]!);
      return written.push(byteString(from)) && from.length;
    },
    close: () => void closed++,
  };
  const foreign: string[] = [];
  equal(publish(os, 7, "OD", ({ errno }) => foreign.push(errno)), 2);
  deepEqual(written, ["OD", "OD"]);
  deepEqual(removed, ["dead01", "shut01"]);
  deepEqual(foreign, ["ELOOP", "EINVAL"]);
  equal(closed, opened.length);
});
