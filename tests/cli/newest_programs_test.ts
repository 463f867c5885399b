// The programs of the newest s6 and execline, as Debian's packages of them had: ours has each, or there is a reason. With
// NEWEST in the environment, a root directory that has those packages, the record is compared with what lies there.

import { deepEqual, ok } from "node:assert/strict";
import { applets } from "../../cli/index.ts";

interface Package {
  readonly version: string;
  readonly programs: readonly string[];
}

const PACKAGES: Readonly<Record<"s6" | "execline", Package>> = JSON.parse(
  Deno.readTextFileSync(new URL("../recorded/newest_programs.json", import.meta.url)),
);
const RECORDED = Object.values(PACKAGES).flatMap(({ programs }) => programs);

/** What ours lacks on purpose, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "s6-ftrigrd": "only the library of the original calls it: ours listens to events itself",
};

Deno.test("ours has all programs of the newest s6 and execline, but for what is left out on purpose", () => {
  ok(RECORDED.length > 100, "the record is whole");
  deepEqual(RECORDED.filter((name) => !Object.hasOwn(applets, name)), Object.keys(LEFT_OUT));
});

Deno.test("what is left out is a program of the newest, and has a reason", () => {
  for (const [name, reason] of Object.entries(LEFT_OUT)) {
    ok(RECORDED.includes(name), name);
    ok(reason.length > 20, `${name}: ${reason}`);
  }
});

const ROOT = Deno.env.get("NEWEST");
const DIRECTORIES: Readonly<Record<keyof typeof PACKAGES, RegExp>> = {
  s6: /^usr\/bin\/(s6-|ucspilogd$)|^usr\/lib\/[^/]+\/s6\//,
  execline: /^usr\/bin\/execlineb$|^usr\/lib\/execline\/bin\//,
};

Deno.test("the record is that of the packages", { ignore: ROOT === undefined }, () => {
  const versions = Deno.readTextFileSync(`${ROOT}/versions`);
  const files = filesBelow(ROOT!, "usr/bin").concat(filesBelow(ROOT!, "usr/lib"));
  for (const [name, { version, programs }] of Object.entries(PACKAGES)) {
    ok(versions.includes(`${name}\t${version}-`), `${name} ${version}`);
    const place = DIRECTORIES[name as keyof typeof PACKAGES];
    const found = files.filter((path) => place.test(path)).map((path) => path.slice(path.lastIndexOf("/") + 1));
    deepEqual(found.sort(), programs, name);
  }
});

function filesBelow(root: string, directory: string): string[] {
  return [...Deno.readDirSync(`${root}/${directory}`)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(root, `${directory}/${name}`) : [`${directory}/${name}`]
  );
}
