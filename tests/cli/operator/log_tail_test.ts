// The last lines of a log on a screen: whatever a service's user has made of it, little of it is read, and less is kept.

import { deepEqual, equal, ok } from "node:assert/strict";
import { logTailOf } from "../../../cli/operator/log_tail.ts";
import { clocks } from "../../../lib/os/clock.ts";
import { descriptors } from "../../../lib/os/descriptor.ts";
import { door } from "../../../lib/os/door.ts";
import { files } from "../../../lib/os/file.ts";
import { reportLike, statusLike } from "../../lib/overlay/status/made.ts";

const MOST = 24;
/** What a screen of lines may be read for. */
const MOST_READ = 8 * 1024 * 1024;

/** The lines, and how many bytes were read for them. */
async function tail(make: (log: string) => Promise<void>): Promise<{ lines: readonly string[]; read: number }> {
  const directory = await Deno.makeTempDir();
  let read = 0;
  const os = {
    ...files,
    ...descriptors,
    ...clocks,
    door,
    credentials: () => ({ uid: Deno.uid()!, gid: Deno.gid()!, groups: [] }),
    read: (fd: number, into: Uint8Array<ArrayBuffer>) => {
      const got = files.read(fd, into);
      read += got;
      return got;
    },
  };
  try {
    await Deno.writeTextFile(`${directory}/run`, `#!/bin/sh\nexec s6-log ${directory}/log\n`);
    await Deno.mkdir(`${directory}/log`);
    await make(`${directory}/log/current`);
    const logger = statusLike({ name: "web/log", isLogger: true, pid: null, directory });
    return { lines: logTailOf(os, reportLike([logger]), logger, MOST).lines, read };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("the last lines are shown, fit for a terminal", async () => {
  const text = Array.from({ length: 30 }, (_, at) => `${at}\x1b[2J\n`).join("");
  const { lines } = await tail((log) => Deno.writeTextFile(log, text));
  deepEqual(lines, Array.from({ length: MOST }, (_, at) => `${at + 6}\\x1b[2J`));
});

Deno.test("a file of zeros without an end of line takes neither long nor much memory", async () => {
  const { lines, read } = await tail(async (log) => {
    await Deno.writeTextFile(log, "begin\n");
    await Deno.truncate(log, 2 ** 40);
  });
  ok(read <= MOST_READ, `${read} bytes`);
  equal(lines.length, 0);
});

Deno.test("of lines that are long only their beginnings are kept", async () => {
  const { lines, read } = await tail((log) => Deno.writeTextFile(log, `${"x".repeat(2 ** 20)}\n`.repeat(40)));
  ok(read <= MOST_READ, `${read} bytes`);
  ok(lines.every((line) => line.length <= 4096));
});
