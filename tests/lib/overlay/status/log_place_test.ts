import { deepEqual, equal } from "node:assert/strict";
import { lastLines, logDirectoryOf, logPlaceOf } from "../../../../lib/overlay/status/log_place.ts";

const words = (...argv: string[]): string => argv.map((word) => `${word}\0`).join("");

Deno.test("the directory of an s6-log is in its command line", () => {
  equal(logDirectoryOf(words("s6-log", "-bp", "--", "n20", "s1000000", "T", "/var/log/web")), "/var/log/web");
  equal(logDirectoryOf(words("/usr/bin/s6-log", "+a/b", "/one", "/two")), "/one");
  equal(logDirectoryOf(words("s6-log", "1")), undefined);
  equal(logDirectoryOf(words("cat", "/var/log/web")), undefined);
  equal(logDirectoryOf(""), undefined);
});

const SERVICE = { name: "web", logger: null, isLogger: false };
const LINE = words("s6-log", "/var/log/web");
const CATCH_ALL = { in: "directory", path: "/var/log/s6-uncaught-logs" };

Deno.test("what a service prints is where its logger, or else the catch-all logger, puts it", () => {
  const web = { in: "directory", path: "/var/log/web" };
  deepEqual(logPlaceOf({ ...SERVICE, logger: "web/log" }, LINE, 0), web);
  deepEqual(logPlaceOf({ ...SERVICE, name: "web/log", isLogger: true }, LINE, 0), web);
  deepEqual(logPlaceOf({ ...SERVICE, logger: "web/log" }, undefined, 1), { in: "unknown" });
  deepEqual(logPlaceOf({ ...SERVICE, logger: "web/log" }, words("cat"), 1), { in: "unknown" });
  deepEqual(logPlaceOf(SERVICE, undefined, 0), { in: "container" });
  deepEqual(logPlaceOf(SERVICE, undefined, 1), CATCH_ALL);
  deepEqual(logPlaceOf({ name: "s6-svscan-log", logger: null, isLogger: true }, undefined, 1), CATCH_ALL);
});

Deno.test("the last lines are whole ones", () => {
  deepEqual(lastLines("a\nb\nc\n", 2, true), ["b", "c"]);
  deepEqual(lastLines("a\nb\nc", 9, true), ["a", "b", "c"]);
  deepEqual(lastLines("a\nb\nc\n", 9, false), ["b", "c"]);
  deepEqual(lastLines("", 9, true), []);
});
