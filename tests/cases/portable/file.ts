// Rows for cli/portable/file.ts. Those that change owners mean something only for root.

import type { Case } from "../../rows/harness.ts";
import { fails, leaves, misused, prints, row } from "./rows.ts";

const script = (text: string): string[] => ["sh", "-c", text];
const f = { files: { f: "x" } };
const d = { files: { d: { directory: 0o755 } } };
const link = { files: { f: "x", l: { link: "f" } } };

const directories: readonly Case[] = [
  leaves("s6-mkdir", {}),
  leaves("s6-mkdir a b", { a: "755 directory", b: "755 directory" }),
  leaves("s6-mkdir -m 700 a", { a: "700 directory" }),
  leaves("s6-mkdir -m 777 a", { a: "777 directory" }),
  leaves("s6-mkdir -pm 777 a/b", { a: "777 directory", "a/b": "777 directory" }),
  leaves("s6-mkdir d", { d: "755 directory" }, 111, d),
  leaves("s6-mkdir -p d d/e//f/", { d: "755 directory", "d/e": "755 directory", "d/e/f": "755 directory" }, 0, d),
  leaves("s6-mkdir a/b", {}, 111),
  leaves("s6-mkdir -p f", { f: "644 file x" }, 0, f),
  leaves("s6-mkdir -p f/g", { f: "644 file x" }, 111, f),
  leaves("s6-mkdir -p /", {}),
  leaves("s6-mkdir a/", { a: "755 directory" }),
  leaves("s6-mkdir -m 8 a", {}, 100),
  row(["s6-mkdir", ""], { stdout: "", code: 111 }),
  ...misused("s6-mkdir", "[ -p ] [ -v ] [ -m mode ] dir...", 0),
  fails("s6-mkdir a/b", "s6-mkdir: warning: unable to mkdir a/b: No such file or directory", 111),
  row(["s6-mkdir", "-vp", "a/b"], {
    stderr: "s6-mkdir: created directory a\ns6-mkdir: created directory a/b\n",
    code: 0,
  }),
  row(["s6-mkdir", "-v", "a", "d", "b"], {
    stderr: "s6-mkdir: created directory a\ns6-mkdir: warning: unable to mkdir d: File exists\n" +
      "s6-mkdir: created directory b\n",
    code: 111,
  }, d),
  row(script("umask 077; s6-mkdir a"), { code: 0, files: { a: "700 directory" } }),
];

const fifos: readonly Case[] = [
  leaves("s6-mkfifo p q", { p: "666 fifo", q: "666 fifo" }),
  leaves("s6-mkfifo -m 600 p", { p: "600 fifo" }),
  leaves("s6-mkfifo -m 777 p", { p: "666 fifo" }),
  leaves("s6-mkfifo f p", { f: "644 file x" }, 111, f),
  row(script("umask 077; s6-mkfifo p"), { code: 0, files: { p: "666 fifo" } }),
  ...misused("s6-mkfifo", "[ -m mode ] fifo..."),
  prints("s6-mkfifo -m 8 p", "", 100),
  row(["s6-mkfifo", "f"], { stderr: "s6-mkfifo: fatal: unable to mkfifo f: File exists\n", code: 111 }, f),
];

const changes: readonly Case[] = [
  leaves("s6-touch a -x", { a: "644 file ", "-x": "644 file " }),
  leaves("s6-touch f", { f: "644 file x" }, 0, f),
  leaves("s6-touch no/a b", {}, 111),
  leaves("s6-touch d", { d: "755 directory" }, 111, d),
  row(script("touch -d 2000-01-01 a; s6-touch a; touch -d 2001-01-01 b; test a -nt b"), { code: 0 }),
  fails("s6-touch", "s6-touch: usage: s6-touch file...", 100),
  fails("s6-touch no/a", "s6-touch: fatal: unable to touch no/a: No such file or directory", 111),
  row(["s6-touch", "d"], { stderr: "s6-touch: fatal: unable to touch d: Is a directory\n", code: 111 }, d),
  leaves("s6-chmod 600 f", { f: "600 file x" }, 0, f),
  leaves("s6-chmod 4755 f", { f: "4755 file x" }, 0, f),
  leaves("s6-chmod 17711 f", { f: "7711 file x" }, 0, f),
  leaves("s6-chmod 600 l", { f: "600 file x", l: "link f" }, 0, link),
  leaves("s6-chmod u+x f", { f: "644 file x" }, 100, f),
  leaves("s6-chmod 8 f", { f: "644 file x" }, 100, f),
  fails("s6-chmod 600 nope", "s6-chmod: fatal: unable to change mode of nope: No such file or directory", 111),
  prints("s6-chmod 600", "", 100),
  ...misused("s6-chmod", "mode file"),
  row(script("s6-chown -u 5 -g 6 f; stat -c '%u %g' f"), { stdout: "5 6\n" }, f),
  row(script("s6-chown -u 5 f; s6-chown -g 6 f; stat -c '%u %g' f"), { stdout: "5 6\n" }, f),
  row(script("s6-chown -u 4294967295 f; echo $?"), { stdout: "111\n" }, f),
  row(script("s6-chown -g 4294967295 f; echo $?"), { stdout: "111\n" }, f),
  row(script("s6-chown -U f; echo $?"), { stdout: "111\n" }, { ...f, env: { UID: "7", GID: "4294967295" } }),
  row(script("s6-chown -U f; stat -c '%u %g' f"), { stdout: "7 8\n" }, { ...f, env: { UID: "7", GID: "8" } }),
  row(script("s6-chown -U -u 9 f; stat -c '%u %g' f"), { stdout: "9 8\n" }, { ...f, env: { UID: "7", GID: "8" } }),
  row(script("s6-chown -u 5 l; stat -c %u f l"), { stdout: "5\n0\n" }, link),
  prints("s6-chown f", "", 0, f),
  prints("s6-chown -u x f", "", 100, f),
  prints("s6-chown -u 4294967296 f", "", 100, f),
  ...misused("s6-chown", "[ -U ] [ -u uid ] [ -g gid ] file"),
  fails("s6-chown -u 5 nope", "s6-chown: fatal: unable to chown nope: No such file or directory", 111),
  fails("s6-chown -U f", "s6-chown: fatal: UID not set", 100, f),
  fails("s6-chown -U f", "s6-chown: fatal: GID not set", 100, { ...f, env: { UID: "7" } }),
  fails("s6-chown -U f", "s6-chown: fatal: invalid $UID", 100, { ...f, env: { UID: "7x", GID: "7" } }),
  fails("s6-chown -U f", "s6-chown: fatal: invalid $GID", 100, { ...f, env: { UID: "7", GID: "" } }),
  leaves("s6-rename f g", { g: "644 file x" }, 0, f),
  leaves("s6-rename f g", { g: "644 file x" }, 0, { files: { f: "x", g: "y" } }),
  leaves("s6-rename nope g", {}, 111),
  row(["s6-rename", "nope", "g"], {
    stderr: "s6-rename: fatal: unable to rename nope to g: No such file or directory\n",
    code: 111,
  }),
  prints("s6-rename f", "", 100),
  ...misused("s6-rename", "old new"),
];

const looks: readonly Case[] = [
  prints("s6-linkname l", "f\n", 0, link),
  prints("s6-linkname -n l", "f", 0, link),
  row(script('test "$(s6-linkname -f l)" = "$PWD/f"'), { code: 0 }, link),
  row(script('test "$(s6-linkname -f .)" = "$PWD"'), { code: 0 }),
  ...misused("s6-linkname", "[ -n ] [ -f ] link"),
  row(["s6-linkname", "f"], { stderr: "s6-linkname: fatal: unable to resolve f: Invalid argument\n", code: 111 }, f),
  fails("s6-linkname nope", "s6-linkname: fatal: unable to resolve nope: No such file or directory", 111),
  fails("s6-linkname -f nope", "s6-linkname: fatal: unable to resolve nope: No such file or directory", 111),
  prints("s6-ls d", "a\nb\n", 0, { files: { "d/a": "", "d/b": "", "d/.c": "" }, unordered: true }),
  prints("s6-ls -a d", ".c\na\nb\n", 0, { files: { "d/a": "", "d/b": "", "d/.c": "" }, unordered: true }),
  prints("s6-ls -A d", ".\n..\n.c\na\n", 0, { files: { "d/a": "", "d/.c": "" }, unordered: true }),
  prints("s6-ls -x a d", "b\n", 0, { files: { "d/a": "", "d/b": "" } }),
  prints("s6-ls -0 d", "a\0", 0, { files: { "d/a": "" } }),
  fails("s6-ls nope", "s6-ls: fatal: unable to open directory nope: No such file or directory", 111),
  row(["s6-ls", "f"], { stderr: "s6-ls: fatal: unable to open directory f: Not a directory\n", code: 111 }, f),
  prints("s6-ls -aA d", ".\n..\n.c\n", 0, { files: { "d/.c": "" }, unordered: true }),
  prints("s6-ls -Aa d", ".c\n", 0, { files: { "d/.c": "" } }),
  prints("s6-ls -ax .c d", "", 0, { files: { "d/.c": "" } }),
  ...misused("s6-ls", "[ -0 ] [ -a | -A ] [ -x exclude ] dir"),
];

export const cases: readonly Case[] = [...directories, ...fifos, ...changes, ...looks];
