// The sets of a repository: made, copied, deleted, and their services moved from one rx to another.

import type { ByteString } from "../../bytes.ts";
import { copyTree } from "../../copy.ts";
import { about, EXIT, Failure, ifThere, invalid, unlessRefused } from "../../report.ts";
import { removeTree } from "../../tree.ts";
import { type Progress, VERBOSITY } from "../progress.ts";
import { hiddenTarget, orUndo, type Repository } from "./repository.ts";
import { EVERY_RX, type Rx, RX_NAMES } from "./rx.ts";
import { fillSet } from "./sync.ts";

const THERE = 1;

/** A set that knows all services, by their flags. */
export function makeSet(repository: Repository, name: ByteString): void {
  const path = repository.set(name);
  if (about("access", path, () => repository.os.find(path)) !== undefined) {
    throw invalid(`set ${name} already exists in repository ${repository.path}`, EXIT.usage);
  }
  const hidden = repository.fresh(`.${name}:`);
  const directory = repository.set(hidden);
  repository.makeDirectory(directory);
  orUndo(() => {
    for (const rx of EVERY_RX) repository.makeDirectory(`${directory}/${RX_NAMES[rx]}`);
    fillSet(repository, hidden, repository.reference());
    repository.touchSet(hidden);
    repository.os.chmod(directory, 0o2755);
    repository.link(hidden, path);
  }, () => removeTree(repository.os, directory));
}

/** @param replaces a set of the other name may be there */
export function copySet(repository: Repository, from: ByteString, to: ByteString, replaces: boolean): void {
  const { os } = repository;
  const path = repository.set(to);
  if (about("access", path, () => os.find(path)) !== undefined && !replaces) {
    throw new Failure(THERE, `set ${to} already exists in repository ${repository.path}`);
  }
  const source = hiddenTarget(repository, repository.set(from), from);
  const hidden = repository.fresh(`.${to}:`);
  const copy = repository.set(hidden);
  const former = orUndo(() => {
    about("copy", `${source} to ${copy}`, () => copyTree(os, source, copy));
    return repository.relink(hidden, path);
  }, () => removeTree(os, copy));
  if (former !== undefined) unlessRefused(() => removeTree(os, repository.set(former)));
}

/** Removes a set, and what was compiled of it. One that is not there is removed already. */
export function deleteSet(repository: Repository, name: ByteString): void {
  const { os, compiled } = repository;
  const path = repository.set(name);
  if (about("access", path, () => os.find(path)) !== undefined) {
    const directory = hiddenTarget(repository, path, name);
    about("unlink", path, () => os.unlink(path));
    removeTree(os, directory);
  }
  ifThere(() => os.unlink(`${compiled}/${name}`));
  const databases = about("opendir", compiled, () => os.listDirectory(compiled));
  for (const database of databases.filter((one) => isDatabaseOf(one, name))) removeTree(os, `${compiled}/${database}`);
}

/** Its name is that of the set, a stamp and six letters. */
function isDatabaseOf(database: ByteString, set: ByteString): boolean {
  return database.startsWith(`.${set}:`) && /^@[0-9a-f]{24}:[^:/]{6}$/.test(database.slice(set.length + 2));
}

/** Services, and the rx that each has. */
export type Moving = readonly { readonly name: ByteString; readonly rx: Rx }[];

export function moveServices(
  repository: Repository,
  set: ByteString,
  services: Moving,
  rx: Rx,
  progress: Progress,
): void {
  const { os } = repository;
  const pathOf = (name: ByteString, its: Rx): ByteString => `${repository.set(set)}/${RX_NAMES[its]}/${name}`;
  for (const { name, rx: former } of services) {
    const [from, to] = [pathOf(name, former), pathOf(name, rx)];
    if (about("access", to, () => os.find(to)) !== undefined) {
      const where = `of set ${set} in repository ${repository.path}`;
      progress(VERBOSITY.steps, "info", `service ${name} already existed in rxset ${RX_NAMES[rx]} ${where}`);
    }
    about("rename", `${from} to ${to}`, () => os.rename(from, to));
    const change = `from rxset ${RX_NAMES[former]} to rxset ${RX_NAMES[rx]}`;
    const text = `repository ${repository.path}, set ${set}, ${change}: successfully moved service ${name}`;
    progress(VERBOSITY.names, "tracing", text);
  }
  if (services.length > 0) repository.touchSet(set);
}
