// Daemons that tests run and most machines lack, brought without being installed: an installed one would be started, and a
// machine that has mysql would lose it. With them come the libraries that are missing here. All of it stays in dist/cache.

import { isFile, isInstalled, output } from "./command.ts";
import { unpackPackages } from "./packages.ts";

const HERE = new URL("../dist/cache/daemons", import.meta.url).pathname;
const PACKAGES = ["postgresql", "mariadb-server-core", "rsyslog", "nginx", "php-fpm", "cron"];
/** Large, and needed for queries that are compiled only. */
const LEFT_OUT = /^(libllvm|libclang|libz3)/;
/** What tells that all is there: the packages that were asked for, and behind that line the versions that came. */
const VERSIONS = `${HERE}/versions`;
const ASKED_FOR = `# ${PACKAGES.join(" ")}\n`;

/** A root directory with the daemons that this machine lacks; undefined where they have not been brought. */
export function daemonsRoot(): string | undefined {
  return isFile(VERSIONS) && Deno.readTextFileSync(VERSIONS).startsWith(ASKED_FOR) ? `${HERE}/root` : undefined;
}

/** Brings them, unless they are there, or this machine has no packages of Debian's kind. */
export async function bringDaemons(): Promise<void> {
  if (daemonsRoot() !== undefined || Deno.uid() !== 0 || !isInstalled("apt-get")) return;
  await Deno.remove(HERE, { recursive: true }).catch(() => {});
  const plan = await output(["apt-get", "-s", "--no-install-recommends", "install", ...PACKAGES]);
  const missing = [...plan.matchAll(/^Inst ([^ ]+) \(/gm)].map(([, name]) => name!);
  const versions = await unpackPackages(missing.filter((name) => !LEFT_OUT.test(name)), HERE);
  await Deno.writeTextFile(VERSIONS, `${ASKED_FOR}${versions.join("\n")}\n`);
}
