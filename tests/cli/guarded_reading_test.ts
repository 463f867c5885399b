// What process 1 reads for a chain.

import { deepEqual, equal, throws } from "node:assert/strict";
import { guardedReading } from "../../cli/guarded_reading.ts";
import type { FileStatus } from "../../lib/os/os.ts";

type Given = Partial<Pick<FileStatus, "uid" | "mode">>;

/** The calls, over a directory and a file with this owner and mode; what was held comes out in `held`. */
function reading(given: Given, held: unknown[] = [], uid = 0): ReturnType<typeof guardedReading> {
  const status = { uid: 0, mode: 0o644, ...given } as FileStatus;
  const os = {
    close: () => {},
    fstat: () => status,
    credentials: () => ({ uid, gid: 0, groups: [] }),
    door: {
      hold: (path: string, _: unknown, reach: unknown) => (held.push([path, reach]), 3),
      list: () => ["A"],
      readOwned: (path: string, most: number, directory?: number) => ({
        content: `${path} ${most} ${directory ?? "-"}`,
        status,
      }),
    },
  };
  return guardedReading(os as unknown as Parameters<typeof guardedReading>[0]);
}

Deno.test("process 1 reads what root alone can write, and refuses everything else", () => {
  deepEqual(reading({}).readFile("/etc/env/A", 100), "/etc/env/A 100 -");
  deepEqual(reading({ mode: 0o755 }).listDirectory("/etc/env"), ["A"]);
  const refused = { errno: "EPERM" };
  for (const given of [{ uid: 1 }, { mode: 0o664 }, { mode: 0o646 }, { mode: 0o1777 }]) {
    throws(() => reading(given).readFile("/etc/env/A", 100), refused);
    throws(() => reading(given).listDirectory("/etc/env"), refused);
  }
});

Deno.test("where process 1 is not root, files of its own user are as good", () => {
  equal(reading({ uid: 7 }, [], 7).readFile("/etc/env/A", 100), "/etc/env/A 100 -");
  throws(() => reading({ uid: 8 }, [], 7).readFile("/etc/env/A", 100), { errno: "EPERM" });
});

Deno.test("only what the overlay makes at each start may lie on another file system", () => {
  const held: unknown[] = [];
  equal(reading({}, held).readFile("/var/run/s6/services/web/env/A", 100), "A 100 3");
  reading({}, held).listDirectory("/var/run/s6/services/web/env");
  equal(reading({}, held).readFile("/run/s6-rc:s6-rc-init:abc/servicedirs/web/./run", 100), "run 100 3");
  reading({}, held).listDirectory("/srv/env");
  equal(reading({}, held).readFile("/run/s6-rc/../else/run", 100), "/run/s6-rc/../else/run 100 -");
  equal(reading({}, held).readFile("/run/s6-rc-other/run", 100), "/run/s6-rc-other/run 100 -");
  deepEqual(held, [
    ["/var/run/s6/services/web/env", undefined],
    ["/var/run/s6/services/web/env", { mounts: "cross" }],
    ["/run/s6-rc:s6-rc-init:abc/servicedirs/web/.", undefined],
    ["/srv/env", { mounts: "refuse" }],
  ]);
});
