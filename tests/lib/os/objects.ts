// Files of every class for tests of the door, and what its calls make of them.

import assert from "node:assert/strict";
import { door } from "../../../lib/os/door.ts";
import { files } from "../../../lib/os/file.ts";
import { pretend } from "../../../lib/os/path_walk.ts";
import { OsError } from "../../../lib/report.ts";

/** Devices and mounts are for root to make. */
export const isRoot: boolean = Deno.uid() === 0;

/** The errno that a call fails with, or what it returns. */
export function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (error instanceof OsError) return error.errno;
    throw error;
  }
}

/** The words that say why it fails. */
export function reason(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof OsError) return error.reason;
    throw error;
  }
  return "";
}

/** Runs with the two ways of opening, in a new directory of files of every class. */
export async function withObjects(body: (root: string, held: number) => void | Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  await run("mkfifo", `${root}/fifo`);
  await run("python3", "-c", `import socket; socket.socket(socket.AF_UNIX).bind("${root}/socket")`);
  await Deno.mkdir(`${root}/directory`);
  await Deno.symlink("loop", `${root}/loop`);
  await Deno.symlink("file", `${root}/link`);
  await Deno.symlink("/proc/self/fd/0", `${root}/magic`);
  await Deno.symlink("/proc/self/status", `${root}/elsewhere`);
  await Deno.symlink("nowhere", `${root}/dangling`);
  await Deno.writeTextFile(`${root}/file`, "0123456789");
  await Deno.writeTextFile(`${root}/empty`, "");
  await Deno.writeTextFile(`${root}/program`, "#!/bin/sh\n", { mode: 0o755 });
  (await Deno.open(`${root}/sparse`, { create: true, write: true })).truncateSync(1 << 30);
  if (isRoot) {
    await run("mknod", `${root}/device`, "c", "1", "5");
    await run("mknod", `${root}/block`, "b", "7", "250");
  }
  try {
    for (const way of [undefined, "walk"] as const) {
      pretend(way);
      const held = door.hold(root);
      try {
        await body(root, held);
      } finally {
        files.close(held);
      }
    }
  } finally {
    pretend(undefined);
    await Deno.remove(root, { recursive: true });
  }
}

async function run(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  assert(success, new TextDecoder().decode(stderr));
}
