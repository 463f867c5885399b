// A second /init on the state of one that lives: it is refused, and the first one goes on undisturbed.

import { deepEqual, equal, match } from "node:assert/strict";
import { boot, bootAgain, runToEnd } from "../surroundings/container.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { quickly, root } from "../surroundings/quick.ts";

const SERVICE = {
  "etc/services.d/web/run": { content: "#!/bin/sh\necho web starts; exec sleep 1000\n", mode: 0o755 },
  "etc/services.d/web/finish": { content: "#!/bin/sh\necho web finish\n", mode: 0o755 },
};
const REFUSED = /^init: fatal: \/var\/run\/s6 is in use by another \/init that is alive: .*\n$/;

Deno.test({
  name: "the command /init behind the entry point /init is refused in one line, and the services go on",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await root(SERVICE);
    const look = "s6-svwait -u /run/service/web; /init true; echo refused $?; s6-svstat -u /run/service/web";
    const { stdout, stderr } = await quickly(made, { argv: ["/init", "/bin/sh", "-c", look] });
    match(stderr, REFUSED);
    match(stdout, /^refused 111\ntrue\n/m);
    equal(stdout.match(/^web (starts|finish)$/gm)?.join(), "web starts,web finish");
    const { code } = await quickly(made, { argv: ["/init", "/init"] });
    equal(code, 111);
  },
});

Deno.test("a second container on the /run of one that lives is refused, and boots when that was killed", async () => {
  const volume = await Deno.makeTempDir();
  await Deno.chmod(volume, 0o755);
  const setting = { files: SERVICE, timeLimit: 300_000, volumes: [`${volume}:/run`], stays: true };
  await using first = await boot(setting);
  await first.printed("web starts\n");
  const refused = await runToEnd({ ...setting, stays: false });
  deepEqual([refused.code, refused.stdout], [111, ""]);
  match(refused.stderr, REFUSED);
  equal((await first.exec(["s6-svstat", "-u", "/run/service/web"])).stdout, "true\n");
  await first.signal("KILL");
  await first.ended;
  await using again = await bootAgain(first);
  await again.printed("web starts\n");
  equal((await again.stop(10)).code, 0);
  await Deno.remove(volume, { recursive: true });
});
