import { deepEqual, equal } from "node:assert/strict";
import { ServiceDirectory } from "../../../lib/supervise/service_dir.ts";
import { Troubles } from "../../../lib/supervise/troubles.ts";
import { World } from "../../simulation/world.ts";

function directory(files: Record<string, string>): { dir: ServiceDirectory; warnings: string[] } {
  const world = new World();
  for (const [name, content] of Object.entries(files)) world.files.put(`svc/${name}`, "file", content);
  const troubles = new Troubles("web", world.ports.report);
  return { dir: new ServiceDirectory(world.ports.os, "svc", troubles), warnings: world.reports };
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
    "web: warning: invalid timeout-kill",
    "web: warning: invalid timeout-finish",
    "web: warning: invalid max-death-tally",
    "web: warning: invalid notification-fd",
    "web: warning: invalid down-signal",
  ]);
});

Deno.test("the death tally has a longest length", () => {
  equal(directory({ "max-death-tally": "99999" }).dir.maxDeathTally(), 4096);
});

Deno.test("a down signal is a name in any case, with or without SIG, or a number", () => {
  for (const word of ["SIGINT", "int", "Int\n", "2"]) equal(directory({ "down-signal": word }).dir.downSignal(), 2);
});
