// Paths of rules in directories of a user: what it puts there must not lead root to what is not its own.

import { deepEqual, equal } from "node:assert/strict";
import { applyRules, type FixPorts } from "../../../../lib/overlay/attributes/fix_attrs.ts";
import { files } from "../../../../lib/os/file.ts";

const [EVIL, OTHER] = [1234, 1235];

function os(isProtected: boolean): FixPorts {
  return {
    ...files,
    credentials: () => ({ uid: 0, gid: 0, groups: [] }),
    readFile: (path) =>
      path === "/proc/sys/fs/protected_hardlinks" ? `${Number(isProtected)}\n` : "daemon:x:2:2::/:/\n",
  };
}

function apply(rules: string, isProtected = true): string[] {
  const lines: string[] = [];
  const work = applyRules(os(isProtected), rules, { hidden: true, warn: (line) => lines.push(line) });
  while (!work.next().done);
  return lines;
}

function test(name: string, body: (root: string) => void): void {
  Deno.test({
    name,
    ignore: Deno.uid() !== 0,
    fn: () => {
      const root = Deno.makeTempDirSync();
      try {
        files.makeDirectory(`${root}/home`, 0o755);
        files.makeDirectory(`${root}/secrets`, 0o755);
        files.writeFile(`${root}/secrets/secret`, "", 0o600);
        files.chown(`${root}/home`, EVIL, EVIL);
        body(root);
      } finally {
        Deno.removeSync(root, { recursive: true });
      }
    },
  });
}

function linkOf(uid: number, target: string, path: string): void {
  files.symlink(target, path);
  equal(new Deno.Command("chown", { args: ["-h", `${uid}:${uid}`, path] }).outputSync().success, true);
}

function fileOf(uid: number, path: string): void {
  files.writeFile(path, "", 0o644);
  files.chown(path, uid, uid);
}

const owner = (path: string): number => files.lstat(path).uid;
const refusal = (path: string, who: string, what: string): string =>
  `line 1: ${path} left alone: it leads through a link that ${who} can have made to a ${what} ` +
  "(have root make the link, in a directory that only root can write to)";

test("a user's link leads root neither to another user's file nor to its directory", (root) => {
  linkOf(EVIL, "../secrets/secret", `${root}/home/file`);
  linkOf(EVIL, `${root}/secrets`, `${root}/home/tree`);
  deepEqual(apply(`${root}/home/* true daemon 0666 0777\n`).sort(), [
    refusal(`${root}/home/file`, `user ${EVIL}`, "file of user 0"),
    refusal(`${root}/home/tree`, `user ${EVIL}`, "directory of user 0"),
  ]);
  for (const path of ["secrets", "secrets/secret"]) equal(owner(`${root}/${path}`), 0);
});

test("a user's link on the way to a path leads root nowhere either", (root) => {
  linkOf(EVIL, "../secrets", `${root}/home/data`);
  deepEqual(apply(`${root}/home/data/secret false daemon 0666 -\n`), [
    refusal(`${root}/home/data/secret`, `user ${EVIL}`, "file of user 0"),
  ]);
  equal(owner(`${root}/secrets/secret`), 0);
});

test("root's link in a user's directory may have been moved there", (root) => {
  linkOf(0, "../secrets/secret", `${root}/home/moved`);
  equal(apply(`${root}/home/moved false daemon 0666 -\n`).length, 1);
  equal(owner(`${root}/secrets/secret`), 0);
});

test("a link where all users can write is followed by nobody's leave", (root) => {
  files.chown(`${root}/home`, 0, 0);
  files.chmod(`${root}/home`, 0o1777);
  linkOf(0, "../secrets/secret", `${root}/home/any`);
  deepEqual(apply(`${root}/home/any false daemon 0666 -\n`), [
    refusal(`${root}/home/any`, "others", "file of user 0"),
  ]);
});

test("a user's link to what is its own is followed, and one through another user's link is not", (root) => {
  fileOf(EVIL, `${root}/home/own`);
  linkOf(EVIL, "own", `${root}/home/link`);
  deepEqual(apply(`${root}/home/link false daemon 0600 -\n`), []);
  equal(owner(`${root}/home/own`), 2);
  fileOf(OTHER, `${root}/home/others`);
  linkOf(OTHER, "others", `${root}/home/second`);
  linkOf(EVIL, "second", `${root}/home/first`);
  equal(apply(`${root}/home/first false daemon 0600 -\n`).length, 1);
  equal(owner(`${root}/home/others`), OTHER);
});

test("nothing is said of a link to a file that is right already", (root) => {
  fileOf(2, `${root}/home/right`);
  files.chown(`${root}/home/right`, 2, 2);
  linkOf(EVIL, "right", `${root}/home/link`);
  deepEqual(apply(`${root}/home/link false daemon 0644 -\n`), []);
});

test("root's links, where only root can write, are followed to what belongs to anybody", (root) => {
  fileOf(OTHER, `${root}/home/file`);
  files.symlink("home/file", `${root}/link`);
  deepEqual(apply(`${root}/link false daemon 0600 -\n`), []);
  equal(owner(`${root}/home/file`), 2);
});

test("another name of root's file, which a rule names, is left alone where users can make such names", (root) => {
  files.link(`${root}/secrets/secret`, `${root}/home/name`);
  deepEqual(apply(`${root}/home/name false daemon 0666 -\n`, false), [
    `line 1: ${root}/home/name left alone: it has 2 names, and may be somebody else's`,
  ]);
  equal(owner(`${root}/secrets/secret`), 0);
  deepEqual(apply(`${root}/home/name false daemon 0666 -\n`), []);
  equal(owner(`${root}/secrets/secret`), 2);
});

test("what a process has open and has no path is reached through the kernel's link", (root) => {
  const child = new Deno.Command("sleep", { args: ["1000"], stdin: "null", stdout: "piped" }).spawn();
  const output = `/proc/${child.pid}/fd/1`;
  files.symlink(output, `${root}/output`);
  deepEqual(apply(`${root}/output false daemon - -\n`), []);
  equal(files.stat(output).uid, 2);
  child.kill("SIGKILL");
  void child.stdout.cancel();
});
