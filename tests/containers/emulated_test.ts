// The tarball of aarch64 on another machine: qemu-user runs its programs for the kernel, in namespaces of the test. Minutes
// for each boot: `deno task emulated` sets EMULATED to the tarball, and without it there is nothing here.

import { equal, ok } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { canEmulate, REGISTRATIONS, startEmulating } from "../../scripts/emulator.ts";
import { ownNamespaces } from "../../scripts/namespaces.ts";
import { unpackPackages } from "../../scripts/packages.ts";
import { layRoot } from "../../scripts/rootfs.ts";
import { lay } from "../rows/harness.ts";
import { inOrder } from "./generation_3.ts";

const TARBALL = Deno.env.get("EMULATED");

// $1 root, the rest process 1.
const ENTER = `root=$1; shift
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 run "$root/run"
mount --rbind /dev "$root/dev"
exec chroot "$root" /bin/busybox env PATH=/command:/usr/bin:/bin "$@"`;

async function rootOfAnother(directory: string): Promise<string> {
  const root = `${directory}/root`;
  await Deno.chmod(directory, 0o755);
  await layRoot("busybox", root);
  await unpackPackages(["busybox-static:arm64"], `${directory}/busybox`);
  await Deno.copyFile(`${directory}/busybox/root/bin/busybox`, `${root}/bin/busybox`);
  await output(["tar", "-x", "-f", TARBALL!, "-C", root, "--keep-directory-symlink"]);
  const script = (text: string): { content: string; mode: number } => ({ content: text, mode: 0o755 });
  await lay(root, {
    "etc/cont-init.d/10": script(
      "#!/command/with-contenv sh\necho init on $(/bin/busybox uname -m)\ns6-setuidgid nobody /bin/busybox id -u\n",
    ),
    "etc/services.d/web/run": script("#!/command/with-contenv sh\necho web; exec /bin/busybox sleep 1000\n"),
    "etc/services.d/web/log/run": script("#!/bin/sh\nexec logutil-service /var/log/web\n"),
    "var/log/web": { directory: 0o777 },
  });
  return root;
}

const LOOK = [
  "s6-svwait -u /var/run/s6/services/web",
  "s6-overlay status -j web >/dev/null && s6-overlay lint / && s6-svc -r /var/run/s6/services/web",
  // The watch on memory looks every five seconds in which something happens.
  "for time in 1 2 3 4; do /bin/busybox sleep 3; s6-svc -a /var/run/s6/services/web; done",
  "exec execlineb -c 'foreground { s6-svstat -o up /var/run/s6/services/web } exit 7'",
].join("\n");

const ignore = TARBALL === undefined || !await canEmulate();
const ways = Object.keys(REGISTRATIONS) as (keyof typeof REGISTRATIONS)[];
for (const way of ways) {
  Deno.test({
    name: `aarch64 under an emulator that ${way}: a container boots, lives, and ends with its command's code`,
    ignore,
    fn: async () => {
      const directory = await Deno.makeTempDir({ prefix: "emulated-" });
      const root = await rootOfAnother(directory);
      const container = await startEmulating(way, [
        ...ownNamespaces("mount", "pid"),
        "sh",
        "-euc",
        ENTER,
        "sh",
        root,
        "/init",
        "sh",
        "-c",
        LOOK,
      ]);
      const { code, stdout, stderr } = await container.ended;
      equal(code, 7, `${stdout}\n${stderr}`);
      ok(inOrder(stdout, "init on aarch64", "65534", "0 errors, 0 warnings", "true"), stdout);
      equal(stderr, "");
      await Deno.remove(directory, { recursive: true });
    },
  });
}
