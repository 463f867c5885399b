// No false alarms: nothing is found in the trees of the examples and of the stories, but for what a story is about.

import { deepEqual, ok } from "node:assert/strict";
import { utf8ByteString } from "../../../../lib/bytes.ts";
import type { Given } from "../../../rows/harness.ts";
import { ADD_ON, ADD_ON_ENVIRONMENT, WEB, WEB_ENVIRONMENT } from "../../../containers/generation_3_more_trees.ts";
import { DESKTOP, DESKTOP_ENVIRONMENT, MEDIA, MEDIA_ENVIRONMENT } from "../../../containers/generation_3_trees.ts";
import { IMAGE, lintRoot, MACHINE, program, told, type Tree, withTree } from "./linted.ts";

const ROOT = decodeURIComponent(new URL("../../../..", import.meta.url).pathname);

/** An image that has what these scripts name. */
const BUSYBOX: Tree = {
  ...IMAGE,
  ...Object.fromEntries(["cat", "grep", "httpd", "sleep", "wget"].map((name) => [`bin/${name}`, { link: "busybox" }])),
  "bin/busybox": program(MACHINE.amd64),
  "usr/bin/env": { link: "../../bin/busybox" },
  "run": { directory: 0o755 },
  "tmp": { directory: 0o1777 },
};

/** What a story has that is wrong, and shows what comes of it. */
const WRONG_ON_PURPOSE: Readonly<Record<string, readonly string[]>> = {
  fix_attrs: ["error fix-attrs /etc/fix-attrs.d/02-mistake:2:16: unknown user: no-such-user"],
};

const COMMENT = "its first line is a comment: up is one command line in execline, and no interpreter is started";

function treesBelow(directory: string): string[] {
  return Array.from(Deno.readDirSync(`${ROOT}${directory}`), ({ name }) => `${directory}/${name}/root`)
    .filter((path) => isThere(`${ROOT}${path}`)).sort();
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function treeOf(directory: string): Tree {
  const tree: Record<string, Given> = {};
  const visit = (below: string): void => {
    for (const { name, isFile, isSymlink, isDirectory } of Deno.readDirSync(`${directory}/${below}`)) {
      const path = `${below}${name}`;
      if (isDirectory) visit(`${path}/`);
      else if (isSymlink) tree[path] = { link: Deno.readLinkSync(`${directory}/${path}`) };
      else if (isFile) {
        const content = utf8ByteString(Deno.readTextFileSync(`${directory}/${path}`));
        tree[path] = { content, mode: (Deno.statSync(`${directory}/${path}`).mode ?? 0o644) & 0o777 };
      }
    }
  };
  visit("");
  return tree;
}

const TREES = [...treesBelow("examples"), ...treesBelow("tests/scenarios")];

/** Those on another base call the linter when they are built, as tests/containers does with them. */
function isOnBusybox(path: string): boolean {
  const dockerfile = `${ROOT}${path}`.replace(/root$/, "Dockerfile");
  return !path.startsWith("examples/") || /^FROM busybox$/m.test(Deno.readTextFileSync(dockerfile));
}

for (const path of TREES) {
  const story = path.split("/").at(-2)!;
  Deno.test(`nothing is found in ${path}, by itself or in an image`, () => {
    const tree = treeOf(`${ROOT}${path}`);
    deepEqual(lintRoot(utf8ByteString(`${ROOT}${path}`)).findings, []);
    if (!isOnBusybox(path)) return;
    const found = withTree({ ...BUSYBOX, ...tree }, (root) => lintRoot(root).findings.map(told));
    deepEqual(found, WRONG_ON_PURPOSE[story] ?? []);
  });
}

/** What images as people have them get to read, though all of it works. */
const HINTS: Readonly<Record<string, readonly string[]>> = {
  desktop: [
    "hint bundle-place /etc/s6-overlay/s6-rc.d/user: is the older place of the bundle user: s6-overlay from 3.2.3.2 on warns of " +
    "it, and ignores /etc/s6-overlay/user-bundles.d then",
  ],
  "media server": [`hint shebang /etc/s6-overlay/s6-rc.d/log-prepare/up:1: ${COMMENT}`],
  "add-on": [
    "hint bundle-place /etc/s6-overlay/s6-rc.d/user: is the older place of the bundle user: s6-overlay from 3.2.3.2 on warns of " +
    "it, and ignores /etc/s6-overlay/user-bundles.d then",
  ],
  "web server": [`hint shebang /etc/s6-overlay/s6-rc.d/announce/up:1: ${COMMENT}`],
};
const LATER: readonly (readonly [what: string, tree: Tree, environment: Readonly<Record<string, string>>])[] = [
  ["desktop", DESKTOP, DESKTOP_ENVIRONMENT],
  ["media server", MEDIA, MEDIA_ENVIRONMENT],
  ["add-on", ADD_ON, ADD_ON_ENVIRONMENT],
  ["web server", WEB, WEB_ENVIRONMENT],
];

for (const [what, tree, environment] of LATER) {
  Deno.test(`nothing but hints is found in the ${what} of generation 3, by itself or in an image`, () => {
    const found = (given: Tree): string[] => withTree(given, (root) => lintRoot(root, environment).findings.map(told));
    deepEqual(found({ ...BUSYBOX, ...tree }), HINTS[what]);
    deepEqual(found(tree), HINTS[what]);
  });
}

Deno.test("the trees are there, and have scripts, services and rules", () => {
  const paths = TREES.flatMap((path) => Object.keys(treeOf(`${ROOT}${path}`)));
  for (
    const wanted of [/cont-init\.d\/./, /services\.d\/[^/]+\/run$/, /log\/run$/, /fix-attrs\.d\/./, /notification-fd$/]
  ) {
    ok(paths.filter((path) => wanted.test(path)).length >= 2, `${wanted}`);
  }
});
