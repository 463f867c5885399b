// Root file systems to build images on, where no registry can be reached: Debian's static busybox in the layouts that
// distributions use, and nothing at all.

import { output } from "./command.ts";

/** busybox: separate /bin. merged: /bin, /sbin and /lib are links into /usr. scratch: empty. */
export type Layout = "busybox" | "merged" | "scratch";

const PASSWD = `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
www:x:82:82:www:/var/www:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
`;

const GROUP = `root:x:0:
daemon:x:1:
www:x:82:
nobody:x:65534:
`;

/** Lays a root file system out in the directory, which must not exist. */
export async function layRoot(layout: Layout, directory: string): Promise<void> {
  await Deno.mkdir(directory, { recursive: true });
  if (layout === "scratch") return;
  for (
    const path of [
      "etc",
      "proc",
      "sys",
      "dev",
      "root",
      "run",
      "home",
      "usr/bin",
      "usr/sbin",
      "usr/lib",
      "var/log",
      "var/tmp",
    ]
  ) {
    await Deno.mkdir(`${directory}/${path}`, { recursive: true });
  }
  await Deno.mkdir(`${directory}/tmp`);
  await Deno.chmod(`${directory}/tmp`, 0o1777);
  for (const name of ["bin", "sbin", "lib"]) {
    if (layout === "merged") await Deno.symlink(`usr/${name}`, `${directory}/${name}`);
    else await Deno.mkdir(`${directory}/${name}`);
  }
  await Deno.symlink("../run", `${directory}/var/run`);
  await Deno.writeTextFile(`${directory}/etc/passwd`, PASSWD);
  await Deno.writeTextFile(`${directory}/etc/group`, GROUP);
  await Deno.copyFile("/bin/busybox", `${directory}/bin/busybox`);
  for (const applet of (await output(["/bin/busybox", "--list"])).trim().split("\n")) {
    if (applet !== "busybox") await Deno.symlink("busybox", `${directory}/bin/${applet}`);
  }
}
