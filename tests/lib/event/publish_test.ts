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
  const opening: Readonly<Record<string, string>> = {
    dead01: "ENXIO",
    gone01: "ENOENT",
    link01: "ELOOP",
    file01: "EINVAL",
    late01: "EMFILE",
  };
  const writing: Readonly<Record<string, string>> = { full01: "EAGAIN", shut01: "EPIPE", lost01: "EIO" };
  const names = ["alive1", "alive2", ...Object.keys(opening), ...Object.keys(writing), "alive3"];
  const opened: string[] = [];
  const written: string[] = [];
  const removed: string[] = [];
  let closed = 0;
  const fail = (action: string, errors: Readonly<Record<string, string>>, path: string): void => {
    const errno = errors[path.slice(-6)];
    if (errno !== undefined) throw new OsError(action, path, errno, "");
  };
  const os = {
    door: {
      listHead: () => ["other", ...names.map(name)],
      openFifo: (path: string) => {
        fail("open", opening, path);
        return opened.push(path) - 1;
      },
      remove: (path: string) => void removed.push(path.slice(-6)),
    },
    write: (fd: number, from: Uint8Array) => {
      fail("write", writing, opened[fd]!);
      return written.push(byteString(from)) && from.length;
    },
    close: () => void closed++,
  };
  const trouble: string[] = [];
  equal(publish(os, 7, "OD", ({ errno }) => trouble.push(errno)), 3);
  deepEqual(written, ["OD", "OD", "OD"]);
  deepEqual(removed, ["dead01", "shut01"]);
  deepEqual(trouble, ["ELOOP", "EINVAL", "EMFILE", "EIO"]);
  equal(closed, opened.length);
});

Deno.test("the first 1,000 entries of an event directory are examined", () => {
  const asked: (readonly [string, number, number | undefined])[] = [];
  const door = {
    listHead: (path: string, most: number, directory?: number) => {
      asked.push([path, most, directory]);
      return [];
    },
    openFifo: () => 0,
    remove: () => {},
  };
  equal(publish({ door, write: () => 0, close: () => {} }, 7, "u"), 0);
  deepEqual(asked, [[".", 1000, 7]]);
});
