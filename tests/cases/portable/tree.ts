// Rows for cli/portable/tree.ts.

import type { Case, Given } from "../../rows/harness.ts";
import { fails, leaves, misused, prints, row } from "./rows.ts";

const script = (text: string): string[] => ["sh", "-c", text];

const TREE: Readonly<Record<string, Given>> = {
  "s/f": { content: "x", mode: 0o4750 },
  "s/l": { link: "f" },
  "s/out": { link: "../kept" },
  "s/sub": { directory: 0o1777 },
  "s/sub/deep/g": "y",
  kept: "z",
};

const copied = (top: string): Record<string, string> => ({
  [top]: "755 directory",
  [`${top}/f`]: "4750 file x",
  [`${top}/l`]: "link f",
  [`${top}/out`]: "link ../kept",
  [`${top}/sub`]: "1777 directory",
  [`${top}/sub/deep`]: "755 directory",
  [`${top}/sub/deep/g`]: "644 file y",
});
const KEPT = { kept: "644 file z" };
const tree = { files: TREE };

const removing: readonly Case[] = [
  leaves("s6-rmrf s", KEPT, 0, tree),
  leaves("s6-rmrf s/", KEPT, 0, tree),
  leaves("s6-rmrf nope s kept", {}, 0, tree),
  leaves("s6-rmrf nope/x -r", { ...copied("s"), ...KEPT }, 0, tree),
  leaves("s6-rmrf kept/x", { ...copied("s"), ...KEPT }, 111, tree),
  leaves("s6-rmrf a", { d: "755 directory", "d/x": "644 file " }, 0, { files: { "d/x": "", a: { link: "d" } } }),
  row(["s6-rmrf", ""], { code: 0 }),
  row(script("mkfifo p; s6-rmrf p"), { code: 0, files: {} }),
  row(script("mkdir -p d/e; chmod 755 d; s6-setuidgid nobody s6-rmrf d"), {
    code: 111,
    files: { d: "755 directory", "d/e": "755 directory" },
  }),
  row(script("mkdir -p d/e; chmod 755 d; s6-setuidgid nobody s6-rmrf d 2>&1"), {
    stdout: "s6-rmrf: fatal: unable to remove d: Permission denied\n",
  }),
  row(script("mkdir d; cd d; seq 3000 | xargs touch; cd ..; s6-rmrf d"), { code: 0, files: {} }),
  row(
    script(
      "i=0; while [ $i -lt 300 ]; do mkdir d; cd d; i=$((i+1)); done; cd /; s6-rmrf $OLDPWD; cd - >/dev/null 2>&1; true",
    ),
    { code: 0 },
  ),
  fails("s6-rmrf", "s6-rmrf: usage: s6-rmrf file...", 100),
  row(["s6-rmrf", "f/x"], { stderr: "s6-rmrf: fatal: unable to remove f/x: Not a directory\n", code: 111 }, {
    files: { f: "" },
  }),
];

const copying: readonly Case[] = [
  leaves("s6-hiercopy s t", { ...copied("s"), ...copied("t"), ...KEPT }, 0, tree),
  leaves("s6-hiercopy kept t", { ...KEPT, t: "644 file z" }, 0, { files: { kept: "z" } }),
  leaves("s6-hiercopy l t", { l: "link f", t: "link f" }, 0, { files: { l: { link: "f" } } }),
  leaves("s6-hiercopy l t", { l: "link f", t: "link g" }, 111, { files: { l: { link: "f" }, t: { link: "g" } } }),
  leaves(
    "s6-hiercopy s t",
    { s: "755 directory", "s/a": "644 file new", t: "755 directory", "t/a": "644 file new", "t/b": "644 file b" },
    0,
    {
      files: { "s/a": "new", "t/a": "old", "t/b": "b" },
    },
  ),
  leaves("s6-hiercopy f l", { f: "644 file x", l: "link g", g: "644 file x" }, 0, {
    files: { f: "x", l: { link: "g" }, g: "y" },
  }),
  leaves(
    "s6-hiercopy s s/in",
    { s: "755 directory", "s/a": "644 file x", "s/in": "755 directory", "s/in/a": "644 file x" },
    0,
    {
      files: { "s/a": "x" },
      exception: "the original goes on inside the copy if its directory shows it",
    },
  ),
  leaves("s6-hiercopy f d", { d: "755 directory", f: "644 file x" }, 111, {
    files: { f: "x", d: { directory: 0o755 } },
  }),
  leaves("s6-hiercopy d f", { d: "755 directory", f: "644 file x" }, 111, {
    files: { f: "x", d: { directory: 0o755 } },
  }),
  leaves("s6-hiercopy nope t", {}, 111),
  leaves("s6-hiercopy f no/t", { f: "644 file x" }, 111, { files: { f: "x" } }),
  row(script("mkfifo -m 642 p; s6-hiercopy p q"), { code: 0, files: { p: "642 fifo", q: "642 fifo" } }),
  row(script("chown 5:6 s/f; chown -h 7:8 s/l; s6-hiercopy s t; stat -c '%u %g' t/f t/l"), {
    stdout: "5 6\n7 8\n",
    code: 0,
  }, tree),
  row(script("chmod 777 .; chmod 600 s/a; s6-setuidgid nobody s6-hiercopy s t"), {
    code: 0,
    files: { s: "755 directory", "s/a": "600 file x", "s/b": "644 file y", t: "755 directory", "t/b": "644 file y" },
  }, { files: { "s/a": "x", "s/b": "y" } }),
  row(script("chmod 777 .; chmod 600 s/a; s6-setuidgid nobody s6-hiercopy s t 2>&1"), {
    stdout: "s6-hiercopy: warning: unable to open s/a: Permission denied\n",
  }, { files: { "s/a": "x", "s/b": "y" } }),
  row(script("mknod s/d c 1 3; s6-hiercopy s t 2>&1; ls t"), { stdout: "b\n" }, { files: { "s/b": "y" } }),
  prints("s6-hiercopy s", "", 100),
  ...misused("s6-hiercopy", "src dst"),
];

const two = { files: { a: "A", b: "B", d: { directory: 0o755 }, dl: { link: "d" } } };
const TWO = { a: "644 file A", b: "644 file B", d: "755 directory", dl: "link d" };

const linking: readonly Case[] = [
  leaves("s6-ln a c", { ...TWO, c: "644 file A" }, 0, two),
  leaves("s6-ln a b", TWO, 1, two),
  leaves("s6-ln -f a b", { ...TWO, b: "644 file A" }, 0, two),
  leaves("s6-ln -f a a", TWO, 0, two),
  leaves("s6-ln -s x c", { ...TWO, c: "link x" }, 0, two),
  leaves("s6-ln -sf x b", { ...TWO, b: "link x" }, 0, two),
  leaves("s6-ln a b d", { ...TWO, "d/a": "644 file A", "d/b": "644 file B" }, 0, two),
  leaves("s6-ln -s a d", { ...TWO, "d/a": "link a" }, 0, two),
  leaves("s6-ln -s a/ dl", { ...TWO, "d/a": "link a/" }, 0, two),
  leaves("s6-ln -n -s x dl", TWO, 1, two),
  leaves("s6-ln -nsf x dl", { ...TWO, dl: "link x" }, 0, two),
  leaves("s6-ln nope a b d", { ...TWO, "d/a": "644 file A", "d/b": "644 file B" }, 1, two),
  leaves("s6-ln a b nope", TWO, 2, two),
  leaves("s6-ln -s a b no/where", TWO, 2, two),
  leaves("s6-ln nope c", TWO, 1, two),
  leaves("s6-ln l c", { l: "link f", f: "644 file x", c: "link f" }, 0, { files: { l: { link: "f" }, f: "x" } }),
  leaves("s6-ln -L l c", { l: "link f", f: "644 file x", c: "644 file x" }, 0, { files: { l: { link: "f" }, f: "x" } }),
  row(script("s6-ln a c; test a -ef c"), { code: 0 }, two),
  prints("s6-ln a", "", 100, two),
  ...misused("s6-ln", "[ -n ] [ -s ] [ -f ] [ -L ] [ -P ] src... dest"),
  leaves("s6-ln -LP l c", { l: "link f", f: "644 file x", c: "link f" }, 0, { files: { l: { link: "f" }, f: "x" } }),
  row(["s6-ln", "nope", "c"], {
    stderr: "s6-ln: warning: unable to make a link from c to nope: No such file or directory\n",
    code: 1,
  }, two),
];

export const cases: readonly Case[] = [...removing, ...copying, ...linking];
