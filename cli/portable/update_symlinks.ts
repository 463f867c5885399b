// s6-update-symlinks: one tree of links to what is in several trees. From s6-portable-utils. The tree is first thought out,
// then made beside the old one, then put in its place.

import type { ByteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { randomLetters } from "../../lib/random.ts";
import { about, EXIT, Failure, ifThere, invalid, OsError, UsageError } from "../../lib/report.ts";
import { removeTree } from "../../lib/tree.ts";
import { type Applet, utility } from "../applet.ts";

export const updateSymlinks: Applet = utility({
  name: "s6-update-symlinks",
  usage: "/destdir /srcdir [ /srcdir ... ]",
  summary: "make a tree of links to the files of several directories",
  options: "",
  least: 2,
  run: ({ os }, { args }) => {
    if (!args.every((path) => path.startsWith("/"))) throw new UsageError();
    const [target, ...sources] = [args[0]!.replace(/(?!^)\/+$/, ""), ...args.slice(1)];
    const tree = unionOf(os, target, sources);
    const made = `${target}:s6-update-symlinks-new:${os.pid}:${randomLetters(os, 8)}`;
    about("make", target, () => {
      try {
        make(os, made, tree);
        install(os, made, target);
      } catch (error) {
        removeTree(os, made);
        throw error;
      }
    });
    return 0;
  },
});

/** What is to be at a place: a link that leads there, or a directory. */
type UnionNode = ByteString | Map<ByteString, UnionNode>;

/** The tree that shows all the sources, the later ones before the earlier ones. */
function unionOf(
  os: Pick<Os, "stat" | "listDirectory">,
  target: ByteString,
  sources: readonly ByteString[],
): UnionNode {
  const [first = "", ...more] = sources;
  return more.reduce<UnionNode>((tree, source) => {
    try {
      return united(os, target, tree, source);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      throw new Failure(EXIT.system, `error processing ${source}: ${error.reason}`);
    }
  }, first);
}

/** What comes of a place when one more file or directory is put there. */
function united(
  os: Pick<Os, "stat" | "listDirectory">,
  target: ByteString,
  old: UnionNode,
  source: ByteString,
): UnionNode {
  const isDirectory = (path: ByteString): boolean => os.stat(path).kind === "directory";
  // A file gives way to anything, a directory to nothing but what can be put into it.
  if (old === source || (typeof old === "string" && !isDirectory(old))) return source;
  if (!isDirectory(source)) throw invalid(`destination ${target} conflicts with source ${source}`);
  const before = typeof old === "string" ? linksInto(os, old) : old;
  const added = linksInto(os, source);
  const all = new Map(before);
  for (const [name, path] of added) {
    const known = before.get(name);
    all.set(name, known === undefined ? path : united(os, `${target}/${name}`, known, path));
  }
  // Where the old directory had these names and no others, and nothing of it is left, the new one will do as it is.
  const isSame = before.size === added.size && [...all].every(([name, node]) => node === added.get(name));
  return isSame ? source : all;
}

function linksInto(os: Pick<Os, "listDirectory">, directory: ByteString): Map<ByteString, ByteString> {
  return new Map(os.listDirectory(directory).map((name) => [name, `${directory}/${name}`]));
}

function make(os: Pick<Os, "symlink" | "makeDirectory">, path: ByteString, node: UnionNode): void {
  if (typeof node === "string") return os.symlink(node, path);
  os.makeDirectory(path);
  for (const [name, below] of node) make(os, `${path}/${name}`, below);
}

/** Puts what was made in the place of the old. Nothing but a directory can take another one's place in one step. */
function install(os: Os, made: ByteString, target: ByteString): void {
  const [isNew, isOld] = [made, target].map((path) => kindOf(os, path) === "directory");
  if (!isOld && (!isNew || kindOf(os, target) === undefined)) return os.rename(made, target);
  const aside = made.replace(":s6-update-symlinks-new:", ":s6-update-symlinks-old:");
  os.rename(target, aside);
  try {
    os.rename(made, target);
  } catch (error) {
    os.rename(aside, target);
    throw error;
  }
  removeTree(os, aside);
}

function kindOf(os: Pick<Os, "lstat">, path: ByteString): string | undefined {
  return ifThere(() => os.lstat(path).kind);
}
