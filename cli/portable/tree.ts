// Trees of files, and links: s6-rmrf, s6-hiercopy and s6-ln. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { lastComponent, realPath } from "../../lib/file_path.ts";
import type { Os } from "../../lib/os/os.ts";
import { about, EXIT, Failure, OsError, textOf } from "../../lib/report.ts";
import { copyTree } from "../../lib/copy.ts";
import { removeTree } from "../../lib/tree.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { NO_OPTIONS, type Options } from "../getopt.ts";

export const rmrf: Applet = utility({
  name: "s6-rmrf",
  usage: "file...",
  summary: "remove files and whole directories",
  options: NO_OPTIONS,
  least: 1,
  run: ({ os }, { args }) => {
    for (const path of args) {
      // This is never intended, and nothing would be left to say so.
      if (isRoot(os, path)) throw new Failure(EXIT.system, `unable to remove ${path}: it is the root directory`);
      about("remove", path, () => removeTree(os, path));
    }
    return 0;
  },
});

function isRoot(os: Pick<Os, "lstat" | "stat">, path: ByteString): boolean {
  const root = os.stat("/");
  try {
    const { inode, device } = os.lstat(path);
    return inode === root.inode && device === root.device;
  } catch {
    return false;
  }
}

export const hiercopy: Applet = utility({
  name: "s6-hiercopy",
  usage: "src dst",
  summary: "copy files and whole directories",
  options: "",
  least: 2,
  run: (context, { args: [from = "", to = ""] }) => {
    const { os } = context;
    os.setUmask(0);
    // A link in place of the copy is followed here, at the top, and nowhere else.
    const target = os.find(to)?.kind === "file" ? realPath(context.os, to) : to;
    // As with the original what is inside a directory may fail; unlike the original we say so.
    about(
      "copy hierarchy from",
      `${from} to ${to}`,
      () => copyTree(os, from, target, { onFailure: (error) => context.warn(textOf(error)) }),
    );
    return 0;
  },
});

const LN = "nsfLP";

export const ln: Applet = utility({
  name: "s6-ln",
  usage: "[ -n ] [ -s ] [ -f ] [ -L ] [ -P ] src... dest",
  summary: "make links",
  help: {
    n: "a destination that is a link to a directory is no directory",
    s: "make symbolic links",
    f: "replace what is there",
    L: "follow sources that are symbolic links",
    P: "do not follow sources that are symbolic links",
  },
  exits: { 1: "some links could not be made" },
  options: LN,
  least: 2,
  run: (context, { options, args }) => {
    const target = args.at(-1)!;
    const sources = args.slice(0, -1);
    const into = sources.length > 1 || isDirectory(context, target, !options.has("n"));
    const failures = sources.filter((source) => {
      const path = into ? `${target}/${lastComponent(source, "")}` : target;
      try {
        about("make a link from", `${path} to ${source}`, () => makeLink(context, source, path, options));
        return false;
      } catch (error) {
        context.warn(textOf(error));
        return true;
      }
    });
    return failures.length;
  },
});

function isDirectory({ os }: Context, path: ByteString, follow: boolean): boolean {
  const status = os.find(path);
  return status?.kind === "directory" && (follow || os.lstat(path).kind === "directory");
}

function makeLink(context: Context, source: ByteString, path: ByteString, options: Options<typeof LN>): void {
  const { os } = context;
  const link = (at: ByteString): void => {
    if (options.has("s")) os.symlink(source, at);
    else os.link(options.last("L", "P") === "L" ? realPath(context.os, source) : source, at);
  };
  try {
    link(path);
  } catch (error) {
    if (!options.has("f") || !(error instanceof OsError && error.errno === "EEXIST")) throw error;
    const temporary = `${path}:${os.pid}.tmp`;
    link(temporary);
    try {
      os.rename(temporary, path);
    } finally {
      // Renaming one name of a file onto another one of the same file does nothing, and leaves both.
      if (exists(context, temporary)) os.unlink(temporary);
    }
  }
}

function exists({ os }: Context, path: ByteString): boolean {
  try {
    os.lstat(path);
    return true;
  } catch {
    return false;
  }
}
