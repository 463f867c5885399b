// What is known to be missing by the listing of a directory, and how few listings that takes.

import { deepEqual, equal } from "node:assert/strict";
import { systemError } from "../../../lib/errno.ts";
import { withListings } from "../../../lib/rc/listed_names.ts";

const DIRECTORIES: Readonly<Record<string, readonly string[]>> = { "/s/a": ["type", "data"], "/s/a/data": ["overlay"] };

Deno.test("each directory is listed once, and one that is known to be missing never", () => {
  const listed: string[] = [];
  const { lacks } = withListings({
    listDirectory: (path) => {
      listed.push(path);
      const names = DIRECTORIES[path];
      if (names === undefined) throw systemError("open", path, "EACCES");
      return [...names];
    },
  });
  const paths = ["type", "run", "data/x", "data/overlay", "env/x"].map((name) => `/s/a/${name}`);
  deepEqual(paths.map(lacks), [false, true, true, false, true]);
  deepEqual(listed, ["/s/a", "/s/a/data"]);
  // It may have anything.
  equal(lacks("/s/hidden/run"), false);
  equal(lacks("/s/hidden/type"), false);
  deepEqual(listed, ["/s/a", "/s/a/data", "/s/hidden"]);
});

Deno.test("the rest of the system is there as it was, and loaded no earlier", () => {
  let loads = 0;
  const os = {
    listDirectory: (): string[] => [],
    get door(): number {
      return ++loads;
    },
  };
  const listing = withListings(os);
  equal(loads, 0);
  equal(listing.door, 1);
});
