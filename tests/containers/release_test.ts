// Releases as Dockerfiles use them: the recipes of both generations carried out in an image, and the overlay laid over images
// that have an original installed, whose programs must not run any more.

import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { HOST } from "../../scripts/base.ts";
import { output } from "../../scripts/command.ts";
import { commandNames } from "../../scripts/names.ts";
import { SMALL_ARCHIVES, writeArchives } from "../../scripts/release/archives.ts";
import { writeSum } from "../../scripts/sum.ts";
import { type Given, lay } from "../rows/harness.ts";
import { lightTarball } from "../surroundings/light_release.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { extractOverlay, linkLargeFiles } from "../surroundings/overlay_tree.ts";
import { quickly, type Root, root } from "../surroundings/quick.ts";

type Files = Readonly<Record<string, Given>>;

const MACHINE = Deno.build.arch;

function executable(content: string): Given {
  return { content, mode: 0o755 };
}

/** What an image has, in the ways of both generations. */
const IMAGE: Files = {
  "etc/cont-init.d/10-hello": "#!/usr/bin/with-contenv sh\necho hello $WHO\n",
  "etc/services.d/web/run":
    '#!/usr/bin/execlineb -P\nwith-contenv\ns6-setuidgid nobody\nsh -c "echo serving as $(id -un); echo >&3; exec sleep 1000"\n',
  "etc/services.d/web/notification-fd": "3\n",
  "etc/services.d/web/finish": "#!/command/execlineb -S1\ns6-echo finished\n",
  "etc/cont-finish.d/10-bye": "#!/bin/sh\necho bye\n",
};

/** Boots it and looks at whether it does what it should. */
async function bootsAsOurs(made: Root): Promise<void> {
  const { code, stdout, stderr } = await quickly(made, {
    environment: { WHO: "world", S6_CMD_WAIT_FOR_SERVICES: "1", S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "30000" },
    argv: ["/init", "sh", "-c", "exit 5"],
  });
  const all = `${stdout}\n${stderr}`;
  doesNotMatch(all, /ORIGINAL/);
  equal(code, 5, all);
  match(stdout, /^hello world$/m);
  match(stdout, /^serving as nobody$/m);
  match(stdout, /^finished$/m);
  match(stdout, /^bye$/m);
}

let archives: Promise<string> | undefined;

/** The directory with the archives, for all recipes. */
async function makeArchives(): Promise<string> {
  const directory = await Deno.makeTempDir({ prefix: "archives-" });
  addEventListener("unload", () => Deno.removeSync(directory, { recursive: true }));
  const light = await Deno.makeTempDir({ prefix: "light-" });
  const { tar } = await lightTarball(light);
  for (const name of await writeArchives(tar, HOST, directory, "least")) await writeSum(`${directory}/${name}`);
  await Deno.remove(light, { recursive: true });
  return directory;
}

/** A root on which a Dockerfile has done this with these files of a release in /tmp. */
async function recipe(words: string, names: readonly string[], files: Files = IMAGE): Promise<Root> {
  const install = async (path: string): Promise<void> => {
    const directory = await (archives ??= makeArchives());
    for (const name of names) await Deno.copyFile(`${directory}/${name}`, `${path}/tmp/${name}`);
    await output(["chroot", path, "/bin/sh", "-ec", words]);
    await linkLargeFiles(path);
  };
  return await root(files, install);
}

function story(name: string, work: () => Promise<void>): void {
  Deno.test({ name, ignore: !canIsolate, fn: work });
}

const DOCUMENT = "docs/releases.md";

/** What the first Dockerfile below a heading of the document does: the files that it fetches into /tmp, and what it runs then. */
async function documented(heading: string): Promise<{ readonly files: readonly string[]; readonly words: string }> {
  const text = await Deno.readTextFile(DOCUMENT);
  const [, dockerfile = ""] = /^```dockerfile\n([^`]*)```/m.exec(text.slice(text.indexOf(`## ${heading}\n`))) ?? [];
  // As it stands there it is for amd64, and for an image with a package manager.
  const lines = dockerfile.replaceAll("-amd64.", `-${HOST}.`).replaceAll("-x86_64.", `-${MACHINE}.`).split("\n")
    .filter((line) => !line.includes("apt-get"));
  const found = (pattern: RegExp): string[] => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  equal(lines.filter((line) => /^(?:ADD|RUN) /.test(line)).length, found(ADDED).length + found(RUN).length, dockerfile);
  return { files: found(ADDED), words: found(RUN).join("\n") };
}

const ADDED = /^ADD \$\{S6_OVERLAY_URL\}\/(\S+) \/tmp\/?$/;
const RUN = /^RUN (.*)$/;

for (const heading of ["A Dockerfile of generation 2", "A Dockerfile of generation 3"]) {
  story(`${heading}, as it is documented, makes an image that boots`, async () => {
    const { files, words } = await documented(heading);
    ok(files.length > 0 && words !== "", DOCUMENT);
    await using made = await recipe(words, files);
    await bootsAsOurs(made);
  });
}

story("the archive of generation 2 unpacks with a tar that has no gzip", async () => {
  const name = `s6-overlay-${HOST}.tar.gz`;
  await using made = await recipe(`gunzip -c /tmp/${name} | tar -xf - -C /`, [name]);
  await bootsAsOurs(made);
});

const unpack = (names: readonly string[]): string => names.map((name) => `tar -C / -Jxpf /tmp/${name}`).join("\n");
const ALL = [...Object.keys(SMALL_ARCHIVES), `s6-overlay-${MACHINE}`].map((name) => `${name}.tar.xz`);

story("archives of generation 3 in another order make an image that boots, with their sums checked", async () => {
  const names = [`s6-overlay-${MACHINE}.tar.xz`, "s6-overlay-noarch.tar.xz"];
  const check = "cd /tmp; sha256sum -c *.sha256 >/dev/null; cd /\n";
  await using made = await recipe(`${check}${unpack(names)}`, names.flatMap((name) => [name, `${name}.sha256`]));
  await bootsAsOurs(made);
});

story("with all archives of generation 3 the services of syslogd are started", async () => {
  await using made = await recipe(unpack(ALL), ALL, {});
  const { code, stdout, stderr } = await quickly(made, { argv: ["/init", "/command/s6-rc", "-a", "list"] });
  equal(code, 0, stderr);
  deepEqual(stdout.split("\n").filter((name) => name.startsWith("syslogd")).sort(), [
    "syslogd",
    "syslogd-log",
    "syslogd-prepare",
  ]);
});

/** What stands for a program of the original: it says that it ran. */
const ORIGINAL = executable('#!/bin/sh\necho "ORIGINAL $0 $*" >&2\nexit 99\n');
const ORIGINAL_TEXT = executable("#!/bin/execlineb -P\ns6-echo ORIGINAL\n");

const originals = (directory: string, names: readonly string[], given: (name: string) => Given): Files =>
  Object.fromEntries(names.map((name) => [`${directory}/${name}`, given(name)]));

/** The programs that both have, besides those of busybox in /bin. */
const S6 = commandNames().filter((name) => /^s6-|^ucspilogd$/.test(name));
const OVERLAYS = ["fix-attrs", "logutil-newfifo", "logutil-service", "printcontenv", "with-contenv", "with-retries"];
const EXECLINE = ["execlineb", "importas", "redirfd", "foreground", "background", "ifelse", "forx", "exec", "emptyenv"];

/** As its tarball lays them out. */
const INSTALLED_2: Files = {
  "init": ORIGINAL,
  ...originals("bin", [...S6, ...EXECLINE, "s6-overlay-preinit", "justc-envdir"], () => ORIGINAL),
  "usr/bin/execlineb": { link: "/bin/execlineb" },
  ...originals("usr/bin", [...OVERLAYS, "logutil-service-main", "with-contenv-legacy"], () => ORIGINAL),
  ...originals(
    "etc/s6/init",
    ["init-stage1", "init-stage2", "init-stage3", "init-stage2-redirfd"],
    () => ORIGINAL_TEXT,
  ),
  ...originals("etc/s6/init-catchall", ["init-stage1", "init-stage2"], () => ORIGINAL_TEXT),
  ...originals("etc/s6/init-no-catchall", ["init-stage1", "init-stage2"], () => ORIGINAL_TEXT),
  "etc/s6/init/env/PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
  "etc/s6/init/env-stage2": { directory: 0o755 },
  ...originals("etc/s6/services/.s6-svscan", ["crash", "finish"], () => ORIGINAL_TEXT),
  ...originals("etc/s6/services/s6-fdholderd", ["run"], () => ORIGINAL_TEXT),
  "etc/s6/services/s6-fdholderd/down": "",
  "etc/s6/services/s6-fdholderd/notification-fd": "1\n",
  ...originals("etc/s6/services/s6-svscan-log", ["run"], () => ORIGINAL_TEXT),
};

const PACKAGE = "package/admin";
const VERSIONS = { "execline": "2.9.9.2", "s6": "2.15.1.0", "s6-overlay": "3.2.3.2" } as const;

function installedPackage(name: keyof typeof VERSIONS, programs: readonly string[]): Files {
  const own = `${PACKAGE}/${name}-${VERSIONS[name]}`;
  return {
    [`${PACKAGE}/${name}`]: { link: `${name}-${VERSIONS[name]}` },
    ...originals(`${own}/command`, programs, () => ORIGINAL),
    ...originals("command", programs, (program) => ({ link: `../${PACKAGE}/${name}/command/${program}` })),
    // The archives of symbolic links.
    ...originals("usr/bin", programs, (program) => ({ link: `../../command/${program}` })),
  };
}

/** As its tarballs lay them out. */
const INSTALLED_3: Files = {
  "init": ORIGINAL,
  ...installedPackage("execline", commandNames().filter((name) => !S6.includes(name) && !OVERLAYS.includes(name))),
  ...installedPackage("s6", S6),
  ...installedPackage("s6-overlay", OVERLAYS.filter((name) => name !== "fix-attrs")),
  ...originals(`${PACKAGE}/s6-overlay-${VERSIONS["s6-overlay"]}/libexec`, ["preinit", "stage0"], () => ORIGINAL),
  ...originals(`${PACKAGE}/s6-overlay-${VERSIONS["s6-overlay"]}/etc/s6-rc/scripts`, ["cont-init"], () => ORIGINAL),
  "etc/s6-overlay/user-bundles.d/user/type": "bundle\n",
  "etc/s6-overlay/user-bundles.d/user2/type": "bundle\n",
};

/** Laid over the image by a tar, as ADD does it, or copied from another image, where links take the place of what is there. */
const WAYS: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "laid over": extractOverlay,
  "copied over": async (path) => {
    const other = await Deno.makeTempDir({ prefix: "other-" });
    await Deno.chmod(other, 0o755);
    await extractOverlay(other);
    await output(["cp", "-a", "--link", "--remove-destination", `${other}/.`, path]);
    await Deno.remove(other, { recursive: true });
  },
};

/** What `s6-overlay lint` says of what is left over. */
const LEFT: Readonly<Record<string, RegExp>> = {
  "generation 2": /^\/bin: hint: has \d+ programs that the overlay has in \/command, too, as left of generation 2: /m,
  "generation 3": /^\/package\/admin\/execline-2.9.9.2: hint: is left of another installation/m,
};

for (const [generation, installed] of Object.entries({ "generation 2": INSTALLED_2, "generation 3": INSTALLED_3 })) {
  for (const [way, install] of Object.entries(WAYS)) {
    story(`${way} an image with ${generation} it boots, and no program of the original runs`, async () => {
      await using made = await root(IMAGE, async (path) => {
        await lay(path, installed);
        await install(path);
      });
      await bootsAsOurs(made);
      deepEqual(await notOurs(made, "/command"), []);
      const { stdout } = await quickly(made, { argv: ["/command/s6-overlay", "lint", "/"] });
      match(stdout, LEFT[generation]!);
    });
  }
}

/** Names in a directory of the image that lead to something else than the launcher, or the script that one of them is. */
async function notOurs({ path }: Root, directory: string): Promise<string[]> {
  const words = `for name in ${directory}/*; do echo "$name $(readlink -f "$name")"; done`;
  const lines = (await output(["chroot", path, "/bin/sh", "-c", words])).trim().split("\n");
  return lines.filter((line) => !/ \/usr\/lib\/s6-overlay\/(?:launcher|libexec\/s6-overlay-suexec)$/.test(line));
}
