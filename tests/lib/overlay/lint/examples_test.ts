// No false alarms: nothing is found in the trees of the examples and of the stories, but for what a story is about.

import { deepEqual, ok } from "node:assert/strict";
import { utf8ByteString } from "../../../../lib/bytes.ts";
import type { Given } from "../../../rows/harness.ts";
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

for (const path of TREES) {
  const story = path.split("/").at(-2)!;
  Deno.test(`nothing is found in ${path}, by itself or in an image`, () => {
    const tree = treeOf(`${ROOT}${path}`);
    deepEqual(lintRoot(utf8ByteString(`${ROOT}${path}`)).findings, []);
    const found = withTree({ ...BUSYBOX, ...tree }, (root) => lintRoot(root).findings.map(told));
    deepEqual(found, WRONG_ON_PURPOSE[story] ?? []);
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
