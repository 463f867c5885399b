// Trees for the rules: files are laid below a scratch directory, which is checked, and each finding is told in a line.

import { deepEqual } from "node:assert/strict";
import { type ByteString, byteString, utf8ByteString } from "../../../../lib/bytes.ts";
import { Environment } from "../../../../lib/environment.ts";
import { files } from "../../../../lib/os/file.ts";
import type { LintFinding } from "../../../../lib/overlay/lint/finding.ts";
import { RootTree } from "../../../../lib/overlay/lint/image_tree.ts";
import { lint, type LintResult } from "../../../../lib/overlay/lint/lint.ts";
import type { Given } from "../../../rows/harness.ts";

/** By paths without the first slash, in bytes. */
export type Tree = Readonly<Record<string, Given>>;

const NAMES = [
  "execlineb",
  "logutil-service",
  "s6-applyuidgid",
  "s6-log",
  "s6-overlay",
  "s6-pause",
  "s6-setuidgid",
  "with-contenv",
];

const PASSWD = "root:x:0:0::/:/\nwww:x:82:82::/:/\nnobody:x:65534:65534::/:/\n";
const GROUP = "root:x:0:\nwww:x:82:\nnobody:x:65534:\n";

/** The head of a program that the kernel would load, as far as the rules look. */
export function program(machine: number, loader = ""): Given {
  const view = new DataView(new ArrayBuffer(400));
  const bytes = new Uint8Array(view.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  view.setUint16(18, machine, true);
  view.setUint8(32, 64);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, loader === "" ? 1 : 3, true);
  view.setUint16(64 + 8, 300, true);
  bytes.set(new TextEncoder().encode(`${loader}\0`), 300);
  return { content: byteString(bytes), mode: 0o755 };
}

export const MACHINE = { i386: 3, amd64: 62, arm64: 183 } as const;

/** The least of an image that is whole: the overlay, a shell and accounts. */
export const IMAGE: Tree = {
  "usr/lib/s6-overlay/launcher": program(MACHINE.amd64),
  "init": { link: "usr/lib/s6-overlay/launcher" },
  ...Object.fromEntries(NAMES.map((name) => [`command/${name}`, { link: "../usr/lib/s6-overlay/launcher" }])),
  "bin/sh": program(MACHINE.amd64),
  ...Object.fromEntries(["app", "cat", "sleep", "x"].map((name) => [`bin/${name}`, program(MACHINE.amd64)])),
  "etc/passwd": PASSWD,
  "etc/group": GROUP,
  "var/log/app": { directory: 0o755 },
};

export const RUN = "#!/bin/sh\nexec sleep 1000\n";

/** Lays files of any names. */
export function layBytes(root: ByteString, tree: Tree): void {
  for (const [name, given] of Object.entries(tree)) {
    const steps = name.split("/");
    for (let count = 1; count < steps.length; count++) {
      const above = `${root}/${steps.slice(0, count).join("/")}`;
      if (files.find(above) === undefined) files.makeDirectory(above);
    }
    const path = `${root}/${name}`;
    if (typeof given === "string") files.writeFile(path, given, 0o644);
    else if ("link" in given) files.symlink(given.link, path);
    else if ("directory" in given) files.makeDirectory(path);
    else files.writeFile(path, given.content);
    // Whatever the umask is.
    if (typeof given !== "string" && !("link" in given)) {
      files.chmod(path, "directory" in given ? given.directory : given.mode);
    }
  }
}

/** Does something with a directory that has these files. */
export function withTree<T>(tree: Tree, use: (root: ByteString) => T): T {
  const root = utf8ByteString(Deno.makeTempDirSync({ prefix: "lint-" }));
  try {
    layBytes(root, tree);
    return use(root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

export function lintRoot(root: ByteString, environment: Readonly<Record<string, string>> = {}): LintResult {
  const fd = files.open(root, ["read", "directory"]);
  try {
    const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const standsIn = (path: ByteString): boolean =>
      NAMES.some((name) =>
        path === name ||
        /^\/(?:usr\/(?:local\/)?)?bin\/$/.test(path.slice(0, -name.length)) && path.endsWith(`/${name}`)
      );
    return lint(new RootTree(files, fd), Environment.of(words), { names: NAMES, standsIn });
  } finally {
    files.close(fd);
  }
}

/** "error rule /path:line:column: text" */
export function told({ severity, rule, path, line, column, text }: LintFinding): string {
  return `${severity} ${rule} ${[path, line, column].filter((part) => part !== undefined).join(":")}: ${text}`;
}

export interface RuleCase {
  /** A sentence. */
  readonly name: string;
  /** What is added to the image. */
  readonly tree: Tree;
  readonly environment?: Readonly<Record<string, string>>;
  /** All that is found. */
  readonly finds: readonly string[];
  /** The same, as it should be: nothing is found with this added. */
  readonly mended?: Tree;
}

/** One test for each row: what it finds, and that nothing is found where it is mended. */
export function checkRules(cases: readonly RuleCase[], image: Tree = IMAGE): void {
  for (const { name, tree, environment, finds, mended } of cases) {
    Deno.test(name, () => {
      const found = (added: Tree): string[] =>
        withTree({ ...image, ...added }, (root) => lintRoot(root, environment).findings.map(told));
      deepEqual(found(tree), finds);
      if (mended !== undefined) deepEqual(found({ ...tree, ...mended }), []);
    });
  }
}
