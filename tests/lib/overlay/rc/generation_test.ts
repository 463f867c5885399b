// Which generation an image is of, by what lies in the directories of generation 3.

import { deepEqual, equal } from "node:assert/strict";
import { systemError } from "../../../../lib/errno.ts";
import { generationOf, type GenerationOs } from "../../../../lib/overlay/rc/generation.ts";
import { Settings } from "../../../../lib/overlay/settings.ts";

const SOURCES = "/etc/s6-overlay/s6-rc.d";
const BUNDLES = "/etc/s6-overlay/user-bundles.d";

/** A file system with these files; directories are there by what is in them, or by a name that ends in a slash. */
function systemWith(files: Readonly<Record<string, string>>, error?: string): GenerationOs {
  const held = new Map<number, string>();
  const absolute = (path: string, directory?: number): string =>
    path === "." ? held.get(directory!)! : directory === undefined ? path : `${held.get(directory)}/${path}`;
  const below = (path: string): string[] =>
    Object.keys(files).filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1));
  const isDirectory = (path: string): boolean => Object.keys(files).some((name) => name.startsWith(`${path}/`));
  const door = {
    hold: (path: string): number => {
      if (error !== undefined) throw systemError("open", path, error);
      if (!isDirectory(path)) throw systemError("open", path, "ENOENT");
      held.set(held.size, path);
      return held.size - 1;
    },
    find: (path: string, directory?: number) => {
      const name = absolute(path, directory);
      return isDirectory(name) || files[name] !== undefined ? {} : undefined;
    },
    list: (path: string, _most: number, directory?: number): string[] => {
      const name = absolute(path, directory);
      if (!isDirectory(name)) throw systemError("open", name, files[name] === undefined ? "ENOENT" : "ENOTDIR");
      return [...new Set(below(name).map((rest) => rest.split("/", 1)[0]!).filter((first) => first !== ""))];
    },
    readHead: (path: string, size: number, directory?: number): string =>
      files[absolute(path, directory)]!.slice(0, size),
  };
  return { close: () => {}, door } as unknown as GenerationOs;
}

function generation(os: GenerationOs, settings: Readonly<Record<string, string>> = {}): [number, string[]] {
  const warnings: string[] = [];
  const found = generationOf(
    os,
    new Settings((variable) => settings[variable], (line) => void warnings.push(line)),
    (level, subject, text) => void warnings.push(`${subject}: ${level}: ${text}`),
  );
  return [found, warnings];
}

const ROWS: readonly (readonly [what: string, files: Readonly<Record<string, string>>, generation: number])[] = [
  ["no directory at all", {}, 2],
  ["an empty directory, as the tarball has it", { [`${SOURCES}/`]: "" }, 2],
  ["bundles without members", { [`${BUNDLES}/user/type`]: "bundle\n", [`${BUNDLES}/user/contents.d/`]: "" }, 2],
  ["a name that begins with a dot", { [`${SOURCES}/.git/type`]: "oneshot\n" }, 2],
  ["a plain file", { [`${SOURCES}/README`]: "services\n" }, 2],
  ["a member that begins with a dot", { [`${SOURCES}/user/contents.d/.keep`]: "" }, 2],
  ["a longrun", { [`${SOURCES}/web/type`]: "longrun\n" }, 3],
  ["a type without a newline", { [`${SOURCES}/web/type`]: "oneshot" }, 3],
  ["a run, but no type", { [`${SOURCES}/web/run`]: "" }, 3],
  ["an up, but no type", { [`${SOURCES}/web/up`]: "" }, 3],
  ["a bundle of users that names a service, without a type", { [`${SOURCES}/user/contents.d/web`]: "" }, 3],
  ["a bundle with a list", { [`${BUNDLES}/user/type`]: "bundle", [`${BUNDLES}/user/contents`]: "web\n" }, 3],
];

for (const [what, files, wanted] of ROWS) {
  Deno.test(`an image is of generation ${wanted} with ${what}`, () => {
    equal(generation(systemWith(files))[0], wanted);
  });
}

Deno.test("what cannot be looked at may be of generation 3, which is told where that is no matter of file systems", () => {
  deepEqual(generation(systemWith({}, "EXDEV")), [3, []]);
  deepEqual(generation(systemWith({}, "EIO")), [3, [
    `s6-init: warning: unable to open ${SOURCES}: Input/output error: taking the image for one of generation 3 (set S6_OVERLAY_GENERATION to 2 where it is not)`,
  ]]);
});

Deno.test("the definitions are those of the profile, and bundles those of the directory that a setting names", () => {
  const os = systemWith({ "/etc/cont-profile.d/p/s6-overlay/s6-rc.d/a/type": "oneshot", "/b/user/contents.d/a": "" });
  equal(generation(os)[0], 2);
  equal(generation(os, { S6_RUNTIME_PROFILE: "p" })[0], 3);
  equal(generation(os, { S6_RUNTIME_BUNDLEDIR: "/b" })[0], 3);
});

Deno.test("a setting says which generation it is; what is none is told, and looked for", () => {
  const os = systemWith({ [`${SOURCES}/web/type`]: "longrun\n" });
  equal(generation(os, { S6_OVERLAY_GENERATION: "2" })[0], 2);
  equal(generation(systemWith({}), { S6_OVERLAY_GENERATION: "3" })[0], 3);
  const [found, warnings] = generation(os, { S6_OVERLAY_GENERATION: "4" });
  equal(found, 3);
  equal(warnings.length, 1);
});
