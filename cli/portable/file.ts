// Programs that make or change single files: s6-mkdir, s6-mkfifo, s6-touch, s6-chmod, s6-chown, s6-rename, s6-linkname
// and s6-ls. From s6-portable-utils.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import { makeDirectories } from "../../lib/directories.ts";
import type { Environment } from "../../lib/environment.ts";
import { realPath } from "../../lib/file_path.ts";
import { about, EXIT, invalid, textOf } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS, octal, type Options } from "../getopt.ts";
import { numericId } from "../numeric_id.ts";

export const mkdir: Applet = utility({
  name: "s6-mkdir",
  usage: "[ -p ] [ -v ] [ -m mode ] dir...",
  summary: "make directories",
  help: {
    p: "make parents that are missing; a directory that is there is no error",
    v: "tell each directory that is made",
    m: "the mode, whatever the umask (default 0777 less the umask)",
  },
  options: "pvm:",
  least: 0,
  run: (context, { options, args }) => {
    const mode = options.value("m");
    const bits = mode === undefined ? 0o777 : octal(mode);
    // A mode that is asked for is given exactly.
    if (mode !== undefined) context.os.setUmask(0);
    const report = (path: ByteString): void => {
      if (options.has("v")) context.os.writeAll(2, rawBytes(`${context.name}: created directory ${path}\n`));
    };
    const failures = args.filter((path) => {
      try {
        makeDirectories(context.os, path, { mode: bits, parents: options.has("p"), report });
        return false;
      } catch (error) {
        context.warn(textOf(error));
        return true;
      }
    });
    return failures.length === 0 ? 0 : EXIT.system;
  },
});

export const mkfifo: Applet = utility({
  name: "s6-mkfifo",
  usage: "[ -m mode ] fifo...",
  summary: "make fifos",
  help: { m: "the mode (default 0666)" },
  options: "m:",
  least: 1,
  run: ({ os }, { options, args }) => {
    const mode = octal(options.value("m") ?? "666");
    // So that the caller's umask does not count: a fifo is never executed.
    os.setUmask(0o111);
    for (const path of args) os.makeFifo(path, mode);
    return 0;
  },
});

export const touch: Applet = utility({
  name: "s6-touch",
  usage: "file...",
  summary: "set the times of files to now, making them if need be",
  options: NO_OPTIONS,
  least: 1,
  run: ({ os }, { args }) => {
    for (const path of args) {
      about("touch", path, () => {
        const fd = os.open(path, ["write", "create", "nonblocking"]);
        os.touch(fd);
        os.close(fd);
      });
    }
    return 0;
  },
});

export const chmod: Applet = utility({
  name: "s6-chmod",
  usage: "mode file",
  summary: "change the mode of a file",
  options: "",
  least: 2,
  run: ({ os }, { args: [mode = "", path = ""] }) => {
    const bits = octal(mode);
    about("change mode of", path, () => os.chmod(path, bits));
    return 0;
  },
});

const CHOWN = "Uu:g:";

export const chown: Applet = utility({
  name: "s6-chown",
  usage: "[ -U ] [ -u uid ] [ -g gid ] file",
  summary: "change the owner of a file",
  help: {
    U: "take the ids from the variables UID and GID",
    u: "the id of the new owner",
    g: "the id of the new group",
  },
  options: CHOWN,
  least: 1,
  run: (context, { options, args: [path = ""] }) => {
    const { uid, gid } = owner(options, context.image.environment);
    context.os.chown(path, uid, gid);
    return 0;
  },
});

/** The ids that the options, in their order, ask for; -1 leaves one alone. */
function owner(options: Options<typeof CHOWN>, environment: Environment): { uid: number; gid: number } {
  let [uid, gid] = [-1, -1];
  for (const { letter, value } of options.list) {
    if (letter === "u") uid = numericId(value);
    else if (letter === "g") gid = numericId(value);
    else [uid, gid] = [variable(environment, "UID"), variable(environment, "GID")];
  }
  return { uid, gid };
}

function variable(environment: Environment, name: string): number {
  const value = environment.get(name);
  if (value === undefined) throw invalid(`${name} not set`);
  if (!/^[0-9]+$/.test(value)) throw invalid(`invalid $${name}`);
  return numericId(value);
}

export const rename: Applet = utility({
  name: "s6-rename",
  usage: "old new",
  summary: "rename a file, replacing what has the new name",
  options: "",
  least: 2,
  run: ({ os }, { args: [from = "", to = ""] }) => {
    os.rename(from, to);
    return 0;
  },
});

export const linkname: Applet = utility({
  name: "s6-linkname",
  usage: "[ -n ] [ -f ] link",
  summary: "print where a link leads",
  help: {
    n: "print no newline",
    f: "resolve all links on the way, as an absolute path",
  },
  options: "nf",
  least: 1,
  run: (context, { options, args: [path = ""] }) => {
    const target = about(
      "resolve",
      path,
      () => options.has("f") ? realPath(context.os, path) : context.os.readLink(path),
    );
    context.print(target + (options.has("n") ? "" : "\n"));
    return 0;
  },
});

export const ls: Applet = utility({
  name: "s6-ls",
  usage: "[ -0 ] [ -a | -A ] [ -x exclude ] dir",
  summary: "print the names in a directory",
  help: {
    0: "end each name with a NUL",
    a: "names that begin with a dot too",
    A: "these, and . and .. too",
    x: "leave this name out",
  },
  options: "0aAx:",
  least: 1,
  run: (context, { options, args: [path = ""] }) => {
    const hidden = options.last("a", "A");
    const names = about("open directory", path, () => context.os.listDirectory(path));
    if (hidden === "A") names.unshift(".", "..");
    const end = options.has("0") ? "\0" : "\n";
    const shown = names.filter((name) => (hidden !== undefined || name[0] !== ".") && name !== options.value("x"));
    context.print(shown.map((name) => name + end).join(""));
    return 0;
  },
});
