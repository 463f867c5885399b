// Images of generation 3 in containers of other kinds: started again, with a root that cannot be written, as another user.

import { equal, match } from "node:assert/strict";
import { boot, bootAgain, type Setting } from "../surroundings/container.ts";
import { oneshotFiles, server, SOURCES, user } from "./generation_3.ts";

const FILES = { ...oneshotFiles("first"), ...server("web", ["first"]), ...user("web") };

/** Boots it, has it stopped, and returns what it has said. */
async function said(setting: Setting): Promise<{ code: number; stdout: string; stderr: string }> {
  await using container = await boot(setting);
  await container.printed("run web\n");
  await container.signal("TERM");
  return await container.ended;
}

for (const signal of ["TERM", "KILL"] as const) {
  Deno.test(`a container of generation 3 that ${signal} has ended boots as the first time`, async () => {
    await using first = await boot({ files: FILES, stays: true });
    await first.printed("run web\n");
    await first.signal(signal);
    await first.ended;
    await using second = await bootAgain(first);
    await second.printed("run web\n");
    const { code, stdout } = await second.exec(["/command/s6-rc", "-a", "list"]);
    equal(code, 0);
    match(stdout, /^first$/m);
    await second.signal("TERM");
    const ended = await second.ended;
    match(ended.stdout.slice(ended.stdout.lastIndexOf("run web\n")), /^end web\ndown first$/m);
  });
}

Deno.test("bundles in the old place start services on a root that cannot be written", async () => {
  const files = { ...FILES, [`${SOURCES}/user/contents.d/web`]: "" };
  const { code, stdout } = await said({ files, readOnly: true, temporary: ["/run:exec"] });
  equal(code, 0);
  match(stdout, /^end web\ndown first$/m);
});

Deno.test("another user than root has services of generation 3, where /run can be written", async () => {
  const { code, stdout, stderr } = await said({ files: FILES, user: "1000", prepare: "chown 1000 /run" });
  equal(code, 0, stderr);
  match(stdout, /^end web\ndown first$/m);
});

Deno.test("where /run cannot be written one line says what services of generation 3 need", async () => {
  const environment = { S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" };
  await using container = await boot({ files: FILES, user: "1000", environment });
  const { code, stderr } = await container.ended;
  equal(code, 1);
  match(stderr, /^s6-rc-compile: info: services of generation 3 need a \/run that this user can write to: /m);
});
