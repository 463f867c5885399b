// Root file systems of Linux distributions, to run the tarball on where no image registry can be reached: of Debian, by
// mmdebstrap from the machine's own source of packages, and of Debian's musl with busybox. They stay in dist/cache.

import { isFile, output } from "./command.ts";
import { DEBIAN_KEYRING, debianSource } from "./newest.ts";
import { unpackPackages } from "./packages.ts";
import { layRoot } from "./rootfs.ts";

const HERE = new URL("../dist/cache/distributions", import.meta.url).pathname;

export interface Distribution {
  readonly name: string;
  /** Shells of its own, as scripts name them behind "#!/command/with-contenv". */
  readonly shells: readonly string[];
  /** Making its root takes more than a second, and packages by the dozen. */
  readonly isLarge: boolean;
  readonly make: (root: string) => Promise<void>;
}

/** All that belongs to a suite's smallest system, and no cache of packages. A source may be older than it says it is valid. */
async function debian(suite: string, root: string): Promise<void> {
  const options = ["--quiet", "--variant=essential", "--mode=root", "--aptopt=Acquire::Check-Valid-Until false"];
  const source = `deb [signed-by=${DEBIAN_KEYRING}] ${await debianSource()} ${suite} main`;
  await output(["mmdebstrap", ...options, suite, root, source]);
}

const PROGRAM = `#include <stdio.h>
int main(void) { puts("linked with musl"); return 0; }
`;

/** busybox, Debian's musl in its usual place, and a program that is linked with it. */
async function musl(root: string): Promise<void> {
  await layRoot("busybox", root);
  await unpackPackages(["musl"], `${root}.musl`);
  await output(["cp", "-a", `${root}.musl/root/.`, root]);
  await Deno.remove(`${root}.musl`, { recursive: true });
  await Deno.writeTextFile(`${root}/tmp/program.c`, PROGRAM);
  await output(["musl-gcc", "-o", `${root}/bin/linked-with-musl`, `${root}/tmp/program.c`]);
  await Deno.remove(`${root}/tmp/program.c`);
}

export const DISTRIBUTIONS: readonly Distribution[] = [
  { name: "musl with busybox", shells: ["sh"], isLarge: false, make: musl },
  { name: "Debian 12", shells: ["bash", "sh"], isLarge: true, make: (root) => debian("bookworm", root) },
  { name: "Debian sid", shells: ["bash", "sh"], isLarge: true, make: (root) => debian("sid", root) },
];

/** Its root directory: nothing may write there. Made where it is not there. @throws Error if it cannot be had here */
export async function distributionRoot({ name, make }: Distribution): Promise<string> {
  const place = `${HERE}/${name.replaceAll(" ", "-")}`;
  if (isFile(`${place}/complete`)) return `${place}/root`;
  await Deno.remove(place, { recursive: true }).catch(() => {});
  await Deno.mkdir(place, { recursive: true });
  await make(`${place}/root`);
  await Deno.writeTextFile(`${place}/complete`, "");
  return `${place}/root`;
}
