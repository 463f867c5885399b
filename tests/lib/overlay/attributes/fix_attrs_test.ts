// On real files below a scratch directory, which takes root; only the accounts are made up.

import { deepEqual, equal, match } from "node:assert/strict";
import { applyRules, type FixPorts } from "../../../../lib/overlay/attributes/fix_attrs.ts";
import { files } from "../../../../lib/os/file.ts";

const PASSWD = "root:x:0:0::/:/\ndaemon:x:2:2::/:/\n";
const GROUP = "root:x:0:\ndaemon:x:2:\n";
const ROOT = { uid: 0, gid: 0, groups: [] };
const os: FixPorts = {
  ...files,
  credentials: () => ROOT,
  readFile: (path) => path === "/etc/passwd" ? PASSWD : GROUP,
};
const ignore = Deno.uid() !== 0;

interface Applied {
  readonly code: number;
  readonly lines: string[];
  readonly yields: number;
}

function apply(rules: string, { hidden = false, ports = os }: { hidden?: boolean; ports?: FixPorts } = {}): Applied {
  const lines: string[] = [];
  const work = applyRules(ports, rules, { hidden, warn: (line) => lines.push(line) });
  for (let yields = 0;; yields++) {
    const step = work.next();
    if (step.done) return { code: step.value, lines, yields };
  }
}

function test(name: string, body: (root: string) => void): void {
  Deno.test({
    name,
    ignore,
    fn: () => {
      const root = Deno.makeTempDirSync();
      try {
        body(root);
      } finally {
        Deno.removeSync(root, { recursive: true });
      }
    },
  });
}

/** Lays a tree: a path that ends in a slash is a directory, "a -> b" a link, everything else an empty file. */
function lay(root: string, ...paths: string[]): void {
  for (const path of paths) {
    const [name = "", target] = path.split(" -> ");
    if (target !== undefined) files.symlink(target, `${root}/${name}`);
    else if (name.endsWith("/")) files.makeDirectory(`${root}/${name}`, 0o755);
    else files.writeFile(`${root}/${name}`, "", 0o644);
  }
}

/** Owner and mode: "2:2 640". */
function attributes(path: string): string {
  const { uid, gid, mode } = files.lstat(path);
  return `${uid}:${gid} ${mode.toString(8)}`;
}

const UNTOUCHED_FILE = "0:0 644";
const UNTOUCHED_DIRECTORY = "0:0 755";

function layExample(root: string): void {
  lay(root, "tgt", "d/", "d/a", "d/.h", "d/.hid/", "d/.hid/x", "d/sub/", "d/sub/c", "d/sub/.hd/", "d/sub/.hd/y");
  lay(root, "d/inlnk -> ../tgt");
}

test("a recursive rule changes what lies below, but hidden names and what links lead to", (root) => {
  layExample(root);
  deepEqual(apply(`${root}/d true daemon 0640 0750\n`), { code: 0, lines: [], yields: 0 });
  for (const path of ["d", "d/sub"]) equal(attributes(`${root}/${path}`), "2:2 750", path);
  for (const path of ["d/a", "d/sub/c"]) equal(attributes(`${root}/${path}`), "2:2 640", path);
  for (const path of ["d/.hid", "d/sub/.hd"]) equal(attributes(`${root}/${path}`), UNTOUCHED_DIRECTORY, path);
  for (const path of ["tgt", "d/.h", "d/.hid/x", "d/sub/.hd/y"]) {
    equal(attributes(`${root}/${path}`), UNTOUCHED_FILE, path);
  }
});

test("hidden names are changed too if the setting says so", (root) => {
  layExample(root);
  apply(`${root}/d true daemon 0640 0750\n`, { hidden: true });
  for (const path of ["d/.hid", "d/sub/.hd"]) equal(attributes(`${root}/${path}`), "2:2 750", path);
  for (const path of ["d/.h", "d/.hid/x", "d/sub/.hd/y"]) equal(attributes(`${root}/${path}`), "2:2 640", path);
  equal(attributes(`${root}/tgt`), UNTOUCHED_FILE);
});

test("without recursion only the paths that match are changed, hidden or not", (root) => {
  layExample(root);
  apply(`${root}/d false daemon 0640 0750\n${root}/d/.h false 3:4 0600 -\n${root}/d/s* true 5:6 - -\n`);
  equal(attributes(`${root}/d`), "2:2 750");
  equal(attributes(`${root}/d/a`), UNTOUCHED_FILE);
  equal(attributes(`${root}/d/.h`), "3:4 600");
  equal(attributes(`${root}/d/sub`), "5:6 755");
  equal(attributes(`${root}/d/sub/c`), "5:6 644");
});

test("a path that a rule names may be a link and is followed", (root) => {
  lay(root, "real/", "real/a", "link -> real", "file", "pointer -> file");
  apply(`${root}/link true daemon 0600 0700\n${root}/poin* false daemon 0600 0700`);
  equal(attributes(`${root}/real`), "2:2 700");
  equal(attributes(`${root}/real/a`), "2:2 600");
  equal(attributes(`${root}/file`), "2:2 600");
});

test("a named link that leads nowhere is reported, one met below is passed over", (root) => {
  lay(root, "d/", "d/lost -> nowhere", "lost -> nowhere");
  deepEqual(apply(`${root}/lost false daemon 0600 0700\n${root}/d true daemon 0600 0700\n`), {
    code: 0,
    lines: [`line 1: unable to open ${root}/lost: No such file or directory`],
    yields: 0,
  });
});

test("a pattern that matches nothing does nothing, silently", (root) => {
  deepEqual(apply(`${root}/none true daemon 0600 0700\n${root}/n* true daemon 0600 0700\n`).lines, []);
});

test("a pattern for hidden names does not climb to the directory above", (root) => {
  lay(root, "above", "d/", "d/.h");
  apply(`${root}/d/.* true daemon 0600 0700\n`);
  equal(attributes(`${root}/d/.h`), "2:2 600");
  equal(attributes(`${root}/d`), UNTOUCHED_DIRECTORY);
  equal(attributes(`${root}/above`), UNTOUCHED_FILE);
});

test("the setuid bits of a mode survive, those of the file do not without one", (root) => {
  lay(root, "a", "b");
  files.chmod(`${root}/b`, 0o4755);
  apply(`${root}/a false daemon 4755 -\n${root}/b false 0:0 - -\n`);
  equal(attributes(`${root}/a`), "2:2 4755");
  equal(attributes(`${root}/b`), "0:0 755");
});

test("fifos and sockets are files like others", (root) => {
  files.makeFifo(`${root}/fifo`);
  const socket = Deno.listen({ transport: "unix", path: `${root}/socket` });
  apply(`${root} true daemon 0600 0700\n`);
  equal(attributes(`${root}/fifo`), "2:2 600");
  equal(attributes(`${root}/socket`), "2:2 600");
  socket.close();
});

test("bad rules are reported with their line and the others apply", (root) => {
  lay(root, "a", "b");
  const { code, lines } = apply(
    `${root}/a true nobody-here 0600 0700\n\n# a comment\n${root}/a yes daemon rw 0700\nwhat\n  ${root}/b false daemon 0600 0700`,
  );
  equal(code, 0);
  deepEqual(lines.slice(0, 3), [
    "line 1: unknown user: nobody-here",
    `line 4: ${root}/a: yes is neither true nor false`,
    `line 4: ${root}/a: rw is not an octal mode for files`,
  ]);
  match(lines[3]!, /^line 5: what: expected a path/);
  equal(lines.length, 4);
  equal(attributes(`${root}/a`), "2:2 644");
  equal(attributes(`${root}/b`), "2:2 600");
});

test("the exit code tells only whether there was a line", () => {
  deepEqual([apply("").code, apply("\n").code, apply("# nothing").code, apply("bad").code], [1, 0, 0, 0]);
});

test("what is right already is not touched", (root) => {
  lay(root, "d/", "d/a", "d/b");
  apply(`${root}/d true daemon 0640 0750\n`);
  files.chmod(`${root}/d/b`, 0o600);
  const changed: string[] = [];
  const ports: FixPorts = { ...os, fchown: (...call) => void changed.push(`chown ${call.slice(1)}`) };
  apply(`${root}/d true daemon 0640 0750\n`, { ports });
  deepEqual(changed, ["chown 2,2"]);
  equal(attributes(`${root}/d/b`), "2:2 640");
});

test("a large directory is walked in pieces, with the caller let in between", (root) => {
  files.makeDirectory(`${root}/d`);
  for (let at = 0; at < 2000; at++) lay(root, `d/f${at}`);
  let largest = 0;
  const ports: FixPorts = {
    ...os,
    readEntries: (fd) => {
      const entries = os.readEntries(fd);
      largest = Math.max(largest, entries?.names.length ?? 0);
      return entries;
    },
  };
  const { yields } = apply(`${root}/d true daemon 0600 0700\n`, { ports });
  equal(yields, 7);
  equal(largest < 2000, true);
  for (const at of [0, 999, 1999]) equal(attributes(`${root}/d/f${at}`), "2:2 600");
});

test("a directory replaced by a link meanwhile leads nowhere", (root) => {
  lay(root, "d/", "d/sub/", "d/sub/a", "outside/", "outside/secret");
  let swapped = false;
  const ports: FixPorts = {
    ...os,
    openAt: (directory, path, flags, mode) => {
      if (path === "sub" && flags.includes("read") && !swapped) {
        swapped = true;
        files.rename(`${root}/d/sub`, `${root}/elsewhere`);
        files.symlink("../outside", `${root}/d/sub`);
      }
      return os.openAt(directory, path, flags, mode);
    },
  };
  deepEqual(apply(`${root}/d true daemon 0600 0700\n`, { ports }).lines, [
    `line 1: unable to open ${root}/d/sub: it was replaced meanwhile`,
  ]);
  equal(swapped, true);
  equal(attributes(`${root}/outside`), UNTOUCHED_DIRECTORY);
  equal(attributes(`${root}/outside/secret`), UNTOUCHED_FILE);
});

test("a file replaced by a link between looking and changing is left alone", (root) => {
  lay(root, "d/", "d/a", "secret");
  const ports: FixPorts = {
    ...os,
    lstatAt: (directory, path) => {
      const status = os.lstatAt(directory, path);
      if (path === "a") {
        files.unlink(`${root}/d/a`);
        files.symlink("../secret", `${root}/d/a`);
      }
      return status;
    },
  };
  deepEqual(apply(`${root}/d true daemon 0600 0700\n`, { ports }).lines, []);
  equal(attributes(`${root}/secret`), UNTOUCHED_FILE);
  equal(attributes(`${root}/d/a`).startsWith("0:0 "), true);
});

test("a directory replaced by another one between changing and entering is not entered", (root) => {
  lay(root, "d/", "d/sub/", "d/sub/a", "other/", "other/b");
  let swapped = false;
  const ports: FixPorts = {
    ...os,
    openAt: (directory, path, flags, mode) => {
      if (path === "sub" && flags.includes("read") && !swapped) {
        swapped = true;
        files.rename(`${root}/d/sub`, `${root}/sub`);
        files.rename(`${root}/other`, `${root}/d/sub`);
      }
      return os.openAt(directory, path, flags, mode);
    },
  };
  const { lines } = apply(`${root}/d true daemon 0600 0700\n`, { ports });
  deepEqual(lines, [`line 1: unable to open ${root}/d/sub: it was replaced meanwhile`]);
  equal(attributes(`${root}/d/sub/b`), UNTOUCHED_FILE);
});

/** With the kernel's protection of hard links as given. */
function withLinks(isProtected: boolean): FixPorts {
  return {
    ...os,
    readFile: (path) => path === "/proc/sys/fs/protected_hardlinks" ? `${Number(isProtected)}\n` : os.readFile(path),
  };
}

/** The owner and mode of the directory d, whether the kernel protects links, and whether root's linked file is changed. */
const LINKED: readonly (readonly [directory: string, isProtected: boolean, isChanged: boolean])[] = [
  ["0:0 755", false, true],
  ["0:0 775", false, true],
  ["2:2 755", false, false],
  ["2:2 755", true, true],
  ["0:2 775", false, false],
  ["0:0 1777", false, false],
  ["0:0 1777", true, true],
];

for (const [directory, isProtected, isChanged] of LINKED) {
  const who = `in a directory ${directory} of a kernel that ${isProtected ? "protects" : "does not protect"} links`;
  test(`root's file with two names ${who} is ${isChanged ? "changed" : "left alone"}`, (root) => {
    lay(root, "secret", "d/", "d/own", "d/sub/");
    const [uid = 0, gid = 0, mode = 0] = directory.split(/[: ]/).map((word, at) => parseInt(word, at < 2 ? 10 : 8));
    files.chown(`${root}/d`, uid, gid);
    files.chmod(`${root}/d`, mode);
    files.link(`${root}/secret`, `${root}/d/secret`);
    const { lines } = apply(`${root}/d true daemon 0640 0750\n`, { ports: withLinks(isProtected) });
    equal(attributes(`${root}/secret`), isChanged ? "2:2 640" : UNTOUCHED_FILE);
    deepEqual(
      lines,
      isChanged ? [] : [`line 1: ${root}/d/secret left alone: it has 2 names, and may be somebody else's`],
    );
    for (const [path, wanted] of [["d", "2:2 750"], ["d/own", "2:2 640"], ["d/sub", "2:2 750"]] as const) {
      equal(attributes(`${root}/${path}`), wanted, path);
    }
  });
}

test("the owner of a directory may have files of several names in it", (root) => {
  lay(root, "d/", "d/a");
  files.link(`${root}/d/a`, `${root}/d/b`);
  for (const path of ["d", "d/a"]) files.chown(`${root}/${path}`, 2, 2);
  deepEqual(apply(`${root}/d true 3:3 0600 0700\n`, { ports: withLinks(false) }).lines, []);
  equal(attributes(`${root}/d/a`), "3:3 600");
});
