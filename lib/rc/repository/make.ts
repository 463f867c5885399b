// A new repository, without stores: made beside its place, and put there as a whole.

import type { ByteString } from "../../bytes.ts";
import { about, isErrno, unlessThere } from "../../report.ts";
import { randomLetters } from "../../random.ts";
import { removeTree } from "../../tree.ts";
import { orUndo, Repository, type RepositoryOs } from "./repository.ts";

const LETTERS_OF_NEW = 6;
const LETTERS_OF_OLD = 15;

/** @param replaces one that is there is moved away, and stays beside it */
export function makeRepository(os: RepositoryOs, path: ByteString, replaces: boolean): void {
  const made = new Repository(os, `${path}:new:${randomLetters(os, LETTERS_OF_NEW)}`);
  makeParents(made, path);
  made.makeDirectory(made.path);
  orUndo(() => {
    made.makeDirectory(made.compiled);
    made.makeDirectory(made.sources);
    about("create", `${made.path}/lock`, () => os.writeFile(`${made.path}/lock`, ""));
    // All who may write to the repository may lock it.
    os.chmod(`${made.path}/lock`, 0o666);
    os.chmod(made.path, 0o2755);
    putInPlace(os, made.path, path, replaces);
  }, () => removeTree(os, made.path));
}

function makeParents(repository: Repository, path: ByteString): void {
  for (let at = path.indexOf("/", 1); at > 0; at = path.indexOf("/", at + 1)) {
    const parent = path.slice(0, at);
    if (repository.os.find(parent) === undefined) unlessThere(() => repository.makeDirectory(parent));
  }
}

function putInPlace(os: RepositoryOs, from: ByteString, path: ByteString, replaces: boolean): void {
  const move = (source: ByteString, target: ByteString): void =>
    about("rename", `${source} to ${target}`, () => os.rename(source, target));
  try {
    return move(from, path);
  } catch (error) {
    if (!replaces || !isErrno(error, "EEXIST", "ENOTEMPTY")) throw error;
  }
  const old = `${path}:old:${randomLetters(os, LETTERS_OF_OLD)}`;
  move(path, old);
  orUndo(() => move(from, path), () => move(old, path));
}
