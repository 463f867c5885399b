// What builds and scripts of images of generation 3 find of the overlay itself: names of packages, files that they change, and
// programs of its stages.

import { deepEqual, equal, match } from "node:assert/strict";
import { VERSION } from "../../lib/version.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { builtRoot, quickly } from "../surroundings/quick.ts";
import { oneshotFiles, scriptFile, story, user } from "./generation_3.ts";

const BUILD = `for package in /package/admin/s6-overlay /package/admin/s6-overlay-${VERSION}; do
  test -x $package/command/with-contenv
  chmod 755 $package/libexec/preinit $package/libexec/stage0
  sed -i 's/#/##/' $package/libexec/preinit
done
chmod u+s /command/s6-overlay-suexec
test -f /command/s6-overlay-suexec
rm /package/admin/s6-overlay/etc/s6-rc/sources/base/contents.d/fix-attrs
rm /package/admin/s6-overlay/etc/s6-rc/sources/top/contents.d/legacy-services
touch /package/admin/s6-overlay/etc/s6-rc/sources/top/contents.d/mine`;

Deno.test({
  name: "builds find what they change, and the image boots as before",
  ignore: !canIsolate,
  fn: async () => {
    await using root = await builtRoot(BUILD);
    const { code, stdout } = await quickly(root, {
      argv: ["/init", "/bin/sh", "-c", "find / -xdev -perm -4000; exit 5"],
    });
    equal(code, 5);
    // It is a script: to the kernel the mode means nothing, and no other program has it.
    deepEqual(stdout.split("\n").filter((line) => line.startsWith("/")), [
      "/usr/lib/s6-overlay/libexec/s6-overlay-suexec",
    ]);
  },
});

Deno.test({
  name: "a build may compile services together with those of the overlay",
  ignore: !canIsolate,
  fn: async () => {
    const mine =
      "mkdir -p /s/a /s/user/contents.d /s/user2/contents.d; cd /s; echo oneshot >a/type; echo true >a/up\n" +
      "echo bundle >user/type; echo bundle >user2/type; touch user/contents.d/a; cd /\n" +
      "/command/s6-rc-compile /compiled /s /package/admin/s6-overlay/etc/s6-rc/sources\n" +
      "/command/s6-rc-db -c /compiled contents top | sort | tr '\\n' ' ' >/told";
    await using root = await builtRoot(mine);
    equal(await Deno.readTextFile(`${root.path}/told`), "a fix-attrs legacy-cont-init legacy-services ");
  },
});

const ENTRY = `exec s6-overlay-suexec \\
  ' /package/admin/s6-overlay-${VERSION}/libexec/preinit' '' \\
  /package/admin/s6-overlay/libexec/stage0 "$@"`;

story("an entry point that runs the stages by itself boots the container", {
  ...oneshotFiles("a"),
  ...user("a"),
  "entry": scriptFile(`PATH=/command:$PATH; ${ENTRY}`),
}, async (root) => {
  const { code, stdout } = await quickly(root, { argv: ["/entry", "/bin/echo", "a  word", "$pid"] });
  deepEqual([code, stdout.startsWith("up a\na  word $pid\ndown a\n")], [0, true], stdout);
});

for (const [block, code] of [["exit 5", 5], ["exit 200", 128], ["kill -9 $$", 137]] as const) {
  story(`one whose first stage fails ends the container: ${block}`, {
    "entry": scriptFile(`PATH=/command:$PATH; exec s6-overlay-suexec ' sh' ' -c' ' ${block}' '' echo reached`),
  }, async (root) => {
    const ended = await quickly(root, { argv: ["/entry"] });
    deepEqual([ended.code, ended.stdout], [code, ""]);
  });
}

story("elsewhere than as process 1 they refuse", {}, async (root) => {
  const words = "/command/s6-overlay-suexec ' true' '' true; echo $?; /command/s6-overlay-suexec; echo $?";
  const { stdout, stderr } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", words] });
  match(stdout, /^100\n100$/m);
  match(stderr, /^s6-overlay-suexec: fatal: can only run as pid 1$/m);
});

story("programs that stop the container are in /run/s6/basedir/bin", {}, async (root) => {
  const words = "ls /run/s6/basedir/bin | tr '\\n' ' '; /run/s6/basedir/bin/poweroff; sleep 1000";
  const { code, stdout } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", words] });
  equal(code, 0);
  match(stdout, /^halt poweroff reboot shutdown /m);
});
