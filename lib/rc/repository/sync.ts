// A repository and its stores: which stores it has, what they define now, and what follows for the reference database and for
// the sets.

import type { ByteString } from "../../bytes.ts";
import { about, EXIT, Failure, unlessRefused } from "../../report.ts";
import { stampText } from "../../tai.ts";
import { removeTree } from "../../tree.ts";
import { readStart } from "../definition_file.ts";
import type { Graph } from "../graph.ts";
import { type Progress, VERBOSITY } from "../progress.ts";
import { orUndo, REFERENCE, type Repository, visibleNames } from "./repository.ts";
import { EVERY_RX, firstRx, isInternal, RX_NAMES } from "./rx.ts";

/** Compiles sources into a new database, says what is wrong with them, and returns the exit code of s6-rc-compile. */
export type Compile = (database: ByteString, sources: readonly ByteString[]) => number;

const COMPILER = "s6-rc-compile";
const WRONG_SOURCES = 1;
/** As much of a type is read as the longest one and a newline have. */
const TYPE_SIZE = 8;

/** From now on these are the stores, in this order. @returns the name of the list of the former ones */
export function setStores(repository: Repository, stores: readonly ByteString[]): ByteString | undefined {
  const list = repository.fresh(`${repository.path}/.stores:`);
  repository.makeDirectory(list, true);
  return orUndo(() => {
    for (const [index, store] of stores.entries()) repository.link(store, `${list}/${storeName(index)}`);
    return repository.relink(list.slice(list.lastIndexOf("/") + 1), `${repository.path}/stores`);
  }, () => removeTree(repository.os, list));
}

function storeName(index: number): string {
  return index.toString(16).padStart(4, "0");
}

/** @throws Failure 1 if what the stores define does not fit together; then all is as it was */
export function syncStores(repository: Repository, compile: Compile, progress: Progress): void {
  const { os, sources } = repository;
  const atomics = repository.fresh(`${sources}/..atomics:`);
  const bundles = repository.fresh(`${sources}/..bundles:`);
  repository.makeDirectory(atomics, true);
  repository.makeDirectory(bundles, true);
  orUndo(() => {
    linkServices(repository, { atomics, bundles }, progress);
    compileDatabase(repository, REFERENCE, [atomics, bundles], compile);
  }, () => [atomics, bundles].forEach((directory) => removeTree(os, directory)));
  for (const [name, directory] of [[".atomics", atomics], [".bundles", bundles]] as const) {
    const former = repository.relink(directory.slice(directory.lastIndexOf("/") + 1), `${sources}/${name}`);
    if (former !== undefined) unlessRefused(() => removeTree(os, `${sources}/${former}`));
  }
  const graph = repository.reference();
  for (const set of repository.sets()) followStores(repository, set, graph, progress);
}

/** Fills both directories with links to definitions; those of later stores win. */
function linkServices(
  repository: Repository,
  directories: { readonly atomics: ByteString; readonly bundles: ByteString },
  progress: Progress,
): void {
  const { os, path } = repository;
  for (let index = 0; os.find(`${path}/stores/${storeName(index)}`) !== undefined; index++) {
    const store = `${path}/stores/${storeName(index)}`;
    for (const name of visibleNames(os, store)) {
      const directory = directories[kindOf(repository, `${store}/${name}`)];
      const former = repository.relink(`../../stores/${storeName(index)}/${name}`, `${directory}/${name}`);
      if (former === undefined) continue;
      const other = former.slice("../../stores/".length).slice(0, storeName(index).length);
      const text = `service ${name} provided in store ${other}; overridden by new definition in store ` +
        storeName(index);
      progress(VERBOSITY.warnings, "warning", text);
    }
  }
}

function kindOf({ os }: Repository, definition: ByteString): "atomics" | "bundles" {
  const type = about("check service type of", definition, () => readStart(os, `${definition}/type`, TYPE_SIZE));
  const word = type.endsWith("\n") ? type.slice(0, -1) : type;
  if (word === "longrun" || word === "oneshot") return "atomics";
  if (word === "bundle") return "bundles";
  throw new Failure(EXIT.system, `invalid service type for ${definition}`);
}

/** Compiles, and puts the new database in the place of the old one. @returns the path of that, if there was one */
export function compileDatabase(
  repository: Repository,
  name: ByteString,
  sources: readonly ByteString[],
  compile: Compile,
  keepsOld = false,
): ByteString | undefined {
  const { os, compiled } = repository;
  const database = repository.fresh(`${compiled}/.${name}:${stampText(os.now())}:`);
  const code = compile(database, sources);
  if (code !== 0) {
    throw new Failure(code === WRONG_SOURCES ? 1 : EXIT.system, `${COMPILER} exited with code ${code}`);
  }
  const former = orUndo(
    () => repository.relink(database.slice(database.lastIndexOf("/") + 1), `${compiled}/${name}`),
    () => removeTree(os, database),
  );
  if (former === undefined) return undefined;
  if (!keepsOld) unlessRefused(() => removeTree(os, `${compiled}/${former}`));
  return `${compiled}/${former}`;
}

/** A set loses the services that are gone, and gets those that are new. */
function followStores(repository: Repository, set: ByteString, graph: Graph, progress: Progress): void {
  const { os } = repository;
  const known = new Set<ByteString>();
  for (const rx of EVERY_RX) {
    for (const name of repository.servicesOf(set, rx)) {
      const path = `${repository.set(set)}/${RX_NAMES[rx]}/${name}`;
      if (about("access", path, () => os.find(path)) !== undefined) {
        known.add(name);
        continue;
      }
      unlessRefused(() => os.unlink(path));
      const text = `service ${name} does not exist anymore, removed from rx ${RX_NAMES[rx]} of set ${set}`;
      progress(VERBOSITY.services, "info", text);
    }
  }
  fillSet(repository, set, graph, known);
}

/** Adds the services that a set does not know, by their flags. */
export function fillSet(
  repository: Repository,
  set: ByteString,
  graph: Graph,
  known: ReadonlySet<ByteString> = new Set(),
): void {
  for (const service of graph.services) {
    if (known.has(service.name) || isInternal(service.name)) continue;
    const directory = `${repository.set(set)}/${RX_NAMES[firstRx(service)]}`;
    repository.link(`../../.atomics/${service.name}`, `${directory}/${service.name}`);
  }
}
