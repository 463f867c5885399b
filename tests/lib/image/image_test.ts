// What a process image says of the steps that are still to be carried out.

import { equal } from "node:assert/strict";
import { ProcessImage } from "../../../lib/image/image.ts";
import type { OpenFlag } from "../../../lib/os/operands.ts";
import type { Step } from "../../../lib/os/step.ts";

const opening = (path: string, ...flags: readonly OpenFlag[]): Step => ({
  by: "redirfd",
  do: "open",
  fd: 3,
  path,
  flags,
  mode: 0o666,
});

const CHANGING: readonly Step[] = [
  opening("f", "write", "create", "truncate"),
  opening("f", "write", "create", "nonblocking"),
  opening("f", "write", "truncate", "nonblocking"),
  opening("fifo", "read"),
  opening("fifo", "write", "append"),
  { by: "web", do: "lock", fd: 3, path: "supervise/service-lock" },
];

const LEAVING: readonly Step[] = [
  opening("fifo", "read", "nonblocking"),
  opening("/dev/null", "read"),
  opening("/dev/null", "write"),
  { by: "fdmove", do: "copy", from: 1, to: 2 },
  { by: "cd", do: "directory", path: "/" },
];

Deno.test("files may change before the program starts where a step makes one, or waits for another process", () => {
  for (const step of CHANGING) equal(ProcessImage.of(["x"]).step(step).filesMayChange, true, JSON.stringify(step));
  for (const step of LEAVING) equal(ProcessImage.of(["x"]).step(step).filesMayChange, false, JSON.stringify(step));
});
