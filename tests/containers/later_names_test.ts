// The paths under /run that images of generation 3 know services and programs by, whatever /run and /var/run are in the image.

import { deepEqual } from "node:assert/strict";
import { runToEnd } from "../surroundings/container.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { quickly, root } from "../surroundings/quick.ts";

const HALTS =
  "#!/bin/sh\ns6-svwait -u /run/service/app /run/s6/legacy-services/app /run/s6-rc/servicedirs/app || exit 1\n" +
  "echo 42 >/run/s6-linux-init-container-results/exitcode; exec /run/s6/basedir/bin/halt\n";
const FILES = {
  "etc/services.d/app/run": "#!/bin/sh\nexec sleep 1000\n",
  "etc/services.d/halting/run": HALTS,
};

const ROOTS: Readonly<Record<string, (root: string) => Promise<void>>> = {
  "/var/run is a link to /run": () => Promise.resolve(),
  "the image has no /var/run": (root) => Deno.remove(`${root}/var/run`),
  "/var/run is a directory": async (root) => {
    await Deno.remove(`${root}/var/run`);
    await Deno.mkdir(`${root}/var/run`);
  },
  "/var/run is a link to nowhere": async (root) => {
    await Deno.remove(`${root}/var/run`);
    await Deno.symlink("../somewhere/run", `${root}/var/run`);
    await Deno.mkdir(`${root}/somewhere`);
  },
};

for (const [name, change] of Object.entries(ROOTS)) {
  Deno.test({
    name: `services and halt are found by their later names where ${name}`,
    ignore: !canIsolate,
    fn: async () => {
      const files = Object.entries(FILES).map(([path, content]) => [path, { content, mode: 0o755 }]);
      await using made = await root(Object.fromEntries(files));
      await change(made.path);
      const { code, stderr } = await quickly(made, { argv: ["/init", "/bin/sleep", "1000"] });
      deepEqual([code, stderr], [42, ""]);
    },
  });
}

Deno.test("services and halt are found by their later names on a read-only root, and on a /run of an earlier run", async () => {
  const volume = await Deno.makeTempDir();
  await Deno.chmod(volume, 0o755);
  for (
    const place of [{ temporary: ["/run:exec"] }, { volumes: [`${volume}:/run`] }, { volumes: [`${volume}:/run`] }]
  ) {
    const setting = { files: FILES, arguments: ["/bin/sleep", "1000"], readOnly: true, ...place };
    deepEqual((({ code, stderr }) => [code, stderr])(await runToEnd(setting)), [42, ""]);
  }
  await Deno.remove(volume, { recursive: true });
});
