import { deepEqual, equal } from "node:assert/strict";
import { rawBytes } from "../../../lib/bytes.ts";
import { OsError } from "../../../lib/report.ts";
import { ServiceDirectory } from "../../../lib/supervise/service_dir.ts";

function directory(files: Record<string, string>): { dir: ServiceDirectory; warnings: string[] } {
  const warnings: string[] = [];
  const names = Object.keys(files);
  const os = {
    open: (path: string) => {
      const fd = names.indexOf(path.slice("svc/".length));
      if (fd < 0) throw new OsError("open", path, "ENOENT", "No such file or directory");
      return fd;
    },
    read: (fd: number, into: Uint8Array) => {
      const bytes = rawBytes(files[names[fd]!]!).subarray(0, into.length);
      into.set(bytes);
      return bytes.length;
    },
    close: () => {},
    find: () => undefined,
  };
  const dir = new ServiceDirectory(os, "svc", { warn: (text) => warnings.push(text) });
  return { dir, warnings };
}

Deno.test("without parameter files everything is as usual", () => {
  const { dir, warnings } = directory({});
  equal(dir.timeoutKill(), 0);
  equal(dir.timeoutFinish(), 5000);
  equal(dir.maxDeathTally(), 100);
  equal(dir.downSignal(), 15);
  equal(dir.notificationFd(), undefined);
  equal(dir.lockFd(), undefined);
  deepEqual(warnings, []);
});

Deno.test("only the first line of a file counts", () => {
  const { dir } = directory({ "timeout-kill": "250\nmilliseconds\n", "timeout-finish": "0", "notification-fd": "3\n" });
  equal(dir.timeoutKill(), 250);
  equal(dir.timeoutFinish(), 0);
  equal(dir.notificationFd(), 3);
});

Deno.test("a value that makes no sense is reported, and the usual one taken", () => {
  const { dir, warnings } = directory({
    "timeout-kill": "soon",
    "timeout-finish": "5s",
    "max-death-tally": "-1",
    "notification-fd": "",
    "down-signal": "SIGNONE",
  });
  equal(dir.timeoutKill(), 0);
  equal(dir.timeoutFinish(), 5000);
  equal(dir.maxDeathTally(), 100);
  equal(dir.notificationFd(), undefined);
  equal(dir.downSignal(), 15);
  deepEqual(warnings, [
    "invalid timeout-kill",
    "invalid timeout-finish",
    "invalid max-death-tally",
    "invalid notification-fd",
    "invalid down-signal",
  ]);
});

Deno.test("the death tally has a longest length", () => {
  equal(directory({ "max-death-tally": "99999" }).dir.maxDeathTally(), 4096);
});

Deno.test("a down signal is a name in any case, with or without SIG, or a number", () => {
  for (const word of ["SIGINT", "int", "Int\n", "2"]) equal(directory({ "down-signal": word }).dir.downSignal(), 2);
});
